public import Domain
public import Files
public import Pixels
public import Preparation
public import Scoring

/// One photo to be scored.
public struct PhotoRequest: Hashable, Sendable {
  /// The photo's path.
  public var photo: String
  /// The scene that it shows, if it is given.
  public var scene: String?

  /// Makes a request.
  public init(photo: String, scene: String? = nil) {
    self.photo = photo
    self.scene = scene
  }
}

/// What a map of a photo's quality is drawn from.
public struct MapSource: Sendable {
  /// The region that was scored.
  public let region: RasterImage
  /// The scores of its parts.
  public let parts: PatchScores
}

/// Something that scores photos; it may hold networks, so it belongs to one thread.
public protocol PhotoScorer {
  /// The attribute that the model was trained on.
  var attribute: Attribute { get }

  /// How photos are read.
  var decoding: DecodingOptions { get }

  /// Everything that scores depend on but the photos and what was asked of each, for the record of
  /// a run.
  var settings: [String: SettingValue] { get throws }

  /// Refuses what the model can't do, before photos are read.
  ///
  /// - Throws: `InputError` that names the option.
  func check(scene: String?, wantsMap: Bool) throws

  /// Scores one photo.
  ///
  /// - Parameters:
  ///   - request: the photo.
  ///   - region: what to look at; automatic means the attribute's rule.
  ///   - wantsMap: whether what a map is drawn from is wanted too.
  /// - Returns: the score, the same for the same photo, and what a map is drawn from if it was
  ///   wanted.
  /// - Throws: an error when the photo can't be read or scored.
  func score(
    _ request: PhotoRequest, region: RegionChoice, wantsMap: Bool
  ) throws -> (score: PhotoScore, map: MapSource?)
}
