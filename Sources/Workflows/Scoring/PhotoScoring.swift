public import Domain
public import Files
import Foundation
import ModelLibrary
public import NeuralModels
import Pixels
public import Preparation
public import Scoring
import Tensors
import Training

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

    /// Which crops; nil for the grid that the model was evaluated with, else one over the whole region.
    public var sampling: CropSampling?
    /// What to do about regions smaller than a crop; nil for what was done in training, else padding.
    public var smallRegions: SmallRegionPolicy?
    /// The precision.
    public var precision = Precision.float32

    /// Makes the default options.
    public init() {}
  }

  /// The longer side, in pixels, of complete photos that scenes are predicted from.
  private static let completeSide = 672

  /// The model's name in results.
  public let model: String
  /// The attribute that the model was trained on.
  public let attribute: Attribute
  private let folder: ModelFolder
  private let options: Options
  private let unit: String?
  private let halfWidth: Double?
  private let knowledge: ModelKnowledge?
  private let longSidePixels: Int?
  private let scorer: any RegionScorer
  private let wantsCompleteImage: Bool
  private let installation: () throws -> Installation
  private var preparer: PhotoPreparer<RetinaFaceDetector>?

  /// Loads a model.
  ///
  /// - Parameters:
  ///   - path: a run's folder or a model's folder.
  ///   - installation: where the backbone and the face detector lie; asked only when they are
  ///     needed.
  ///   - options: how photos are given to the model.
  /// - Throws: an error that names the folder when it holds no model, or another backbone's.
  public init(
    model path: String, installation: @autoclosure @escaping () throws -> Installation,
    options: Options = Options()
  ) throws {
    let folder = try ModelLibrary.folder(path)
    (self.folder, self.options, self.installation) = (folder, options, installation)
    model = ModelLibrary.name(folder.path == "\(path)/model" ? path : folder.path)
    attribute = folder.metadata["attribute"].map { Attribute($0) } ?? .overall
    unit = folder.metadata["unit"]
    halfWidth = folder.metadata["intervalHalfWidth"].flatMap(Double.init)
    knowledge = try ModelKnowledge.read(folder.path)
    longSidePixels = folder.metadata["longSidePixels"].flatMap { Int($0) }
    if folder.architecture == StageRegressor.architecture {
      scorer = try Self.stageScorer(folder, installation(), options)
      wantsCompleteImage = false
      return
    }
    let precision = options.precision == .bfloat16 ? ElementType.bfloat16 : .float32
    let network = try QualityNetwork.load(folder.path, for: .inference(precision)).model
    let architecture = network.configuration.architecture
    if options.sampling != nil, !architecture.usesCrops {
      throw InputError(
        "--crops", "\(architecture.rawValue) reads the region whole", remedy: "leave it out")
    }
    wantsCompleteImage = architecture.needsCompleteImage
    scorer = NetworkScorer(
      network,
      settings: NetworkScorer.Settings(
        sampling: Self.sampling(options, folder), smallRegions: Self.smallRegions(options, folder)))
  }

  /// The crops that were asked for, else those that the model was evaluated with.
  private static func sampling(_ options: Options, _ folder: ModelFolder) -> CropSampling {
    options.sampling ?? .grid(limit: folder.metadata["gridLimit"].flatMap { Int($0) })
  }

  private static func smallRegions(
    _ options: Options, _ folder: ModelFolder
  ) -> SmallRegionPolicy {
    let own = folder.metadata["smallRegions"].flatMap { SmallRegionPolicy(rawValue: $0) }
    return options.smallRegions ?? own ?? .pad
  }

  private static func stageScorer(
    _ folder: ModelFolder, _ installation: Installation, _ options: Options
  ) throws -> StageScorer {
    let name = StageRegressor.architecture
    if options.sampling != nil {
      throw InputError("--crops", "\(name) reads the region whole", remedy: "leave it out")
    }
    if options.precision != .float32 {
      throw InputError("--precision", "\(name) computes in float32", remedy: "leave it out")
    }
    let loaded = try StageRegressor.load(folder.path)
    let backbone = try installation.model(StageScoringFiles.backbone)
    guard try FileDigest.sha256(backbone) == loaded.model.configuration.backboneDigest else {
      throw InputError(
        folder.path, "the model was trained on another backbone than \(backbone)",
        remedy: "install that one, or train again")
    }
    let features = try StageFeatures(
      backbone: backbone, longSidePixels: loaded.model.configuration.longSidePixels)
    return StageScorer(loaded.model, features: features)
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
      let hasKnowledge = knowledge != nil
      for file in files + (hasKnowledge ? [ModelKnowledge.name] : []) {
        settings[file] = .text(try FileDigest.sha256("\(folder.path)/\(file)"))
      }
      return settings
    }
  }

  /// Refuses scenes that the model can't do anything with.
  public func check(scene: String?, wantsPatches: Bool) throws { try scorer.check(scene: scene) }

  /// Scores one photo.
  public func assess(
    _ request: PhotoRequest, region: RegionChoice, wantsPatches: Bool
  ) throws -> PhotoAssessment {
    var input = ScoringInput(
      region: try image(request.photo, region: region), scene: request.scene)
    if let longSidePixels {
      input.region = resized(input.region, longSidePixels: longSidePixels)
    }
    if wantsCompleteImage {
      input.completeImage = try RasterImage.decodeShrunk(
        request.photo, longSide: Self.completeSide
      ).image
    }
    let result = try scorer.score(input, wantsPatches: wantsPatches)
    let interval = knowledge?.calibration?.interval(score: result.score)
    let finding = knowledge?.novelty?.assess(result.features)
    let record = ScoreRecord(
      photo: request.photo, model: model, attribute: attribute, score: result.score,
      low: interval?.low ?? halfWidth.map { result.score - $0 },
      high: interval?.high ?? halfWidth.map { result.score + $0 },
      unit: unit, scene: result.scene, crops: result.cropCount, spread: result.spread,
      novelty: finding?.distance, isOutside: finding?.isOutside, remark: result.remark)
    return PhotoAssessment(
      record: record, region: input.region, patches: result.patches,
      patchMeaning: result.patchMeaning)
  }

  /// Scores one photo; the same photo always gets the same score.
  ///
  /// - Parameters:
  ///   - photo: the photo's path.
  ///   - region: what to look at; automatic means the attribute's rule.
  /// - Returns: the score with its 95 % interval.
  /// - Throws: an error that names the photo when it can't be read or shows no face.
  public func score(_ photo: String, region: RegionChoice) throws -> QualityScore {
    try assess(PhotoRequest(photo: photo), region: region, wantsPatches: false).record.quality
  }

  private func image(_ photo: String, region: RegionChoice) throws -> RasterImage {
    if case .full = region { return try RasterImage.decode(photo) }
    if let preparer {
      return try preparer.region(of: photo, attribute: attribute, region: region).image
    }
    let made = try PhotoPreparer(
      detector: RetinaFaceDetector(modelPath: installation().model(StageScoringFiles.detector)))
    preparer = made
    return try made.region(of: photo, attribute: attribute, region: region).image
  }
}
