extension ScoreUnit: CustomStringConvertible, Codable {
  private static let lowerSuffix = " (less is better)"
  private static let jodName = "JOD"
  private static let piq23Name = "PIQ23 units (z-scored)"
  private static let mosName = "MOS"
  private static let simulatedName = "simulated observers"
  /// What follows the scale where the origin isn't the usual one.
  private static let originSuffixes: [Origin: String] = [
    .people: ", judged by people", .simulated: ", \(simulatedName)", .none: ", judged by nobody",
  ]

  /// The unit as one line, for tables, axes and files; ``init(text:)`` reads it back.
  public var text: String {
    let plain = written(quoted: false)
    // Names that look like the rest of a unit are quoted.
    return Self(text: plain) == self ? plain : written(quoted: true)
  }

  /// The unit as one line.
  public var description: String { text }

  private func written(quoted: Bool) -> String {
    func name(_ text: String) -> String { quoted ? "«\(text)»" : text }
    func of(_ reference: Reference) -> String {
      switch reference {
      case .scene(let scene): " of \(name(scene.text))"
      case .eachScene: " of each scene"
      case .crossScenes: " of the cross-scene set"
      case .unstated: ""
      }
    }
    var line =
      switch scale {
      case .jod(let reference): Self.jodName + of(reference)
      case .piq23(let reference): Self.piq23Name + of(reference)
      case .mos(let dataSet): Self.mosName + (dataSet.map { " of \(name($0))" } ?? "")
      case .own(let own): name(own)
      }
    if origin != scale.usualOrigin {
      line +=
        origin == .simulated && reference == .unstated
        ? " of \(Self.simulatedName)" : Self.originSuffixes[origin] ?? ""
    }
    return direction == .lowerIsBetter ? line + Self.lowerSuffix : line
  }

  /// Reads a unit as ``text`` writes it; any other text is the name of a unit of its own.
  ///
  /// Version 0.1.0 wrote `jod` and `piq23` beside score files.
  public init(text: String) {
    var rest = text[...]
    func taking(_ suffix: String) -> Bool {
      guard let head = rest.without(suffix: suffix), !head.isEmpty else { return false }
      rest = head
      return true
    }
    let direction: Direction = taking(Self.lowerSuffix) ? .lowerIsBetter : .higherIsBetter
    let origin = Origin.allCases.first { taking(Self.originSuffixes[$0] ?? "") }
    for (name, make) in Self.judged {
      guard let (reference, own) = Self.reference(rest, after: name) else { continue }
      self.init(make(reference), direction: direction, origin: own ?? origin)
      return
    }
    if let (reference, own) = Self.reference(rest, after: Self.mosName) {
      let dataSet: String? = if case .scene(let name) = reference { name.text } else { nil }
      self.init(.mos(dataSet: dataSet), direction: direction, origin: own ?? origin)
      return
    }
    self.init(.own(Self.unquoted(rest)), direction: direction, origin: origin)
  }

  private static let judged: [(name: String, make: @Sendable (Reference) -> Scale)] = [
    (jodName, { .jod($0) }), (piq23Name, { .piq23($0) }), ("jod", { .jod($0) }),
    ("piq23", { .piq23($0) }),
  ]

  /// What stands behind a scale's name; nil where the text is not such a scale.
  private static func reference(
    _ text: Substring, after name: String
  ) -> (Reference, Origin?)? {
    guard let rest = text.without(prefix: name) else { return nil }
    if rest.isEmpty { return (.unstated, nil) }
    guard let place = rest.without(prefix: " of "), !place.isEmpty else { return nil }
    switch place {
    case "each scene": return (.eachScene, nil)
    case "the cross-scene set": return (.crossScenes, nil)
    case simulatedName[...]: return (.unstated, .simulated)
    default: return (.scene(SceneID(unquoted(place))), nil)
    }
  }

  private static func unquoted(_ text: Substring) -> String {
    String(text.without(prefix: "«")?.without(suffix: "»") ?? text)
  }

  /// Reads a unit as its text.
  public init(from decoder: any Decoder) throws {
    self.init(text: try decoder.singleValueContainer().decode(String.self))
  }

  /// Writes a unit as its text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
}

extension Substring {
  /// What follows a prefix; compared by bytes, so that a combining mark behind it changes nothing.
  fileprivate func without(prefix: String) -> Substring? {
    guard utf8.starts(with: prefix.utf8) else { return nil }
    return self[utf8.index(startIndex, offsetBy: prefix.utf8.count)...]
  }

  /// What comes before a suffix.
  fileprivate func without(suffix: String) -> Substring? {
    guard utf8.count >= suffix.utf8.count, utf8.suffix(suffix.utf8.count).elementsEqual(suffix.utf8)
    else { return nil }
    return self[..<utf8.index(endIndex, offsetBy: -suffix.utf8.count)]
  }
}
