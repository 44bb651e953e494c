internal import Domain
public import NeuralModels
internal import Pixels
internal import Statistics
internal import Tensors

/// Scores regions with a quality network of any architecture.
///
/// Networks over crops see them in small groups, so memory doesn't grow with the region. The SEM family and FULL-HyperIQA
/// read a fixed number of crops together: a grid then has exactly that many, and random crops come in groups of it.
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

  /// The approximate number of pixels that a network evaluates at once.
  private static let pixelsAtOnce = 8 * 224 * 224

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
  public func score(_ input: ScoringInput, wantsPatches: Bool) throws -> RegionScore {
    let scene = try number(of: input.scene)
    return try withoutGradient {
      guard configuration.architecture.usesCrops else {
        return try whole(input.region, wantsPatches: wantsPatches)
      }
      return try crops(input, scene: scene)
    }
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
        "--scene", "\(architecture.rawValue) needs the scene of each photo",
        remedy: "give one of \(known)")
    }
    guard architecture.usesScenes, architecture != .semHyperIQAClassificationOnly else {
      throw InputError(
        "--scene", "the scores of \(architecture.rawValue) don't depend on the scene",
        remedy: "leave it out")
    }
    guard let number = names.firstIndex(of: scene) else {
      throw InputError(
        "--scene", "the model was not trained on «\(scene)»",
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

  private func crops(_ input: ScoringInput, scene: Int?) throws -> RegionScore {
    let side = configuration.cropSide
    let fitted = try FittedRegion(input.region, side: side, policy: settings.smallRegions)
    let together = isTogether ? configuration.cropsPerImage : 1
    let areas = layout(fitted.image, together: together)
    let complete = try input.completeImage.map { image in
      try Tensor(image.samples, shape: [1, image.heightPixels, image.widthPixels, 3])
    }
    let atOnce = together > 1 ? together : max(1, Self.pixelsAtOnce / (side * side))
    var (scores, single): ([Double], [Double]) = ([], [])
    var patches: [PatchScore] = []
    var probabilities: [Double] = []
    var features: [Float] = []
    for first in stride(from: 0, to: areas.count, by: atOnce) {
      let group = Array(areas[first..<min(areas.count, first + atOnce)])
      let pixels = try Tensor(
        Self.samples(fitted.image, group), shape: [1, group.count, side, side, 3])
      let known = scene.map { [$0] }
      let prediction = try network(
        QualityNetwork.Input(
          crops: pixels, completeImages: complete,
          scenes: configuration.architecture.needsScene ? known : nil,
          knownScenes: configuration.architecture.needsScene ? nil : known))
      let own = try prediction.cropScores?.doubles() ?? []
      let score = try prediction.scores.item()
      // A group's mean counts as often as it has crops.
      scores += own.count == group.count && !isTogether ? own : group.map { _ in score }
      single += own
      for (area, score) in zip(group, own) {
        guard let place = fitted.area(area, of: input.region) else { continue }
        patches.append(PatchScore(area: place, score: score))
      }
      let weight = Double(group.count) / Double(areas.count)
      if let seen = try prediction.features?.floats() {
        if features.isEmpty { features = seen.map { _ in 0 } }
        features = zip(features, seen).map { $0 + Float(weight) * $1 }
      }
      if let logits = prediction.sceneLogits {
        let part = try logits.softmax(1).doubles()
        if probabilities.isEmpty { probabilities = part.map { _ in 0 } }
        probabilities = zip(probabilities, part).map { $0 + weight * $1 }
      }
    }
    let score = scores.reduce(0, +) / Double(scores.count)
    guard score.isFinite else {
      throw InputError(
        "photo", "the model gave no finite score", remedy: "check the model's weights")
    }
    return RegionScore(
      score: score, scene: finding(given: scene, probabilities: probabilities),
      cropCount: areas.count,
      spread: single.count > 1 ? Descriptive.standardDeviation(single) : nil, patches: patches,
      patchMeaning: "\(areas.count) crops of \(side) × \(side) pixels "
        + "(\(settings.sampling.summary))",
      remark: fitted.remark, features: features)
  }

  private var isTogether: Bool { configuration.architecture.judgesCropsTogether }

  private func layout(_ image: RasterImage, together: Int) -> [PixelArea] {
    let (width, height) = (image.widthPixels, image.heightPixels)
    let side = configuration.cropSide
    switch settings.sampling {
    case .grid where isTogether:
      return CropLayout.exactly(together, width: width, height: height, side: side)
    case .grid(let limit):
      return CropLayout.grid(width: width, height: height, side: side, limit: limit)
    case .random(let count, let seed):
      let groups = (max(1, count) + together - 1) / together
      return CropLayout.random(
        groups * together, width: width, height: height, side: side, seed: seed)
    }
  }

  private static func samples(_ image: RasterImage, _ areas: [PixelArea]) -> [UInt8] {
    var samples: [UInt8] = []
    samples.reserveCapacity(areas.reduce(0) { $0 + 3 * $1.width * $1.height })
    for area in areas { samples += image.cropped(to: area)?.samples ?? [] }
    return samples
  }

  // MARK: The whole region

  private func whole(_ region: RasterImage, wantsPatches: Bool) throws -> RegionScore {
    let shortest = min(region.widthPixels, region.heightPixels)
    guard shortest >= 32 else {
      throw InputError(
        "photo", "its region is only \(shortest) pixels wide or high",
        remedy: "give at least 32 pixels")
    }
    let prediction = try judge(region)
    let score = try prediction.scores.item()
    guard score.isFinite else {
      throw InputError(
        "photo", "the model gave no finite score", remedy: "check the model's weights")
    }
    var patches: [PatchScore] = []
    let side = max(32, shortest / 4)
    if wantsPatches {
      for area in CropLayout.grid(
        width: region.widthPixels, height: region.heightPixels, side: side, limit: nil)
      {
        guard let window = region.cropped(to: area) else { continue }
        patches.append(PatchScore(area: area, score: try judge(window).scores.item()))
      }
    }
    return RegionScore(
      score: score, patches: patches,
      patchMeaning: "\(patches.count) windows of \(side) × \(side) pixels, each scored alone; "
        + "the score is that of the whole region",
      features: try prediction.features?.floats() ?? [])
  }

  private func judge(_ image: RasterImage) throws -> QualityPrediction {
    let pixels = try Tensor(
      image.samples, shape: [1, 1, image.heightPixels, image.widthPixels, 3])
    return try network(QualityNetwork.Input(crops: pixels))
  }
}
