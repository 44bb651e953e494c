import Dispatch
import Foundation

/// One model held several times, so that photos are scored side by side.
///
/// A small network is hardly faster with two threads than with one, so photos share the processors
/// instead: each copy of the model belongs to a thread of its own. A model of which one photo keeps
/// all processors busy is held once.
///
///     let pool = try await ScoringPool.load { try PhotoScoring(model: path, …) }
///     let score = try await pool.withScorer { try $0.score(request, region: region, …) }
public final class ScoringPool: Sendable {
  private let lanes: [ScoringLane]
  private let line = WaitingLine()

  private init(_ lanes: [ScoringLane]) { self.lanes = lanes }

  /// Loads a model as often as it is worth while.
  ///
  /// - Parameters:
  ///   - processors: how many threads may be busy at a time; nil for one on each processor.
  ///   - photos: how many photos there will be at most.
  ///   - make: loads the model; called for each copy, on the thread that owns it.
  /// - Returns: the models, which have one settings and give one score.
  /// - Throws: what loading throws.
  public static func load(
    processors: Int? = nil, photos: Int = .max,
    _ make: @escaping @Sendable () throws -> any PhotoScorer
  ) async throws -> ScoringPool {
    let processors = processors ?? ProcessInfo.processInfo.activeProcessorCount
    let first = ScoringLane(processors: processors)
    let isSmall = try await first.load(make)
    let copies = isSmall ? max(1, min(processors, photos)) : 1
    let lanes = [first] + (1..<copies).map { _ in ScoringLane(processors: processors) }
    for lane in lanes.dropFirst() { _ = try await lane.load(make) }
    return ScoringPool(lanes)
  }

  /// How many photos are scored at a time.
  public var width: Int { lanes.count }

  /// Gives a copy of the model to some work, in the order of asking.
  ///
  /// - Parameter work: what is done, on the copy's thread.
  /// - Returns: its output.
  /// - Throws: what it throws.
  public func withScorer<Output: Sendable>(
    _ work: @escaping @Sendable (any PhotoScorer) throws -> Output
  ) async throws -> Output {
    let number = await line.enter(lanes.count)
    let result: Result<Output, any Error>
    do {
      result = .success(try await lanes[number].run(work))
    } catch {
      result = .failure(error)
    }
    await line.leave(number)
    return try result.get()
  }

  /// Does numbered work with all copies and reports the results in order.
  ///
  /// - Parameters:
  ///   - count: how many pieces of work there are.
  ///   - work: one piece, on the thread of the copy that it is given.
  ///   - report: called for every piece, in order; what it throws ends the work.
  /// - Throws: what `report` throws.
  func inOrder<Output: Sendable>(
    _ count: Int, _ work: @escaping @Sendable (any PhotoScorer, Int) throws -> Output,
    report: (Int, Result<Output, any Error>) throws -> Void
  ) async throws {
    try await withThrowingTaskGroup(of: (Int, Result<Output, any Error>).self) { group in
      var (started, reported) = (0, 0)
      var early: [Int: Result<Output, any Error>] = [:]
      // Not far ahead of a slow photo, so that little is lost when the run is stopped.
      while reported < count {
        while started < min(count, reported + 4 * lanes.count) {
          let piece = started
          started += 1
          group.addTask {
            do {
              return (piece, .success(try await self.withScorer { try work($0, piece) }))
            } catch {
              return (piece, .failure(error))
            }
          }
        }
        guard let (piece, result) = try await group.next() else { return }
        early[piece] = result
        while let result = early.removeValue(forKey: reported) {
          try report(reported, result)
          reported += 1
        }
      }
    }
  }
}

/// The owner of one copy of a model.
private actor ScoringLane {
  /// A thread at a time, so that a photo holds up nothing else.
  private final class Executor: SerialExecutor {
    private let queue = DispatchQueue(label: "vernier.scoring")

    func enqueue(_ job: consuming ExecutorJob) {
      let job = UnownedJob(job)
      let executor = asUnownedSerialExecutor()
      queue.async { job.runSynchronously(on: executor) }
    }
  }

  private let executor = Executor()
  nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
  private let processors: Int
  private var scorer: (any PhotoScorer)?

  init(processors: Int) { self.processors = processors }

  /// Loads the copy; returns whether it is small.
  func load(_ make: @Sendable () throws -> any PhotoScorer) throws -> Bool {
    let made = try make()
    scorer = made
    return made.isSmall
  }

  func run<Output: Sendable>(
    _ work: @Sendable (any PhotoScorer) throws -> Output
  ) throws -> Output {
    guard let scorer else { preconditionFailure("a lane is asked before its model is loaded") }
    // The queue's thread may be another one than last time, and each has a setting of its own.
    try scorer.limitThreads(processors: processors)
    return try work(scorer)
  }
}

/// Who gets the next free copy.
private actor WaitingLine {
  private var free: [Int]?
  private var waiting: [CheckedContinuation<Int, Never>] = []

  /// Waits for a copy, one of `count`.
  func enter(_ count: Int) async -> Int {
    var known = free ?? Array(0..<count)
    let number = known.popLast()
    free = known
    if let number { return number }
    return await withCheckedContinuation { waiting.append($0) }
  }

  /// Hands the copy on.
  func leave(_ number: Int) {
    if waiting.isEmpty {
      free?.append(number)
    } else {
      waiting.removeFirst().resume(returning: number)
    }
  }
}
