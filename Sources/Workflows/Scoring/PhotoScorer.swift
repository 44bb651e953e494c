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

extension PhotoRequest {
  /// Gives the photo's pixels to a model, which knows no files and calls each of them `photo`: its
  /// errors name this one.
  func naming<Output>(_ body: () throws -> Output) throws -> Output {
    do { return try body() } catch let error as InputError where error.subject == "photo" {
      throw InputError(photo, error.problem, remedy: error.remedy, reason: error.reason)
    }
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
  /// The model's name.
  var name: String { get }

  /// The attribute that the model was trained on.
  var attribute: Attribute { get }

  /// How photos are read.
  var decoding: DecodingOptions { get }
  /// The unit of the scores; nil where nobody stated one.
  var unit: ScoreUnit? { get }

  /// Everything that scores depend on but the photos and what was asked of each, for the record of
  /// a run.
  var settings: [String: SettingValue] { get throws }

  /// The SHA-256 of the model's weights, which every score states; nil for a model without a file
  /// of its own.
  var modelSHA256: String? { get throws }

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
