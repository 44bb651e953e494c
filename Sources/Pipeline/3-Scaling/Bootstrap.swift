import Domain
import Statistics

/// The percentile bootstrap of one scene, over observers or over votes.
///
/// Source: Perez-Ortiz and Mantiuk 2017; Efron and Tibshirani 1993.
struct Bootstrap: Sendable {
  private let pairs: PairCounts
  private let ties: TieRule
  private let observers: Int
  /// The votes of each observer as slots of the counts: 3·pair + 0 for the first photo, 1 for the second, 2 for neither.
  ///
  /// Behind the pairs, one slot for each photo counts its votes against itself.
  private let slots: [[Int32]]
  private let allSlots: [Int32]
  private let resampleObservers: Bool

  /// Prepares a scene whose votes are counted in `pairs`.
  init(_ judgements: SceneJudgements, pairs: PairCounts, ties: TieRule, overObservers: Bool) {
    self.pairs = pairs
    self.ties = ties
    observers = judgements.observers.count
    resampleObservers = overObservers
    var index: [Int64: Int32] = [:]
    for pair in 0..<pairs.pairs {
      index[Int64(pairs.first[pair]) << 32 | Int64(pairs.second[pair])] = Int32(pair)
    }
    var slots = [[Int32]](repeating: [], count: judgements.observers.count)
    for vote in judgements.votes {
      if vote.a == vote.b {
        slots[vote.observer].append(Int32(3 * pairs.pairs + vote.a))
        continue
      }
      let (i, j) = (min(vote.a, vote.b), max(vote.a, vote.b))
      guard let pair = index[Int64(i) << 32 | Int64(j)] else { continue }
      let side: Int32 =
        switch vote.choice {
        case .a: vote.a < vote.b ? 0 : 1
        case .b: vote.a < vote.b ? 1 : 0
        case .tie: 2
        }
      slots[vote.observer].append(3 * pair + side)
    }
    self.slots = slots
    allSlots = slots.flatMap { $0 }
  }

  /// Draws replicates and fits each.
  ///
  /// - Returns: The scores and how many replicates had no finite scale and were drawn again.
  func run(
    fitter: PairFitter, full: ScaleFit, progress: ScalingProgress
  ) throws -> (scores: BootstrapScores, redrawn: Int) {
    let settings = fitter.settings
    let study = fastStudy(fitter: fitter, full: full)
    let generator = SeededGenerator(seed: settings.seed)
    // Without a prior a replicate can be separable although the study is not.
    let mustBeBounded = settings.prior == .none && settings.model != .trueSkill
    let total = settings.bootstraps
    let fitted = try Parallel.map(
      count: total, threads: settings.threads, isCancelled: progress.isCancelled,
      progress: { progress.advanced($0, total) },
      state: { Scratch(solver: study.map(ReplicateSolver.init), pairs: pairs) },
      body: { scratch, replicate -> ([Double], Int) in
        var random = generator.stream(UInt64(replicate))
        for attempt in 0..<200 {
          draw(&scratch.counts, &random)
          if mustBeBounded, !DesignGraph(replicatePairs(scratch.counts)).isBounded { continue }
          return (try fit(&scratch, fitter: fitter, full: full), attempt)
        }
        throw ScalingError.notConverged(iterations: 200)
      })
    return (
      BootstrapScores(photos: pairs.count, rows: fitted.map(\.0)),
      fitted.reduce(0) { $0 + $1.1 }
    )
  }

  private struct Scratch {
    var solver: ReplicateSolver?
    var counts: [Double]
    var folded: [Double]

    init(solver: ReplicateSolver?, pairs: PairCounts) {
      self.solver = solver
      counts = Array(repeating: 0, count: 3 * pairs.pairs + pairs.count)
      folded = Array(repeating: 0, count: 2 * pairs.pairs)
    }
  }

  /// The fast solver serves every model with one concave likelihood and at most a Gaussian prior.
  private func fastStudy(fitter: PairFitter, full: ScaleFit) -> ReplicateSolver.Study? {
    let settings = fitter.settings
    guard settings.model != .trueSkill, settings.prior != .pwcmp, settings.prior != .pwcmpRepaired,
      settings.ties == .halfVotes
    else { return nil }
    let thurstone = settings.model == .thurstone
    return ReplicateSolver.Study(
      count: pairs.count, first: pairs.first, second: pairs.second, reference: full.jod,
      preconditioner: full.covariance, ridge: fitter.ridge,
      unit: thurstone ? ThurstoneLink.unitsPerJOD : LogisticLink.unitsPerJOD,
      table: thurstone ? .thurstone : .logistic)
  }

  /// Counts a resample of the observers, or of the votes, with replacement.
  private func draw(_ counts: inout [Double], _ random: inout SeededGenerator) {
    for place in counts.indices { counts[place] = 0 }
    counts.withUnsafeMutableBufferPointer { counts in
      if resampleObservers {
        for _ in 0..<observers {
          for slot in slots[random.index(below: observers)] { counts[Int(slot)] += 1 }
        }
      } else {
        for _ in allSlots.indices {
          counts[Int(allSlots[random.index(below: allSlots.count)])] += 1
        }
      }
    }
  }

  private func fit(
    _ scratch: inout Scratch, fitter: PairFitter, full: ScaleFit
  ) throws -> [Double] {
    for pair in 0..<pairs.pairs {
      let half = scratch.counts[3 * pair + 2] / 2
      scratch.folded[2 * pair] = scratch.counts[3 * pair] + half
      scratch.folded[2 * pair + 1] = scratch.counts[3 * pair + 1] + half
    }
    if let solution = scratch.solver?.solve(scratch.folded) { return solution }
    return try fitter.positions(replicatePairs(scratch.counts), near: full)
  }

  /// A replicate's counts without the pairs that it has no votes on.
  private func replicatePairs(_ counts: [Double]) -> PairCounts {
    var result = PairCounts(count: pairs.count)
    result.selfVotes = Array(counts[(3 * pairs.pairs)...])
    for pair in 0..<pairs.pairs {
      let (k, l, t) = (counts[3 * pair], counts[3 * pair + 1], counts[3 * pair + 2])
      guard k + l + t > 0 else { continue }
      result.append(
        Int(pairs.first[pair]), Int(pairs.second[pair]), wins: k, losses: l, ties: t, rule: ties)
    }
    return result
  }
}
