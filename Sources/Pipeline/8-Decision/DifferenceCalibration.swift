public import Domain
import Statistics

/// A photo with its measured quality and a model's score of it.
public struct ValidationPhoto: Sendable, Hashable {
  /// The scene.
  public var scene: SceneID
  /// The group, such as the device; nil where nobody said.
  public var group: String?
  /// The model's score, in any unit.
  public var score: Double
  /// The measured quality, in JOD.
  public var measured: Double

  /// Makes a photo.
  public init(scene: SceneID, group: String?, score: Double, measured: Double) {
    (self.scene, self.group) = (scene, group)
    (self.score, self.measured) = (score, measured)
  }
}

/// How differences of a model's scores inside a scene become JOD, and how far they are off.
///
/// Differences are calibrated, not scores: what a model gets wrong about a scene cancels in them.
/// Measured and predicted qualities are taken from the mean of their scene; a line through the
/// origin, of the score on the quality, gives the slope. What is left has a part that belongs to a
/// group (a model likes or dislikes what a device does, in every scene alike), which more scenes do
/// not average away, and a part of its own in every photo.
///
/// How the group's part is found depends on what is there:
/// - both groups measured in three or more validation scenes: their mean error is taken out, with
///   its own error;
/// - three or more groups: the variance of their mean errors;
/// - else all error counts as the group's, so that no number of scenes makes up for it.
public struct DifferenceCalibration: Sendable, Hashable {
  /// How the error that all scenes share was found.
  public enum Basis: String, Sendable, Hashable, Codable {
    /// The two groups themselves were measured in other scenes.
    case sameGroups = "same-groups"
    /// Other groups show how much a group's error varies.
    case otherGroups = "other-groups"
    /// Nothing tells a group's error from a photo's.
    case photos
    /// No photo was measured; the model's own intervals are all there is.
    case ownIntervals = "own-intervals"
  }

  /// JOD for one unit of the score.
  public let slope: Double
  /// The variance of the slope.
  public let slopeVariance: Double
  /// The mean error of the candidate against the baseline, which is taken out, in JOD.
  public let bias: Double
  /// The difference of the scores at which an error of the slope does nothing: with a mean error
  /// taken out, that of the validation scenes; else 0.
  public let center: Double
  /// The variance of the error that all scenes share, in JOD².
  public let sharedVariance: Double
  /// The variance of one photo's own error, in JOD².
  public let photoVariance: Double
  /// The degrees of freedom behind the shared error.
  public let degreesOfFreedom: Double
  /// How the shared error was found.
  public let basis: Basis
  /// The number of validation scenes.
  public let scenes: Int

  /// Takes a model's own intervals of single photos: all their error counts as shared.
  public init(halfWidth: Double, level: Double = 0.95) {
    let deviation = halfWidth / StandardNormal.quantile((1 + level) / 2)
    (slope, slopeVariance, bias, center) = (1, 0, 0, 0)
    (sharedVariance, photoVariance) = (2 * deviation * deviation, 0)
    (degreesOfFreedom, basis, scenes) = (.infinity, .ownIntervals, 0)
  }

  /// Calibrates differences on measured photos; nil for fewer than three scenes of two photos, or
  /// scores that are all alike.
  public init?(_ photos: [ValidationPhoto], baseline: String, candidate: String) {
    let groups = Dictionary(grouping: photos, by: \.scene).filter { $0.value.count > 1 }
    let scenes = groups.sorted { $0.key < $1.key }.map { Centered($0.value) }
    let points = scenes.flatMap(\.points)
    let degrees = Double(points.count - scenes.count - 1)
    guard scenes.count > 2, degrees > 0, let line = Line(points, degrees: degrees) else {
      return nil
    }
    let (slope, variance) = (line.slope, line.residualVariance)
    let residuals = points.map { $0.y - slope * $0.x }
    self.scenes = scenes.count
    self.slope = slope
    slopeVariance = line.slopeVariance
    let errors = scenes.compactMap { $0.error(of: candidate, against: baseline, slope: slope) }
    if errors.count > 2 {
      basis = .sameGroups
      bias = Descriptive.mean(errors.map(\.value))
      center = Descriptive.mean(errors.map(\.scores))
      sharedVariance = Descriptive.variance(errors.map(\.value)) / Double(errors.count)
      photoVariance = variance
      degreesOfFreedom = Double(errors.count - 1)
      return
    }
    (bias, center) = (0, 0)
    var own: [String: [Double]] = [:]
    for (point, residual) in zip(points, residuals) {
      if let group = point.group { own[group, default: []].append(residual) }
    }
    let means = own.values.map { Descriptive.mean($0) }
    if means.count > 2 {
      // Var(mean of a group) = between + within/n, the mean of all groups being 0 by construction.
      // The second part is not taken off: few groups tell the first so badly that the rest would
      // often be 0, and the interval too narrow.
      basis = .otherGroups
      sharedVariance = 2 * Descriptive.variance(means)
      // The part of a group is in the residuals too; leaving it there errs on the safe side.
      photoVariance = variance
      degreesOfFreedom = Double(means.count - 1)
    } else {
      basis = .photos
      (sharedVariance, photoVariance) = (2 * variance, 0)
      degreesOfFreedom = degrees
    }
  }

  /// The differences of scenes in JOD, with the covariance of their errors.
  ///
  /// - Parameter scenes: the difference of the mean scores and the number of photos on both sides
  ///   of every scene.
  /// - Returns: the differences and their covariance, row-major.
  public func calibrated(
    _ scenes: [(difference: Double, baselinePhotos: Int, candidatePhotos: Int)]
  ) -> (values: [Double], covariance: [Double]) {
    let count = scenes.count
    // The slope's error counts at the mean difference, for all scenes alike: with each scene's own,
    // a weighted mean would prefer the scenes near the center, and be drawn there.
    let distance = Descriptive.mean(scenes.map(\.difference)) - center
    var covariance = [Double](
      repeating: sharedVariance + slopeVariance * distance * distance, count: count * count)
    for i in 0..<count {
      // A model that is never off still leaves a matrix that can be inverted.
      covariance[i * count + i] += max(
        1e-12,
        photoVariance
          * (1 / Double(scenes[i].baselinePhotos) + 1 / Double(scenes[i].candidatePhotos)))
    }
    return (scenes.map { slope * $0.difference + bias }, covariance)
  }
}

/// The line through the origin that turns differences of scores into JOD.
///
/// The score is taken for what errs: its slope on the measured quality is estimated, and turned
/// round. The regression of the quality on the score is the better guess of one photo, but shrinks
/// every difference towards 0, and the mean difference of many scenes with it. A score that hardly
/// follows the quality, by less than three standard errors, is left to that regression, because
/// turning round its slope would divide by almost nothing.
///
/// Source: Krutchkoff 1967 and Osborne 1991 (doi:10.2307/1403690) on the classical and the inverse
/// estimator of calibration.
private struct Line {
  let slope: Double
  let slopeVariance: Double
  let residualVariance: Double

  /// Fits the line; nil where all scores are alike.
  init?(_ points: [Centered.Point], degrees: Double) {
    let scores = points.reduce(0) { $0 + $1.x * $1.x }
    guard scores > 0 else { return nil }
    let qualities = points.reduce(0) { $0 + $1.y * $1.y }
    let product = points.reduce(0) { $0 + $1.x * $1.y }
    func residual(_ slope: Double) -> Double {
      points.reduce(0) { $0 + ($1.y - slope * $1.x) * ($1.y - slope * $1.x) } / degrees
    }
    // The slope of the score on the quality over its standard error.
    let noise = qualities > 0 ? scores - product * product / qualities : scores
    let follows = product > 0 && product * product > 9 * max(0, noise) / degrees * qualities
    if follows {
      slope = qualities / product
      residualVariance = residual(slope)
      slopeVariance = slope * slope * residualVariance / qualities
    } else {
      slope = product / scores
      residualVariance = residual(slope)
      slopeVariance = residualVariance / scores
    }
  }
}

/// The photos of one scene, taken from their mean.
private struct Centered {
  struct Point {
    let group: String?
    let x: Double
    let y: Double
  }

  let points: [Point]

  init(_ photos: [ValidationPhoto]) {
    let (x, y) = (
      Descriptive.mean(photos.map(\.score)), Descriptive.mean(photos.map(\.measured))
    )
    points = photos.map { Point(group: $0.group, x: $0.score - x, y: $0.measured - y) }
  }

  /// The error of the predicted difference of two groups, and the difference of their scores; nil
  /// where one of them isn't there.
  func error(
    of candidate: String, against baseline: String, slope: Double
  ) -> (value: Double, scores: Double)? {
    let new = points.filter { $0.group == candidate }
    let old = points.filter { $0.group == baseline }
    guard !new.isEmpty, !old.isEmpty else { return nil }
    let scores = Descriptive.mean(new.map(\.x)) - Descriptive.mean(old.map(\.x))
    let measured = Descriptive.mean(new.map(\.y)) - Descriptive.mean(old.map(\.y))
    return (measured - slope * scores, scores)
  }
}
