public import Domain
public import Statistics

/// Votes drawn from a known scale under a study's own choice of pairs:
/// `(positions, opinionDeviation, generator)`.
///
/// Positions and deviation are in JOD; the answer counts the votes by photo. The Comparison stage's
/// `PairReplay` makes one.
public typealias StudySimulation =
  @Sendable (
    _ positions: [Double], _ opinionDeviation: Double, _ generator: inout SeededGenerator
  ) throws -> ComparisonMatrix

/// Estimates of a study whose pairs were chosen by earlier answers.
///
/// Replicates run the study's choice of pairs on simulated answers and fit them as the study was
/// fitted. They are drawn from the fit shrunk by a factor, which a few short rounds settle so that
/// the replicates' fits spread over as many JOD as the study's own fit does: a fit spreads wider
/// than the truth, by the errors in it and by the choice of pairs. The last round, at that factor,
/// says how much the choice stretches a scale, and how far replicates scatter. Photos keep their
/// order. A choice that was not made as stated gives replicates with another design than the
/// study's, and a meaningless factor: see ``mismatch``.
///
/// Source: the parametric bootstrap (Efron and Tibshirani 1993, chapters 6 and 10) at a scale found
/// by indirect inference (Gouriéroux, Monfort and Renault 1993, doi:10.1002/jae.3950080507);
/// docs/validation.md has the coverage.
struct ReplayCorrection: Sendable {
  /// The corrected estimates.
  let estimates: Estimates
  /// The replicates of the last round around the corrected positions, in JOD.
  let scores: BootstrapScores
  /// The factor by which the choice of pairs had stretched the scale.
  let stretch: Double
  /// The number of replicates, of all rounds.
  let replicates: Int
  /// How the study differs from replicates of its stated choice of pairs; nil when they resemble
  /// it.
  ///
  /// The estimates are worth nothing otherwise.
  let mismatch: DesignMismatch?

  /// Corrects estimates.
  ///
  /// - Parameters:
  ///   - plain: The estimates that take the pairs as chosen beforehand.
  ///   - comparisons: The votes by pair.
  ///   - opinionDeviation: The standard deviation of an observer's own opinion of a photo, in JOD.
  ///   - simulate: The study's choice of pairs.
  ///   - refit: Fits replicates: positions with mean 0, in JOD.
  ///   - settings: The number of replicates, of which three eighths settle the factor, their seed
  ///     and the threads.
  ///   - progress: Told of finished replicates; can stop the work.
  /// - Throws: What simulation and fit throw, `CancellationError` when stopped.
  init(
    _ plain: Estimates, comparisons: ComparisonMatrix, opinionDeviation: Double,
    simulate: @escaping StudySimulation,
    refit: @Sendable @escaping (ComparisonMatrix) throws -> [Double],
    settings: ScalingSettings, progress: ScalingProgress
  ) throws {
    let total = max(16, settings.replays)
    let early = total / 8
    let generator = SeededGenerator(seed: settings.seed).stream(UInt64.max - 1)
    let fit = plain.positions
    /// Replicates drawn from the fit shrunk by a factor, and what they say.
    func round(_ shrinkage: Double, stretch: Double, _ places: Range<Int>) throws
      -> (start: [Double], rows: [[Double]], designs: [DesignProfile], response: Response)
    {
      let start = fit.map { $0 * shrinkage }
      let deviation = opinionDeviation / stretch
      let found = try Parallel.map(
        count: places.count, threads: settings.threads, isCancelled: progress.isCancelled,
        progress: { progress.advanced(places.lowerBound + $0, total) }, state: {},
        body: { _, replicate in
          var random = generator.stream(UInt64(places.lowerBound + replicate))
          let answers = try simulate(start, deviation, &random)
          let row = try refit(answers)
          return (row: row, design: DesignProfile(answers, positions: row))
        })
      let rows = found.map(\.row)
      return (start, rows, found.map(\.design), Response(rows, to: start))
    }
    var (shrinkage, factor) = (1.0, 1.0)
    for index in 0..<3 {
      let found = try round(
        shrinkage, stretch: factor, (index * early)..<((index + 1) * early)
      ).response
      factor = found.slope
      shrinkage = found.shrinkage(toSpread: Response.square(fit))
    }
    let (start, rows, designs, response) = try round(
      shrinkage, stretch: factor, (3 * early)..<total)
    factor = response.slope
    let positions = fit.map { $0 / factor }
    scores = BootstrapScores(
      photos: fit.count,
      rows: rows.map { row in row.indices.map { positions[$0] + row[$0] / factor - start[$0] } })
    let late = rows.count
    // The factor itself was measured on as many replicates.
    let spread = scores.covariance().map { $0 * (1 + 1 / Double(late)) }
    (stretch, replicates) = (factor, total)
    mismatch = DesignMismatch(
      DesignProfile(comparisons, positions: fit), replicates: designs)
    estimates = Estimates(
      positions: positions, information: plain.information.map { $0 / (factor * factor) },
      spread: spread, units: late, comparisons: plain.comparisons)
  }
}

extension ReplayCorrection {
  /// What a scale takes the choice of pairs for, as the replicates say.
  var choice: PairChoice {
    mismatch.map { .notReproduced($0) } ?? .corrected(replicates: replicates, stretch: stretch)
  }
}

/// How replicates follow the positions that they were drawn from: row = slope · start + error.
private struct Response {
  /// The mean slope.
  let slope: Double
  /// The mean square of the errors, summed over the photos.
  let noise: Double

  init(_ rows: [[Double]], to start: [Double]) {
    let square = Self.square(start)
    guard square > 0, !rows.isEmpty else {
      (slope, noise) = (1, 0)
      return
    }
    let slopes = rows.map { row in zip(row, start).reduce(0) { $0 + $1.0 * $1.1 } / square }
    let mean = max(Descriptive.mean(slopes), 0.1)
    slope = mean
    noise = Descriptive.mean(
      rows.map { row in
        Self.square(zip(row, start).map { $0 - mean * $1 })
      })
  }

  /// The factor on a fit with this sum of squares at which replicates' fits would have the same.
  ///
  /// A fit that is hardly wider than its errors says little about the truth's spread; a quarter is
  /// the least.
  func shrinkage(toSpread square: Double) -> Double {
    let share = square > 0 ? max(1 - noise / square, 1.0 / 16) : 1
    return share.squareRoot() / slope
  }

  static func square(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } }
}
