public import Domain
internal import Statistics

/// What a new photo has in common with the photos that intervals are calibrated on.
public enum CalibrationDesign: String, Hashable, Sendable, Codable, CaseIterable {
  /// It shows one of their scenes: photos are exchangeable. Nothing is promised for a new scene.
  case photos
  /// It shows a new scene of the same kind: scenes are exchangeable. Promises hold for any distribution of errors, but
  /// `k` scenes can promise at most `k / (k + 1)`.
  case scenes
  /// It shows a new scene of the same kind, and errors are a normal scene effect plus normal noise. Works with few
  /// scenes; only as right as that assumption.
  case sceneEffects = "scene-effects"
}

/// One photo to calibrate on: no weight was fitted to it.
public struct CalibrationSample: Hashable, Sendable {
  /// The scene that it shows.
  public let scene: SceneID
  /// Its measured quality.
  public let measured: Double
  /// The model's score.
  public let score: Double
  /// The standard deviation of the score over crops, in JOD; 0 where the model looks once.
  public let spread: Double

  /// Makes a sample.
  public init(scene: SceneID, measured: Double, score: Double, spread: Double = 0) {
    self.scene = scene
    self.measured = measured
    self.score = score
    self.spread = spread
  }
}

/// Turns a model's score and its spread over crops into an interval that holds the measured quality with a stated
/// probability.
///
/// With the designs `photos` and `scenes` the interval is `score ± max(0, z·spread + margin)`: the normal interval of
/// the crops, widened or narrowed by what the validation photos show (conformalised as by Romano et al. 2019,
/// arXiv:1905.03222, split by scenes as by Lee et al. 2023, arXiv:2306.06342). With `sceneEffects` it is
/// `score + shift ± margin`, the prediction interval of a one-way random-effects model with Satterthwaite's degrees of
/// freedom; the spread is not used.
public struct IntervalCalibration: Hashable, Sendable, Codable {
  /// What a new photo has in common with the calibration photos.
  public let design: CalibrationDesign
  /// The probability.
  public let level: Double
  /// What is added to the crops' own interval on both sides, in JOD.
  public let margin: Double
  /// How far the interval's middle lies from the score, in JOD.
  public let shift: Double
  /// The number of calibration scenes.
  public let scenes: Int
  /// The number of calibration photos.
  public let photos: Int

  /// Calibrates on validation photos; never on photos of the training or the test part.
  ///
  /// - Parameters:
  ///   - samples: the photos.
  ///   - level: the probability, such as 0.95.
  ///   - design: what a new photo has in common with them.
  /// - Throws: ``EvaluationError`` when there are too few scenes or photos to promise that level.
  public init(
    _ samples: [CalibrationSample], level: Double = 0.95, design: CalibrationDesign
  ) throws(EvaluationError) {
    guard !samples.isEmpty else { throw .empty }
    self.design = design
    self.level = level
    let byScene = Dictionary(grouping: samples, by: \.scene)
    let groups = byScene.keys.sorted().compactMap { byScene[$0] }
    (scenes, photos) = (groups.count, samples.count)
    let needed = Int((level / (1 - level) - 1e-9).rounded(.up))
    switch design {
    case .photos, .scenes:
      let excess = groups.map { group in
        group.map {
          abs($0.measured - $0.score) - Self.half(spread: $0.spread, level: level)
        }
      }
      let bound =
        design == .scenes
        ? Conformal.bound(groups: excess, level: level)
        : Conformal.bound(excess.flatMap(\.self), level: level)
      guard bound.isFinite else {
        throw .tooFewGroups(
          level: level, groups: design == .scenes ? scenes : photos, needed: needed,
          what: design == .scenes ? "validation scenes" : "validation photos")
      }
      (margin, shift) = (bound, 0)
    case .sceneEffects:
      let errors = groups.map { $0.map { $0.measured - $0.score } }
      guard let interval = SceneEffects(errors)?.interval(level: level) else {
        throw .tooFewGroups(
          level: level, groups: scenes, needed: 2, what: "validation scenes of 2 photos or more")
      }
      (margin, shift) = (interval.half, interval.center)
    }
  }

  /// The interval of a score.
  public func interval(score: Double, spread: Double = 0) -> ConfidenceInterval {
    let middle = score + shift
    let half =
      design == .sceneEffects ? margin : max(0, Self.half(spread: spread, level: level) + margin)
    return ConfidenceInterval(low: middle - half, high: middle + half, level: level)
  }

  /// Half the crops' own normal interval.
  private static func half(spread: Double, level: Double) -> Double {
    StandardNormal.quantile((1 + level) / 2) * spread
  }
}

/// The one-way random-effects model of errors: a scene's own shift plus noise.
private struct SceneEffects {
  let center: Double
  /// The variance of the scenes' mean errors.
  let between: Double
  /// The variance inside scenes.
  let within: Double
  let scenes: Double
  let photos: Double
  /// The harmonic mean of the scenes' sizes.
  let size: Double

  init?(_ errors: [[Double]]) {
    let means = errors.map(Descriptive.mean)
    scenes = Double(errors.count)
    photos = Double(errors.reduce(0) { $0 + $1.count })
    guard errors.count >= 2, photos > scenes else { return nil }
    center = Descriptive.mean(means)
    between = Descriptive.variance(means)
    let squares = zip(errors, means).reduce(0) { sum, scene in
      sum + scene.0.reduce(0) { $0 + ($1 - scene.1) * ($1 - scene.1) }
    }
    within = squares / (photos - scenes)
    size = scenes / errors.reduce(0) { $0 + 1 / Double($1.count) }
  }

  /// The middle and half the width of the interval of a new photo of a new scene.
  ///
  /// Its variance, `σ²_scene + σ²_photo + Var(center)`, is a weighted sum of both mean squares: the scenes' means vary by
  /// σ²_scene + σ²_photo / size.
  func interval(level: Double) -> (center: Double, half: Double)? {
    let (a, b) = (between * (1 + 1 / scenes), within * (1 - 1 / size))
    let variance = a + b
    guard variance > 0 else { return nil }
    let degrees = variance * variance / (a * a / (scenes - 1) + b * b / (photos - scenes))
    let critical = StudentT(degreesOfFreedom: degrees).quantile((1 + level) / 2)
    return (center, critical * variance.squareRoot())
  }
}

/// How often intervals held the measured quality.
public struct IntervalCoverage: Hashable, Sendable {
  /// The number of photos.
  public let photos: Int
  /// The share of the photos whose interval holds their measured quality.
  public let share: Double
  /// The same share, every scene with the same weight.
  public let sceneMean: Double
  /// The scene where the intervals hold least often.
  public let worstScene: SceneID
  /// The share of that scene's photos.
  public let worstShare: Double
  /// The mean width of the intervals, in JOD.
  public let meanWidth: Double

  /// Measures coverage on photos that the calibration did not see.
  ///
  /// - Parameters:
  ///   - calibration: the calibration to check.
  ///   - samples: the photos.
  /// - Throws: ``EvaluationError/empty`` without photos.
  public init(
    _ calibration: IntervalCalibration, on samples: [CalibrationSample]
  ) throws(EvaluationError) {
    guard !samples.isEmpty else { throw .empty }
    var held: [SceneID: [Bool]] = [:]
    var width = 0.0
    for sample in samples {
      let interval = calibration.interval(score: sample.score, spread: sample.spread)
      held[sample.scene, default: []].append(
        interval.low <= sample.measured && sample.measured <= interval.high)
      width += interval.width
    }
    let shares = held.map { scene, held in
      (scene: scene, share: Double(held.count(where: \.self)) / Double(held.count))
    }.sorted { ($0.share, $0.scene) < ($1.share, $1.scene) }
    photos = samples.count
    share = Double(held.values.joined().count(where: \.self)) / Double(samples.count)
    sceneMean = Descriptive.mean(shares.map(\.share))
    (worstScene, worstShare) = shares[0]
    meanWidth = width / Double(samples.count)
  }
}
