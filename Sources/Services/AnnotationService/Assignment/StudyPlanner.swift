import Comparison
import Domain
import Foundation
import GRDB
import Statistics

/// Fills the pair queue and estimates the scale, off the path of every request.
actor StudyPlanner {
  private let study: AnnotationStudy
  private let pairs: (any PairPlanner)?
  private let scale: any ScaleEstimator
  private let stop: (any StopRule)?
  /// Whether `nudge` waits for the work: for tests whose outcome speed must not decide.
  private let plansAtOnce: Bool
  /// The votes at the last look at the stop rule.
  private var lookedAt = 0
  private var waiting: Set<Int64> = []
  /// The tasks that are looked at again after their rest.
  private var waking: Set<Int64> = []
  private var ledgers: [Int64: Ledger] = [:]
  private var isRunning = false
  /// The last thing that went wrong, for the owner's page.
  private(set) var problem: String?

  /// What is known of a task without looking into the database.
  private struct Ledger {
    /// The votes at the last look, and those that came since.
    var votes: Int?
    var fresh = 0
    /// No scale is estimated before: estimating takes a fifth of the time at most.
    var rest = ContinuousClock.now
  }

  /// Takes what chooses the pairs; nil is what the study's settings ask for, now and later.
  init(
    _ study: AnnotationStudy, pairs: (any PairPlanner)?, scale: any ScaleEstimator,
    stop: (any StopRule)? = nil, plansAtOnce: Bool = false
  ) {
    self.study = study
    self.pairs = pairs
    self.scale = scale
    self.stop = stop
    self.plansAtOnce = plansAtOnce
  }

  /// Asks for work on a task; returns at once, but for tests.
  ///
  /// - Parameters:
  ///   - task: the task.
  ///   - votes: how many votes came in, or were voided, since the last call.
  func nudge(_ task: Int64, votes: Int = 0) async {
    ledgers[task, default: Ledger()].fresh += votes
    waiting.insert(task)
    guard !isRunning else { return }
    isRunning = true
    if plansAtOnce { await run() } else { Task(priority: .utility) { await self.run() } }
  }

  private func run() async {
    while let task = waiting.popFirst() {
      if await hasWork(task) { await work(task) }
    }
    isRunning = false
  }

  /// A cheap look before the votes of a task are counted.
  private func hasWork(_ task: Int64) async -> Bool {
    guard let ledger = ledgers[task], let votes = ledger.votes else { return true }
    if isDue(fresh: ledger.fresh, votes: votes) {
      if ledger.rest <= .now { return true }
      wake(task, at: ledger.rest)
    }
    return await study.needsPairs(task)
  }

  /// Looks at a task again after its rest: the votes that came meanwhile may be the last ones.
  private func wake(_ task: Int64, at rest: ContinuousClock.Instant) {
    guard waking.insert(task).inserted else { return }
    Task(priority: .utility) { [weak self] in
      try? await Task.sleep(until: rest)
      await self?.woke(task)
    }
  }

  private func woke(_ task: Int64) async {
    waking.remove(task)
    await nudge(task)
  }

  /// Whether enough votes came to estimate the scale again.
  private func isDue(fresh: Int, votes: Int) -> Bool { fresh >= max(5, votes / 50) }

  /// Plans and estimates every open task once: at the start of a server, and after photos came or
  /// went.
  ///
  /// - Parameter isForced: whether scales are estimated anew however few votes changed: after a
  ///   withdrawal nothing may remain.
  func workOnEverything(isForced: Bool = false) async {
    let tasks =
      (try? await study.pool.read { db in
        try Int64.fetchAll(
          db, sql: "SELECT id FROM annotation_task WHERE state = 'open' OR ?", arguments: [isForced]
        )
      }) ?? []
    for task in tasks { await work(task, isForced: isForced) }
  }

  /// Plans and estimates one task.
  func work(_ task: Int64, isForced: Bool = false) async {
    do {
      let state = try await study.planningState(task)
      ledgers[task, default: Ledger()].votes = state.votes
      ledgers[task, default: Ledger()].fresh = max(0, state.votes - state.scaledVotes)
      guard state.photos.count >= 2 else { return }
      if state.isOpen, state.queued <= study.settings.batchSize / 2 {
        try await plan(task, state)
      }
      let fresh = abs(state.votes - state.scaledVotes)
      let isLast = !state.isOpen && fresh > 0
      if state.votes > 0,
        isForced || isLast || state.scaledVotes == 0 || isDue(fresh: fresh, votes: state.votes)
      {
        let start = ContinuousClock.now
        let scores = try scale.scores(await study.judgements(of: task, state.photos))
        try await study.store(task, scores, state)
        ledgers[task, default: Ledger()].fresh = 0
        ledgers[task, default: Ledger()].rest = .now + (.now - start) * 4
        try await stopIfDecided()
      }
      problem = nil
    } catch {
      problem = "\(error)"
    }
  }

  /// Completes the study when its stop rule says so; looks after every batch, and less often the
  /// more votes there are.
  private func stopIfDecided() async throws {
    guard let stop else { return }
    let votes = try await study.countedVoteCount()
    guard votes >= lookedAt + max(study.settings.batchSize, votes / 20) else { return }
    lookedAt = votes
    if let reason = try stop.reason(study.judgements()) { try await study.complete(reason) }
  }

  /// Fills the queue: a batch, or more where many observers are at work; references meet the best
  /// few photos first.
  private func plan(_ task: Int64, _ state: PlanningState) async throws {
    var random = SeededGenerator(seed: study.settings.seed).stream(
      UInt64(bitPattern: task) << 32 | UInt64(state.batch))
    let count = max(study.settings.batchSize, 2 * state.open)
    let anchored = referencePairs(
      references: state.references, means: state.scores,
      met: Set(state.comparisons.pairs.map { PhotoPair($0.first, $0.second) }), using: &random
    ).prefix(count).map(\.pair)
    let chosen = try (pairs ?? SampledPairs(study.settings)).next(
      state.comparisons, count: count, random: &random)
    let first = anchored.map {
      (LeasePair(photos: state.photos, $0.first, $0.second), PairCriterion?.none)
    }
    let others = chosen.filter { !anchored.contains(PhotoPair($0.first, $0.second)) }
      .prefix(count - first.count).map {
        (
          LeasePair(photos: state.photos, $0.first, $0.second), PairCriterion?.some($0.criterion)
        )
      }
    try await study.enqueue(task, batch: state.batch + 1, first + others)
  }
}

extension LeasePair {
  /// A pair by index into a task's photos.
  init(photos: [Int64], _ first: Int, _ second: Int) {
    self.init(
      low: min(photos[first], photos[second]), high: max(photos[first], photos[second]))
  }
}
