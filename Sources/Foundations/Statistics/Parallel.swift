import Dispatch
import Foundation
import Synchronization

/// Work on numbered pieces with all processors; the results do not depend on how many there are.
public enum Parallel {
  private struct Board<Result: Sendable> {
    var results: [Result?]
    var failure: (piece: Int, error: any Error)?
    var finished = 0
  }

  /// Computes `body` for 0 ..< `count` on several threads.
  ///
  /// Each thread has a `state` of its own, such as scratch memory; randomness belongs to the piece,
  /// for example through ``SeededGenerator/stream(_:)``, so that the same seed gives the same
  /// numbers for any number of threads.
  ///
  /// - Parameters:
  ///   - count: The number of pieces.
  ///   - threads: The number of threads; nil takes one for each processor.
  ///   - isCancelled: Asked before every piece; `true` ends the work with `CancellationError`.
  ///   - progress: Told the number of finished pieces, on any thread, in ascending order.
  ///   - state: Makes the scratch memory of one thread.
  ///   - body: Computes one piece.
  /// - Returns: The results in the order of the pieces.
  /// - Throws: The error of the first piece that failed, or `CancellationError`.
  public static func map<State, Result: Sendable>(
    count: Int, threads: Int? = nil, isCancelled: @Sendable @escaping () -> Bool = { false },
    progress: @Sendable @escaping (Int) -> Void = { _ in },
    state: @Sendable @escaping () -> State,
    body: @Sendable @escaping (inout State, Int) throws -> Result
  ) throws -> [Result] {
    guard count > 0 else { return [] }
    let empty = [Result?](repeating: nil, count: count)
    let board = Mutex(Board<Result>(results: empty, failure: nil))
    let nextPiece = Atomic(0)
    let workers = min(count, max(1, threads ?? ProcessInfo.processInfo.activeProcessorCount))
    DispatchQueue.concurrentPerform(iterations: workers) { _ in
      var scratch = state()
      while true {
        let piece = nextPiece.wrappingAdd(1, ordering: .relaxed).oldValue
        guard piece < count else { return }
        do {
          if isCancelled() { throw CancellationError() }
          let result = try body(&scratch, piece)
          board.withLock {
            $0.results[piece] = result
            $0.finished += 1
            progress($0.finished)
          }
        } catch {
          nextPiece.store(count, ordering: .relaxed)
          board.withLock {
            if piece < $0.failure?.piece ?? Int.max { $0.failure = (piece, error) }
          }
        }
      }
    }
    return try board.withLock {
      if let failure = $0.failure { throw failure.error }
      return $0.results.compactMap { $0 }
    }
  }

  /// Computes `body` for 0 ..< `count` on several threads that need no scratch memory.
  public static func map<Result: Sendable>(
    count: Int, threads: Int? = nil, body: @Sendable @escaping (Int) throws -> Result
  ) throws -> [Result] {
    try map(count: count, threads: threads, state: {}, body: { _, piece in try body(piece) })
  }
}
