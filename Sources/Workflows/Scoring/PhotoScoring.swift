public import Domain
public import Files
import Foundation
import ModelLibrary
public import NeuralModels
public import Pixels
public import Preparation
import Scoring
public import Tensors

/// Scores photos with a trained or imported network, one after the other.
public final class PhotoScoring: PhotoScorer {
  /// How photos are given to a model.
  public struct Options: Hashable, Sendable {
    /// The precision that networks compute in.
    public enum Precision: String, Hashable, Sendable, CaseIterable {
      /// Single precision.
      case float32
      /// Half the bits: faster where the processor has it, and a little less exact.
      case bfloat16
    }

    /// Which crops; nil for the grid that the model was evaluated with, else one over the whole
    /// region.
    public var sampling: CropSampling?
    /// What to do about regions smaller than a crop; nil for what was done in training, else
    /// padding.
    public var smallRegions: SmallRegionPolicy?
    /// The precision.
    public var precision = Precision.float32

    /// Where networks compute.
    public var device = Device.cpu

    /// Makes the default options.
    public init() {}
  }

  /// The model's name in results.
  public let model: String
  /// The attribute that the model was trained on.
  public let attribute: Attribute
  /// The unit of its scores; nil where nobody stated one.
  public var unit: ScoreUnit? { folder.description.unit }
  private let folder: ModelFolder
  private let options: Options
  /// How photos are read.
  public let decoding: DecodingOptions
  private let knowledge: CalibrationAndNovelty?
  private let scorer: any RegionScorer
  private let wantsCompleteImage: Bool
  private let preparer: PhotoPreparer<LateFaceDetector<RetinaFaceDetector>>
  private var knownDigest: String?

  /// Loads a model.
  ///
  /// - Parameters:
  ///   - path: a run's folder or a model's folder.
  ///   - installation: where the backbone and the face detector lie; asked only when they are
  ///     needed.
  ///   - options: how photos are given to the model.
  ///   - decoding: how photos are read.
  /// - Throws: an error that names the folder when it holds no model, or another backbone's.
  public init(
    model path: String, installation: @autoclosure @escaping () throws -> Installation,
    options: Options = Options(), decoding: DecodingOptions = DecodingOptions()
  ) throws {
    self.decoding = decoding
    let folder = try ModelLibrary.folder(path)
    (self.folder, self.options) = (folder, options)
    preparer = try PhotoPreparer(
      detector: LateFaceDetector {
        try RetinaFaceDetector(modelPath: installation().model(ScoringFiles.detector))
      },
      settings: PreparationSettings(decoding: decoding))
    model = ModelLibrary.name(folder.path == "\(path)/model" ? path : folder.path)
    attribute = folder.description.attribute
    knowledge = try CalibrationAndNovelty.read(folder.path)
    if folder.architecture == MultiDepthRegressor.architecture {
      scorer = try Self.stageScorer(folder, installation(), options)
      wantsCompleteImage = false
      return
    }
    let precision = options.precision == .bfloat16 ? ElementType.bfloat16 : .float32
    let network = try QualityNetwork.load(
      folder.path, for: .inference(precision, on: options.device))
    let architecture = network.configuration.architecture
    if options.sampling != nil, !architecture.usesCrops {
      throw InputError(
        Setting("crops"), "\(architecture.rawValue) reads the region whole", remedy: "leave it out")
    }
    wantsCompleteImage = architecture.needsCompleteImage
    scorer = NetworkScorer(
      network,
      settings: NetworkScorer.Settings(
        sampling: Self.sampling(options, folder), smallRegions: Self.smallRegions(options, folder)))
  }

  /// The crops that were asked for, else those that the model was evaluated with.
  private static func sampling(_ options: Options, _ folder: ModelFolder) -> CropSampling {
    options.sampling ?? .grid(limit: folder.description.sampling.gridLimit)
  }

  private static func smallRegions(
    _ options: Options, _ folder: ModelFolder
  ) -> SmallRegionPolicy {
    options.smallRegions ?? folder.description.sampling.smallRegions ?? .pad
  }

  private static func stageScorer(
    _ folder: ModelFolder, _ installation: Installation, _ options: Options
  ) throws -> MultiDepthScorer {
    let name = MultiDepthRegressor.architecture
    if options.sampling != nil {
      throw InputError(Setting("crops"), "\(name) reads the region whole", remedy: "leave it out")
    }
    if options.precision != .float32 {
      throw InputError(Setting("precision"), "\(name) computes in float32", remedy: "leave it out")
    }
    if options.device != .cpu {
      throw InputError(Setting("device"), "\(name) computes on the CPU", remedy: "leave it out")
    }
    let regressor = try MultiDepthRegressor.load(folder.path)
    let backbone = try installation.model(ScoringFiles.backbone)
    guard try FileDigest.sha256(backbone) == regressor.configuration.backboneDigest else {
      throw InputError(
        folder.path, "the model was trained on another backbone than \(backbone)",
        remedy: "install that one, or train again")
    }
    let features = try MultiDepthFeatures(
      backbone: backbone, longSidePixels: regressor.configuration.longSidePixels)
    return MultiDepthScorer(regressor, features: features)
  }

  /// The model's digest and the options that its scores depend on.
  public var settings: [String: SettingValue] {
    get throws {
      let files = [ModelFolder.descriptionName, ModelFolder.weightsName]
      var settings: [String: SettingValue] = [
        "model": .text(model), "architecture": .text(folder.architecture),
        "crops": .text(Self.sampling(options, folder).summary),
        "small": .text(Self.smallRegions(options, folder).rawValue),
        "precision": .text(options.precision.rawValue),
      ]
      if options.device != .cpu { settings["device"] = .text(options.device.description) }
      if let note = decoding.deviation { settings["reading"] = .text(note) }
      let hasKnowledge = knowledge != nil
      for file in files + (hasKnowledge ? [CalibrationAndNovelty.name] : []) {
        settings[file] = .text(try FileDigest.sha256("\(folder.path)/\(file)"))
      }
      return settings
    }
  }

  /// The size of weights up to which a model is held once for each processor.
  private static let smallBytes = 64 << 20

  /// Whether the weights are small; a large network spreads over all processors.
  public var isSmall: Bool {
    let weights = "\(folder.path)/\(ModelFolder.weightsName)"
    let size = (try? FileManager.default.attributesOfItem(atPath: weights))?[.size] as? Int
    return size.map { $0 <= Self.smallBytes } ?? false
  }

  /// Sets how many threads libtorch's operations on this thread use.
  public func limitThreads(processors: Int) throws {
    try Runtime.setThreads(isSmall ? 1 : processors)
  }

  /// Refuses scenes that the model can't do anything with.
  public func check(scene: String?, wantsMap: Bool) throws { try scorer.check(scene: scene) }

  /// Scores one photo.
  public func score(
    _ request: PhotoRequest, region: RegionChoice, wantsMap: Bool
  ) throws -> (score: PhotoScore, map: MapSource?) {
    let (image, place) = try image(request.photo, region: region)
    var input = ScoringInput(region: image, scene: request.scene)
    if wantsCompleteImage {
      input.completeImage = try RasterImage.decodeShrunk(
        request.photo, longSide: QualityNetwork.completeImageSide, options: decoding
      ).image
    }
    let found = try request.naming { try scorer.score(input, wantsPatches: wantsMap) }
    var score = found.photoScore(
      request.photo, model: model, attribute: attribute, unit: folder.description.unit)
    score.modelSHA256 = try modelSHA256
    let interval = interval(of: score.score)
    (score.low, score.high) = (interval?.low, interval?.high)
    let finding = knowledge?.novelty?.assess(found.evaluation.features)
    (score.novelty, score.isOutside) = (finding?.distance, finding?.isOutside)
    let parts = wantsMap ? found.parts : nil
    return (score, parts.map { MapSource(region: input.region, parts: $0, place: place) })
  }

  /// The model's name.
  public var name: String { model }

  /// The SHA-256 of the weights.
  public var modelSHA256: String? {
    get throws {
      if let knownDigest { return knownDigest }
      let digest = try FileDigest.sha256("\(folder.path)/\(ModelFolder.weightsName)")
      knownDigest = digest
      return digest
    }
  }

  /// The calibrated interval of a score, else the one that the model's description states.
  private func interval(of score: Double) -> ConfidenceInterval? {
    knowledge?.calibration?.interval(score: score)
      ?? folder.description.intervalHalfWidth.map {
        ConfidenceInterval(low: score - $0, high: score + $0)
      }
  }

  /// Scores one photo; the same photo always gets the same score.
  ///
  /// - Parameters:
  ///   - photo: the photo's path.
  ///   - region: what to look at; automatic means the attribute's rule.
  /// - Returns: the score with its 95 % interval.
  /// - Throws: an error that names the photo when it can't be read or shows no face.
  public func score(_ photo: String, region: RegionChoice) throws -> PhotoScore {
    try score(PhotoRequest(photo: photo), region: region, wantsMap: false).score
  }

  /// Whether the model looks at whole photos and brings them to a size of its own: first enlarging
  /// them to the size of the attribute's regions would only blur them.
  private var takesPhotosAsTheyAre: Bool {
    let rule = RegionRule.standard.first { $0.attribute == attribute }
    return rule?.isCutAroundFace == false
      && folder.description.sampling.longSidePixels != nil
  }

  /// The region in the size that the model reads it in, and where it lies.
  private func image(
    _ photo: String, region: RegionChoice
  ) throws -> (RasterImage, RegionPlace) {
    let side = folder.description.sampling.longSidePixels
    if region == .full || region == .automatic && takesPhotosAsTheyAre {
      guard let side else {
        let image = try RasterImage.decode(photo, options: decoding)
        return (image, RegionPlace(wholeWidth: image.widthPixels, height: image.heightPixels))
      }
      let found = try RasterImage.decodeResized(
        photo, to: QualityNetwork.targetSize(longSidePixels: side), options: decoding)
      return (
        found.image,
        RegionPlace(wholeWidth: found.header.widthPixels, height: found.header.heightPixels)
      )
    }
    let found = try preparer.region(of: photo, attribute: attribute, region: region)
    return (
      side.map { found.image.resized(longSidePixels: $0) } ?? found.image,
      RegionPlace(
        photoWidthPixels: found.photo.width, photoHeightPixels: found.photo.height,
        crop: found.geometry.crop, face: found.faces.first)
    )
  }

  /// The main face of a photo.
  public func face(of photo: String) throws -> FaceBox? { try preparer.mainFace(of: photo) }
}
