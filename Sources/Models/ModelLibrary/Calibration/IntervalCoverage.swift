public import Domain
import Statistics

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
  /// The mean width of the intervals, in the unit of the scores.
  public let meanWidth: Double

  /// Measures coverage on photos that the calibration did not see.
  ///
  /// - Parameters:
  ///   - calibration: the calibration to check.
  ///   - samples: the photos.
  /// - Throws: ``CalibrationError/empty`` without photos.
  public init(
    _ calibration: IntervalCalibration, on samples: [CalibrationSample]
  ) throws(CalibrationError) {
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
