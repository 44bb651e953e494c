public import Domain
public import Statistics

/// Votes drawn from a known scale under a study's own choice of pairs: `(positions, opinionDeviation, generator)`.
///
/// Positions and deviation are in JOD; the answer counts the votes by photo. The Comparison stage's `PairReplay` makes one.
public typealias StudySimulation =
  @Sendable (
    _ positions: [Double], _ opinionDeviation: Double, _ generator: inout SeededGenerator
  ) throws -> ComparisonMatrix

/// Estimates of a study whose pairs were chosen by earlier answers.
///
/// Two rounds of replicates run the study's choice of pairs on simulated answers and fit them as the study was fitted.
/// The first, at the fit, says by what common factor the choice stretches the scale; the second, at the fit divided by
/// it, measures the factor again there, and how far replicates scatter. Photos keep their order.
///
/// Source: the parametric bootstrap with a second round at the corrected estimate (Efron and Tibshirani 1993, chapters 6
/// and 10); docs/validation.md has the coverage.
struct ReplayCorrection: Sendable {
  /// The corrected estimates.
  let estimates: Estimates
  /// The factor by which the choice of pairs had stretched the scale.
  let stretch: Double
  /// The number of replicates, of both rounds.
  let replicates: Int

  /// Corrects estimates.
  ///
  /// - Parameters:
  ///   - plain: The estimates that take the pairs as chosen beforehand.
  ///   - opinionDeviation: The standard deviation of an observer's own opinion of a photo, in JOD.
  ///   - simulate: The study's choice of pairs.
  ///   - refit: Fits replicates: positions with mean 0, in JOD.
  ///   - settings: The number of replicates, of which a quarter make the first round, their seed and the threads.
  ///   - progress: Told of finished replicates; can stop the work.
  /// - Throws: What simulation and fit throw, `CancellationError` when stopped.
  init(
    _ plain: Estimates, opinionDeviation: Double, simulate: @escaping StudySimulation,
    refit: @Sendable @escaping (ComparisonMatrix) throws -> [Double],
    settings: ScalingSettings, progress: ScalingProgress
  ) throws {
    let total = max(8, settings.replays)
    let early = max(4, total / 4)
    let late = total - early
    let generator = SeededGenerator(seed: settings.seed).stream(UInt64.max - 1)
    func round(_ positions: [Double], _ deviation: Double, _ places: Range<Int>) throws
      -> [[Double]]
    {
      try Parallel.map(
        count: places.count, threads: settings.threads, isCancelled: progress.isCancelled,
        progress: { progress.advanced(places.lowerBound + $0, total) }, state: {},
        body: { _, replicate in
          var random = generator.stream(UInt64(places.lowerBound + replicate))
          return try refit(simulate(positions, deviation, &random))
        })
    }
    let fit = plain.positions
    let first = Self.stretch(try round(fit, opinionDeviation, 0..<early), of: fit)
    let start = fit.map { $0 / first }
    let rows = try round(start, opinionDeviation / first, early..<total)
    let factor = Self.stretch(rows, of: start)
    let scores = BootstrapScores(photos: fit.count, rows: rows.map { $0.map { $0 / factor } })
    // The factor itself was measured on as many replicates.
    let spread = scores.covariance().map { $0 * (1 + 1 / Double(late)) }
    (stretch, replicates) = (factor, total)
    estimates = Estimates(
      positions: fit.map { $0 / factor },
      information: plain.information.map { $0 / (factor * factor) }, spread: spread, units: late,
      comparisons: plain.comparisons)
  }

  /// The mean slope of replicates against the positions that they were drawn from.
  private static func stretch(_ rows: [[Double]], of positions: [Double]) -> Double {
    let square = positions.reduce(0) { $0 + $1 * $1 }
    guard square > 0 else { return 1 }
    let slopes = rows.map { row in
      zip(row, positions).reduce(0) { $0 + $1.0 * $1.1 } / square
    }
    return max(Descriptive.mean(slopes), 0.1)
  }
}
