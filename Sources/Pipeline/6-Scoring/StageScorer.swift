internal import Domain
public import NeuralModels
internal import Pixels

/// Scores regions with the embedded default, a linear head on frozen features of the whole region.
public final class StageScorer: RegionScorer {
  private let regressor: StageRegressor
  private let features: StageFeatures

  /// Takes a head and the features that it was trained on.
  public init(_ regressor: StageRegressor, features: StageFeatures) {
    self.regressor = regressor
    self.features = features
  }

  /// Refuses every scene: the model has none.
  public func check(scene: String?) throws {
    guard scene != nil else { return }
    throw InputError(
      Setting("scene"), "the scores of \(StageRegressor.architecture) don't depend on the scene",
      remedy: "leave it out")
  }

  /// Scores one region; its parts are overlapping windows at the size that features are computed
  /// at.
  public func score(_ input: ScoringInput, wantsPatches: Bool) throws -> ScoredRegion {
    try check(scene: input.scene)
    let small = features.resized(input.region)
    let seen = try features.features(ofResized: small)
    let score = try regressor.score(seen)
    let evaluation = RegionEvaluation(score: score, features: seen)
    guard wantsPatches else { return ScoredRegion(evaluation) }
    let side = max(QualityNetwork.smallestSide, min(small.widthPixels, small.heightPixels) / 3)
    let scale = Double(input.region.widthPixels) / Double(small.widthPixels)
    var patches: [PatchScore] = []
    for area in Self.windows(small, side: side) {
      guard let window = small.cropped(to: area) else { continue }
      func place(_ value: Int) -> Int { Int((Double(value) * scale).rounded()) }
      let place = PixelRectangle(
        x: place(area.x), y: place(area.y), width: place(area.x + area.width) - place(area.x),
        height: place(area.y + area.height) - place(area.y))
      guard
        let inside = place.clipped(
          width: input.region.widthPixels, height: input.region.heightPixels)
      else { continue }
      patches.append(
        PatchScore(
          area: inside, score: try regressor.score(features.features(ofResized: window))))
    }
    return ScoredRegion(
      evaluation,
      parts: PatchScores(
        patches,
        meaning: "\(patches.count) overlapping windows of \(side) pixels at "
          + "\(small.widthPixels) × \(small.heightPixels), each scored alone; the score is that of "
          + "the whole region"))
  }

  /// Windows that overlap by half.
  private static func windows(_ image: RasterImage, side: Int) -> [PixelRectangle] {
    func places(_ length: Int) -> [Int] {
      let room = max(0, length - side)
      guard room > 0 else { return [0] }
      let count = max(1, (2 * room + side - 1) / side)
      return (0...count).map { $0 * room / count }
    }
    let columns = places(image.widthPixels)
    var areas: [PixelRectangle] = []
    for y in places(image.heightPixels) {
      for x in columns { areas.append(PixelRectangle(x: x, y: y, width: side, height: side)) }
    }
    return areas
  }
}
