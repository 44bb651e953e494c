public import Domain
internal import Statistics

/// Turns a model's score and its spread over crops into an interval that holds the measured quality
/// with a stated probability.
///
/// With the designs `photos` and `scenes` the interval is `score ± max(0, z·spread + margin)`: the
/// normal interval of the crops, widened or narrowed by what the validation photos show
/// (conformalised as by Romano et al. 2019, arXiv:1905.03222, split by scenes as by Lee et al.
/// 2023, arXiv:2306.06342). With `sceneEffects` it is `score + shift ± margin`, the prediction
/// interval of a one-way random-effects model with Satterthwaite's degrees of freedom; the spread
/// is not used.
public struct IntervalCalibration: Hashable, Sendable, Codable {
  /// What a new photo has in common with the calibration photos.
  public let design: CalibrationDesign
  /// The probability.
  public let level: Double
  /// What is added to the crops' own interval on both sides, in the unit of the score.
  public let margin: Double
  /// How far the interval's middle lies from the score, in its unit.
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
  /// - Throws: ``CalibrationError`` when there are too few scenes or photos to promise that level.
  public init(
    _ samples: [CalibrationSample], level: Double = 0.95, design: CalibrationDesign
  ) throws(CalibrationError) {
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
