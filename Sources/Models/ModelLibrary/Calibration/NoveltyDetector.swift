public import Statistics

/// Detects photos unlike the training photos, from the features that a model computes.
///
/// The training photos' features are a cloud; a photo's distance from it is Mahalanobis' distance
/// in their principal subspace and around it. A photo is outside when it is farther away than a
/// stated share of new, ordinary photos would be, measured on the validation photos: those of whole
/// scenes where there are enough, so that a new scene alone is no alarm.
///
/// Sources: Lee et al. 2018, arXiv:1807.03888 (Mahalanobis' distance of features); Bates et al.
/// 2023, arXiv:2104.08279 (conformal p-values for outliers); by scenes as Lee, Barber and Willett
/// 2023, arXiv:2306.06342.
public struct NoveltyDetector: Hashable, Sendable, Codable {
  /// What the distance of one photo says.
  public struct Finding: Hashable, Sendable, Codable {
    /// The distance from the training photos; about 1 for one of them.
    public let distance: Double
    /// The share of ordinary photos that would lie so far out or farther, as the validation photos
    /// show it.
    public let p: Double
    /// Whether the photo is unlike the training photos.
    public let isOutside: Bool
  }

  /// The cloud of the training photos.
  public let cloud: PrincipalSubspace
  /// The distances of the validation photos, scene by scene, ascending.
  public let validation: [[Double]]
  /// The distance beyond which a photo is outside.
  public let threshold: Double
  /// The share of ordinary photos that may be called outside.
  public let falseAlarms: Double
  /// Whether the threshold holds for photos of new scenes; else there were too few validation
  /// scenes, and it holds for photos like the validation photos only.
  public let holdsForNewScenes: Bool

  /// Learns what is ordinary.
  ///
  /// - Parameters:
  ///   - training: the features of the photos that the model was fitted to.
  ///   - validation: the features of the validation photos, scene by scene.
  ///   - falseAlarms: the share of ordinary photos that may be called outside.
  ///   - components: the number of principal components.
  ///   - seed: the start of the search for them.
  /// - Throws: ``CalibrationError`` when there are too few photos for that share, or features that
  ///   don't fit together.
  public init(
    training: [[Float]], validation: [[[Float]]], falseAlarms: Double = 0.05,
    components: Int = 32, seed: UInt64 = 1
  ) throws(CalibrationError) {
    guard
      let cloud = PrincipalSubspace(
        training, components: components, generator: SeededGenerator(seed: seed))
    else { throw .uselessFeatures }
    let distances = validation.map { scene in scene.map { cloud.distance($0) }.sorted() }
      .filter { !$0.isEmpty }
    try self.init(cloud: cloud, distances: distances, falseAlarms: falseAlarms)
  }

  /// The same detector that calls another share of ordinary photos outside.
  ///
  /// - Parameter falseAlarms: the share.
  /// - Returns: the detector.
  /// - Throws: ``CalibrationError`` when there were too few validation photos for it.
  public func with(falseAlarms: Double) throws(CalibrationError) -> NoveltyDetector {
    try NoveltyDetector(cloud: cloud, distances: validation, falseAlarms: falseAlarms)
  }

  private init(
    cloud: PrincipalSubspace, distances: [[Double]], falseAlarms: Double
  ) throws(CalibrationError) {
    guard distances.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { throw .uselessFeatures }
    let level = 1 - falseAlarms
    let byScene = Conformal.bound(groups: distances, level: level)
    let byPhoto = Conformal.bound(distances.flatMap(\.self), level: level)
    guard byPhoto.isFinite else {
      throw .tooFewGroups(
        level: level, groups: distances.joined().count,
        needed: Int((level / falseAlarms - 1e-9).rounded(.up)), what: "validation photos")
    }
    self.cloud = cloud
    self.validation = distances
    holdsForNewScenes = byScene.isFinite
    threshold = byScene.isFinite ? byScene : byPhoto
    self.falseAlarms = falseAlarms
  }

  /// Assesses a photo by its features.
  public func assess(_ features: [Float]) -> Finding {
    let distance = cloud.distance(features)
    let groups = holdsForNewScenes ? validation : validation.flatMap { $0.map { [$0] } }
    return Finding(
      distance: distance, p: Conformal.pValue(of: distance, groups: groups),
      isOutside: distance > threshold)
  }
}
