public import Domain

/// What a model is, beside its weights and its architecture's configuration.
///
/// `model.json` holds it as texts by name, under `metadata`.
public struct ModelDescription: Hashable, Sendable {
  /// How the model was shown its validation photos, and shall be shown new ones.
  public struct Sampling: Hashable, Sendable {
    /// The largest number of crops in the grid over a region; nil for as many as cover it.
    public var gridLimit: Int?
    /// What is done about regions smaller than a crop; nil where nobody said.
    public var smallRegions: SmallRegionPolicy?
    /// The longer side that regions are brought to first, in pixels; nil leaves them as they are.
    public var longSidePixels: Int?

    /// Describes how regions are shown.
    public init(
      gridLimit: Int? = nil, smallRegions: SmallRegionPolicy? = nil, longSidePixels: Int? = nil
    ) {
      self.gridLimit = gridLimit
      self.smallRegions = smallRegions
      self.longSidePixels = longSidePixels
    }
  }

  /// Where the weights come from.
  public struct Origin: Hashable, Sendable {
    /// The version of the program that wrote the model.
    public var version: String?
    /// Where weights of others come from.
    public var source: String?
    /// Their licence.
    public var licence: String?
    /// The name of the file that they were imported from.
    public var importedFrom: String?
    /// The SHA-256 of that file.
    public var importedSHA256: String?

    /// Describes where weights come from.
    public init(
      version: String? = nil, source: String? = nil, licence: String? = nil,
      importedFrom: String? = nil, importedSHA256: String? = nil
    ) {
      self.version = version
      self.source = source
      self.licence = licence
      self.importedFrom = importedFrom
      self.importedSHA256 = importedSHA256
    }
  }

  /// The architecture's name.
  public var architecture: String
  /// What the model was trained on, which decides the region of a photo.
  public var attribute: Attribute
  /// The unit of its scores; nil where nobody stated one.
  public var unit: ScoreUnit?
  /// How it is shown photos.
  public var sampling: Sampling
  /// Half the width of a score's 95 % interval, in that unit; where the model's folder holds a
  /// calibration, that one counts.
  public var intervalHalfWidth: Double?
  /// Where its weights come from.
  public var origin: Origin
  /// What else was written down, by name.
  public var notes: [String: String]

  /// Describes a model.
  public init(
    architecture: String, attribute: Attribute, unit: ScoreUnit? = nil,
    sampling: Sampling = Sampling(), intervalHalfWidth: Double? = nil, origin: Origin = Origin(),
    notes: [String: String] = [:]
  ) {
    self.architecture = architecture
    self.attribute = attribute
    self.unit = unit
    self.sampling = sampling
    self.intervalHalfWidth = intervalHalfWidth
    self.origin = origin
    self.notes = notes
  }
}

extension ModelDescription {
  private enum Name: String {
    case attribute, unit, intervalHalfWidth, gridLimit, smallRegions, longSidePixels
    case version, source, licence, importedFrom, importedSHA256
  }

  /// Everything but the architecture as texts by name, as files hold it and people read it.
  public var facts: [String: String] {
    let named: [Name: String?] = [
      .attribute: attribute.text, .unit: unit?.text,
      .intervalHalfWidth: intervalHalfWidth.map { "\($0)" },
      .gridLimit: sampling.gridLimit.map { "\($0)" },
      .smallRegions: sampling.smallRegions?.rawValue,
      .longSidePixels: sampling.longSidePixels.map { "\($0)" },
      .version: origin.version, .source: origin.source, .licence: origin.licence,
      .importedFrom: origin.importedFrom, .importedSHA256: origin.importedSHA256,
    ]
    var facts = notes
    for (name, value) in named { if let value { facts[name.rawValue] = value } }
    return facts
  }

  /// Reads what ``facts`` gave; a number or a policy that can't be read counts as not stated.
  init(architecture: String, facts: [String: String]) {
    var rest = facts
    func take(_ name: Name) -> String? { rest.removeValue(forKey: name.rawValue) }
    self.init(
      architecture: architecture, attribute: take(.attribute).map { Attribute($0) } ?? .overall,
      unit: take(.unit).map { ScoreUnit(text: $0) },
      sampling: Sampling(
        gridLimit: take(.gridLimit).flatMap { Int($0) },
        smallRegions: take(.smallRegions).flatMap { SmallRegionPolicy(rawValue: $0) },
        longSidePixels: take(.longSidePixels).flatMap { Int($0) }),
      intervalHalfWidth: take(.intervalHalfWidth).flatMap { Double($0) },
      origin: Origin(
        version: take(.version), source: take(.source), licence: take(.licence),
        importedFrom: take(.importedFrom), importedSHA256: take(.importedSHA256)))
    notes = rest
  }
}
