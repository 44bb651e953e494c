internal import Domain
public import NeuralModels
internal import Pixels
internal import Tensors

/// Scores regions with a quality network of any architecture.
///
/// `QualityNetwork.evaluate(_:scene:)` does the work, as in the validation of a training.
public final class NetworkScorer: RegionScorer {
  /// How regions are cut.
  public struct Settings: Hashable, Sendable {
    /// Which crops.
    public var sampling: CropSampling
    /// What to do about regions smaller than a crop.
    public var smallRegions: SmallRegionPolicy

    /// Makes settings.
    public init(
      sampling: CropSampling = .grid(limit: nil), smallRegions: SmallRegionPolicy = .pad
    ) {
      self.sampling = sampling
      self.smallRegions = smallRegions
    }
  }

  private let network: QualityNetwork
  private let settings: Settings
  private var configuration: QualityNetwork.Configuration { network.configuration }

  /// Takes a network that was loaded for inference.
  public init(_ network: QualityNetwork, settings: Settings = Settings()) {
    self.network = network
    self.settings = settings
  }

  /// Refuses scenes that the model can't do anything with.
  public func check(scene: String?) throws { _ = try number(of: scene) }

  /// Scores one region.
  public func score(_ input: ScoringInput, wantsPatches: Bool) throws -> ScoredRegion {
    let scene = try number(of: input.scene)
    return configuration.architecture.usesCrops
      ? try crops(input, scene: scene) : try whole(input.region, wantsPatches: wantsPatches)
  }

  // MARK: Scenes

  /// The number of a given scene; nil when none is given and none is needed.
  private func number(of scene: String?) throws(InputError) -> Int? {
    let architecture = configuration.architecture
    let names = configuration.scenes
    let known =
      names.prefix(12).joined(separator: ", ") + (names.count > 12 ? ", … (\(names.count))" : "")
    guard let scene else {
      guard architecture.needsScene else { return nil }
      throw InputError(
        Setting("scene"), "\(architecture.rawValue) needs the scene of each photo",
        remedy: "give one of \(known)")
    }
    guard architecture.takesScene else {
      throw InputError(
        Setting("scene"), "the scores of \(architecture.rawValue) don't depend on the scene",
        remedy: "leave it out")
    }
    guard let number = names.firstIndex(of: scene) else {
      throw InputError(
        Setting("scene"), "the model was not trained on «\(scene)»",
        remedy: "give one of \(known)"
          + (architecture.needsScene ? "" : ", or leave it out and the model predicts it"))
    }
    return number
  }

  private func finding(given: Int?, probabilities: [Double]) -> SceneFinding? {
    if let given { return SceneFinding(name: configuration.scenes[given], source: .given) }
    guard let best = probabilities.indices.max(by: { probabilities[$0] < probabilities[$1] }),
      configuration.scenes.indices.contains(best)
    else { return nil }
    return SceneFinding(
      name: configuration.scenes[best], source: .predicted, probability: probabilities[best])
  }

  // MARK: Crops

  private func crops(_ input: ScoringInput, scene: Int?) throws -> ScoredRegion {
    let side = configuration.cropSide
    let fitted = try FittedRegion(input.region, side: side, policy: settings.smallRegions)
    let areas = configuration.areas(
      settings.sampling, width: fitted.image.widthPixels, height: fitted.image.heightPixels)
    let evaluation = try evaluate(
      fitted.image, areas, completeImage: input.completeImage, scene: scene)
    var patches: [PatchScore] = []
    for (area, score) in zip(areas, evaluation.cropScores) {
      guard let place = fitted.area(area, of: input.region) else { continue }
      patches.append(PatchScore(area: place, score: score))
    }
    return ScoredRegion(
      evaluation, scene: finding(given: scene, probabilities: evaluation.sceneProbabilities),
      cropCount: areas.count,
      parts: PatchScores(
        patches,
        meaning: "\(areas.count) crops of \(side) × \(side) pixels "
          + "(\(settings.sampling.summary))"),
      remark: fitted.remark)
  }

  private func evaluate(
    _ image: RasterImage, _ areas: [PixelRectangle], completeImage: RasterImage? = nil,
    scene: Int? = nil
  ) throws -> RegionEvaluation {
    let complete = try completeImage.map { image in
      try Tensor(image.samples, shape: [1, image.heightPixels, image.widthPixels, 3])
    }
    let (width, height) = (areas[0].width, areas[0].height)
    let crops = RegionCrops(
      count: areas.count, pixelsPerCrop: width * height, completeImage: complete
    ) { group in
      var samples: [UInt8] = []
      samples.reserveCapacity(3 * width * height * group.count)
      for area in areas[group] { samples += image.cropped(to: area)?.samples ?? [] }
      return try Tensor(samples, shape: [1, group.count, height, width, 3])
    }
    let evaluation = try network.evaluate(crops, scene: scene)
    guard evaluation.score.isFinite else {
      throw InputError(
        "photo", "the model gave no finite score", remedy: "check the model's weights")
    }
    return evaluation
  }

  // MARK: The whole region

  private func whole(_ region: RasterImage, wantsPatches: Bool) throws -> ScoredRegion {
    let shortest = min(region.widthPixels, region.heightPixels)
    let smallest = QualityNetwork.smallestSide
    guard shortest >= smallest else {
      throw InputError(
        "photo", "its region is only \(shortest) pixels wide or high",
        remedy: "give at least \(smallest) pixels")
    }
    func evaluation(of image: RasterImage) throws -> RegionEvaluation {
      let (width, height) = (image.widthPixels, image.heightPixels)
      return try evaluate(
        image, configuration.areas(settings.sampling, width: width, height: height))
    }
    let all = try evaluation(of: region)
    guard wantsPatches else { return ScoredRegion(all) }
    var patches: [PatchScore] = []
    let side = max(smallest, shortest / 4)
    for area in CropLayout.grid(
      width: region.widthPixels, height: region.heightPixels, side: side, limit: nil)
    {
      guard let window = region.cropped(to: area) else { continue }
      patches.append(PatchScore(area: area, score: try evaluation(of: window).score))
    }
    return ScoredRegion(
      all,
      parts: PatchScores(
        patches,
        meaning: "\(patches.count) windows of \(side) × \(side) pixels, each scored alone; "
          + "the score is that of the whole region"))
  }
}
