public import Domain

/// What the parts of a split share of one unit.
public struct SplitOverlap: Hashable, Sendable {
  /// The unit.
  public let unit: SplitUnit
  /// The number of different values in each part.
  public let counts: [SplitPart: Int]
  /// The values that are in more than one part, ascending, with those parts.
  public let shared: [String: Set<SplitPart>]
  /// The number of photos whose value is not known.
  public let unknown: Int
}

/// Counts what the parts of a split share: images, devices, scenes, persons.
///
/// Names are compared letter by letter: `Indoor_Scene_1` is not `Indoor_Scene_12`.
///
/// - Parameters:
///   - photos: the photos.
///   - parts: the part of each photo, in their order.
/// - Returns: one overlap per unit that is known for any photo.
public func splitOverlaps(_ photos: [PhotoOrigin], parts: [SplitPart]) -> [SplitOverlap] {
  SplitUnit.allCases.compactMap { unit in
    var places: [String: Set<SplitPart>] = [:]
    var values: [SplitPart: Set<String>] = [:]
    var unknown = 0
    for (photo, part) in zip(photos, parts) {
      let keys = photo.keys(unit)
      if keys.isEmpty { unknown += 1 }
      for key in keys { places[key, default: []].insert(part) }
      // An image goes by its name here, whether its content was read or not.
      if let name = keys.first { values[part, default: []].insert(name) }
    }
    guard !places.isEmpty else { return nil }
    return SplitOverlap(
      unit: unit, counts: values.mapValues(\.count), shared: places.filter { $0.value.count > 1 },
      unknown: unknown)
  }
}

/// Refuses a split that leaks: a unit that must be kept apart is in two parts, or a part is empty.
///
/// - Parameters:
///   - photos: the photos.
///   - parts: the part of each photo, in their order.
///   - apart: what no two parts may share; images never may.
/// - Throws: `InputError` that names the first leaks of every kind.
public func refuseLeaks(
  _ photos: [PhotoOrigin], parts: [SplitPart], apart: Set<SplitUnit>
) throws(InputError) {
  let apart = apart.union([.image])
  try requireKnown(photos, apart)
  for part in [SplitPart.train, .test] where !parts.contains(part) {
    throw InputError(
      "split", "no photo is in the part \(part.rawValue)", remedy: "name the scores that it is for")
  }
  let leaks = splitOverlaps(photos, parts: parts).filter {
    apart.contains($0.unit) && !$0.shared.isEmpty
  }
  guard !leaks.isEmpty else { return }
  let text = leaks.map { leak in
    let names = leak.shared.keys.sorted()
    let shown = names.prefix(3).map { name in
      let parts = leak.shared[name, default: []].map(\.rawValue).sorted()
      return "\(name) (\(parts.joined(separator: ", ")))"
    }
    let more = names.count > 3 ? " and \(names.count - 3) more" : ""
    return "\(names.count) \(leak.unit.rawValue)\(names.count == 1 ? "" : "s") in more than one "
      + "part: \(shown.joined(separator: ", "))\(more)"
  }
  throw InputError(
    "split", "LEAK: \(text.joined(separator: "; "))",
    remedy: "move all of their photos into one part, or draw the split again")
}
