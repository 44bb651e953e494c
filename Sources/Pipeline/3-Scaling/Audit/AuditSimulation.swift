import Domain
import Statistics

/// Votes that a study without defects would have given: same observers, pairs, sides and order,
/// other answers.
///
/// Answers are drawn from the fitted scale, which is first shrunk by the root of its reliability,
/// since errors of estimation widen a fitted scale and would widen those of the replicates once
/// more. Each observer has an own opinion of each photo, with the variance that was found between
/// observers; ties stay where they are.
struct AuditSimulation: Sendable {
  let layout: VoteLayout
  private let results: [Double]
  private let positions: [Double]
  private let opinionDeviation: Double
  private let fit: ScaleFit
  private let ridge: Double

  /// Prepares replicates of votes.
  ///
  /// - Parameters:
  ///   - layout: Who judged what.
  ///   - results: The answers.
  ///   - fit: The scale of the votes.
  ///   - positions: Its positions, corrected where earlier answers chose the pairs.
  ///   - reliability: The share of the variance of its positions that is true.
  ///   - opinionDeviation: The standard deviation of an observer's own opinion of a photo, in JOD.
  ///   - ridge: The inverse of the prior variance, per squared JOD.
  init(
    _ layout: VoteLayout, results: [Double], fit: ScaleFit, positions: [Double],
    reliability: Double, opinionDeviation: Double, ridge: Double
  ) {
    (self.layout, self.results, self.fit, self.ridge) = (layout, results, fit, ridge)
    self.opinionDeviation = opinionDeviation
    let factor = max(reliability, 0.1).squareRoot()
    self.positions = positions.map { $0 * factor }
  }

  /// Draws replicates, scales each as the votes were scaled, and computes its statistics.
  ///
  /// Replicate r depends on the seed, the name and r alone.
  ///
  /// - Returns: A row of statistics for each replicate.
  func statistics(
    replicates: Int, name: String, settings: ScalingSettings, progress: ScalingProgress,
    of statistics: @Sendable @escaping (ScoredVotes) -> [Double]
  ) throws -> [[Double]] {
    let study = ReplicateSolver.Study(
      count: layout.photos, first: layout.first, second: layout.second, reference: fit.jod,
      preconditioner: fit.covariance, ridge: ridge, unit: ThurstoneLink.unitsPerJOD,
      table: SlopeTable(ThurstoneLink.self))
    // Scenes must not share their chance: findings over all scenes add theirs up.
    let generator = SeededGenerator(seed: settings.seed).stream(UInt64.max - 2)
      .stream(named: name)
    return try Parallel.map(
      count: replicates, threads: settings.threads, isCancelled: progress.isCancelled,
      progress: { progress.advanced($0, replicates) },
      state: { ReplicateSolver(study) },
      body: { solver, replicate in
        var random = generator.stream(UInt64(replicate))
        let drawn = draw(&random)
        let counts = layout.counts(drawn)
        let solution = try solver.solve(counts) ?? slowSolution(counts)
        return statistics(ScoredVotes(layout, results: drawn, positions: solution))
      })
  }

  private func draw(_ random: inout SeededGenerator) -> [Double] {
    let photos = layout.photos
    let opinions: [Double] =
      opinionDeviation > 0
      ? (0..<(layout.observers * photos)).map { _ in opinionDeviation * random.normal() } : []
    // Opinions are a part of the spread that 1 JOD stands for; the rest is each vote's own.
    let total = JOD.differenceSigma * JOD.differenceSigma
    let noise = max(total - 2 * opinionDeviation * opinionDeviation, total / 4).squareRoot()
    return (0..<layout.count).map { vote in
      let draw = random.uniform()
      guard results[vote] != 0.5 else { return 0.5 }
      let (a, b) = (layout.a[vote], layout.b[vote])
      var difference = positions[a] - positions[b]
      if !opinions.isEmpty {
        let row = layout.observer[vote] * photos
        difference += opinions[row + a] - opinions[row + b]
      }
      return draw < StandardNormal.cdf(difference / noise) ? 1 : 0
    }
  }

  private func slowSolution(_ counts: [Double]) throws -> [Double] {
    var pairs = PairCounts(count: layout.photos)
    for pair in layout.first.indices where counts[2 * pair] + counts[2 * pair + 1] > 0 {
      pairs.append(
        Int(layout.first[pair]), Int(layout.second[pair]), wins: counts[2 * pair],
        losses: counts[2 * pair + 1], ties: 0, rule: .halfVotes)
    }
    return try LikelihoodFit<ThurstoneLink>(pairs: pairs, ridge: ridge).maximum(from: fit.jod).jod
  }
}
