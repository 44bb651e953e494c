public import Domain
public import Files
public import HandcraftedModels
public import Pixels
public import Preparation

/// Scores photos with BRISQUE, NIQE or IL-NIQE: numbers without an interval, in the model's own
/// unit.
///
/// Less is better, but for a BRISQUE that was fitted to scores: it has their unit and direction.
public struct HandcraftedScoring: PhotoScorer {
  private enum Loaded {
    case niqe(NIQEModel)
    case ilniqe(ILNIQEModel)
    case brisque(BRISQUEModel)
  }

  private let kind: HandcraftedModel
  private let model: Loaded
  private let files: [String]
  /// How photos are read.
  public let decoding: DecodingOptions
  /// The unit of the scores.
  public let unit: ScoreUnit?
  /// The SHA-256 of the model's file; nil for a model of two.
  public let modelSHA256: String?

  /// BRISQUE fitted to people's ratings of photos.
  private static let shippedBRISQUE = "Models/photo-brisque/brisque.json"

  /// Loads a model.
  ///
  /// - Parameters:
  ///   - kind: which model.
  ///   - parameters: the model's files; none for NIQE, whose parameters come with the set-up, and
  ///     for the BRISQUE that comes with the program.
  ///   - decoding: how photos are read.
  ///   - installation: where the set-up put NIQE's parameters.
  /// - Throws: `InputError` when files are missing or are something else.
  public init(
    _ kind: HandcraftedModel, parameters: [String], decoding: DecodingOptions = DecodingOptions(),
    installation: @autoclosure () throws -> Installation
  ) throws {
    self.kind = kind
    self.decoding = decoding
    var files = parameters
    var unit = kind.unit
    switch (kind, parameters.count) {
    case (.niqe, 0):
      files = [try installation().model("niqe_pris_params.npz")]
      model = .niqe(try .load(files[0]))
    case (.niqe, 1): model = .niqe(try .load(parameters[0]))
    case (.ilniqe, 1): model = .ilniqe(try .load(parameters[0]))
    case (.brisque, 0), (.brisque, 1):
      if files.isEmpty { files = [try Installation.shipped(Self.shippedBRISQUE)] }
      let fitted = try BRISQUEModel.load(files[0])
      model = .brisque(fitted)
      unit = fitted.unit ?? unit
    case (.brisque, 2):
      model = .brisque(try .importing(model: parameters[0], range: parameters[1]))
    default:
      throw InputError(
        Setting("parameters"),
        "\(parameters.count) files do not make up a model of \(kind.rawValue)",
        remedy:
          "give templateModel.mat for ilniqe; nothing, one JSON file, or allmodel and allrange "
          + "for brisque; nothing or one file for niqe")
    }
    self.files = files
    self.unit = unit
    modelSHA256 = files.count == 1 ? try FileDigest.sha256(files[0]) : nil
  }

  /// The model's name.
  public var name: String { kind.rawValue }

  /// The attribute: these models score photos as a whole.
  public var attribute: Attribute { .overall }

  /// The model's name and the digests of its files.
  public var settings: [String: SettingValue] {
    get throws {
      var settings: [String: SettingValue] = ["model": .text(kind.rawValue)]
      for file in files { settings[file] = .text(try FileDigest.sha256(file)) }
      if let note = decoding.deviation { settings["reading"] = .text(note) }
      return settings
    }
  }

  /// Refuses scenes and maps, which these models don't know.
  public func check(scene: String?, wantsMap: Bool) throws {
    if scene != nil {
      throw InputError(Setting("scene"), "\(kind.rawValue) has no scenes", remedy: "leave it out")
    }
    if wantsMap {
      throw InputError(
        Setting("map"), "\(kind.rawValue) scores photos as a whole", remedy: "use a neural model")
    }
  }

  /// Scores one photo; the whole photo unless a box is given.
  public func score(
    _ request: PhotoRequest, region: RegionChoice, wantsMap: Bool
  ) throws -> (score: PhotoScore, map: MapSource?) {
    let image: RasterImage
    switch region {
    case .automatic, .full:
      image = try RasterImage.decode(
        request.photo, options: decoding)
    case .box(let box):
      image = try RasterImage.decodeArea(
        request.photo, area: box, width: box.width, height: box.height, options: decoding)
    case .face:
      throw InputError(
        Setting("region"), "\(kind.rawValue) scores whole photos",
        remedy: "cut the faces with `vernier prepare` and score the regions")
    }
    let (score, remark) = try request.naming { try self.score(image) }
    let found = PhotoScore(
      photo: request.photo, model: kind.rawValue, attribute: .overall, score: score, unit: unit,
      remark: remark, modelSHA256: modelSHA256)
    return (found, nil)
  }

  /// The score of pixels, and what a reader should know about it.
  private func score(_ image: RasterImage) throws -> (score: Double, remark: String?) {
    let plane = try ColourPlane(
      widthPixels: image.widthPixels, heightPixels: image.heightPixels, samples: image.samples)
    switch model {
    case .niqe(let model): return (try model.score(GreyPlane(plane)), nil)
    case .ilniqe(let model): return (try model.score(plane), nil)
    case .brisque(let model):
      let features = try BRISQUE.features(GreyPlane(plane))
      let outside = model.outsideCount(features: features)
      return (
        try model.score(features: features),
        outside == 0
          ? nil : "\(outside) of \(features.count) features lie outside the training photos' range"
      )
    }
  }
}
