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
  /// Where the region lies in the photo.
  public let place: RegionPlace

  /// Collects what a map is drawn from.
  public init(region: RasterImage, parts: PatchScores, place: RegionPlace) {
    (self.region, self.parts, self.place) = (region, parts, place)
  }

  /// The parts in pixels of the upright photo, which regions are scaled from.
  public var partsInPhoto: [PatchScore] {
    let crop = place.crop
    func along(_ value: Int, _ length: Int, _ pixels: Int) -> Int {
      Int((Double(value) * Double(length) / Double(pixels)).rounded())
    }
    return parts.patches.map { part in
      let area = part.area
      let left = along(area.x, crop.width, region.widthPixels)
      let top = along(area.y, crop.height, region.heightPixels)
      return PatchScore(
        area: PixelRectangle(
          x: crop.x + left, y: crop.y + top,
          width: along(area.x + area.width, crop.width, region.widthPixels) - left,
          height: along(area.y + area.height, crop.height, region.heightPixels) - top),
        score: part.score)
    }
  }
}

/// Where a scored region lies in its photo.
public struct RegionPlace: Hashable, Sendable {
  /// The upright photo's width.
  public let photoWidthPixels: Int
  /// The upright photo's height.
  public let photoHeightPixels: Int
  /// The region in pixels of the upright photo; it may reach over the border.
  public let crop: PixelRectangle
  /// The face that it was cut around; nil where none was looked for.
  public let face: FaceBox?

  /// Places a region.
  public init(
    photoWidthPixels: Int, photoHeightPixels: Int, crop: PixelRectangle, face: FaceBox? = nil
  ) {
    (self.photoWidthPixels, self.photoHeightPixels) = (photoWidthPixels, photoHeightPixels)
    (self.crop, self.face) = (crop, face)
  }

  /// A region that is the whole photo.
  init(wholeWidth width: Int, height: Int) {
    self.init(
      photoWidthPixels: width, photoHeightPixels: height,
      crop: PixelRectangle(x: 0, y: 0, width: width, height: height))
  }
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

  /// Whether photos are scored side by side, each by a copy of the model that uses one processor,
  /// instead of one after the other on all of them.
  var isSmall: Bool { get }

  /// Keeps the calling thread's operations to the processors that a photo may use: one if the model
  /// is small, else the given number.
  ///
  /// - Throws: an error if the number can't be set.
  func limitThreads(processors: Int) throws

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

  /// Looks for the main face of a photo, whether the model needs one or not.
  ///
  /// - Parameter photo: the photo's path.
  /// - Returns: the face in pixels of the upright photo; nil where there is none, and where nothing
  ///   can look for one.
  /// - Throws: an error when the photo can't be read.
  func face(of photo: String) throws -> FaceBox?
}

extension PhotoScorer {
  /// A photo keeps all processors busy.
  public var isSmall: Bool { false }

  /// Nothing to limit.
  public func limitThreads(processors: Int) throws {}

  /// No face: nothing can look for one.
  public func face(of photo: String) throws -> FaceBox? { nil }
}
