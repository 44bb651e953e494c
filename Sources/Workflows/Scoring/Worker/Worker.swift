import Dispatch
public import Domain
import Files
import Pixels
public import Preparation
import Scoring
import Synchronization

/// Answers requests, a line each, until its input ends: docs/worker.md.
///
/// A photo that can't be scored is an answer, not a failure of the worker.
public struct Worker: Sendable {
  /// What a worker does with photos.
  public enum Job: Sendable {
    /// Scores them, as many side by side as the model allows.
    case score(ScoringPool)
    /// Cuts an attribute's region and writes it, with its record, to the request's folder.
    case prepare(
      Attribute,
      @Sendable (_ photo: String, _ region: RegionChoice, _ folder: String) throws ->
        PreparedRegion)
  }

  /// The longest request, in bytes.
  static let lineLimit = 1 << 20

  private let job: Job

  /// Takes a job.
  public init(_ job: Job) { self.job = job }

  /// Answers every request of an input.
  ///
  /// - Parameters:
  ///   - descriptor: The input.
  ///   - isStopping: Asked while waiting: whether no more input is to be read. What was read is
  ///     answered.
  ///   - write: Takes each line of output.
  /// - Throws: What writing throws.
  public func run(
    input descriptor: Int32, isStopping: @escaping @Sendable () -> Bool,
    write: @escaping @Sendable (String) throws -> Void
  ) async throws {
    let output = AnswerOutput(write)
    output.add(try await CanonicalJSON.line(WorkerAnswer.Ready(job)))
    await withCheckedContinuation { continuation in
      // Reading waits, which none of the threads that tasks share may.
      DispatchQueue.global().async {
        let source = LineSource(descriptor: descriptor, limit: Self.lineLimit)
        self.answerAll(source, isStopping, output)
        continuation.resume()
      }
    }
    if let failure = output.failure { throw failure }
  }

  private func answerAll(
    _ source: LineSource, _ isStopping: () -> Bool, _ output: AnswerOutput
  ) {
    var source = source
    // One more than are scored at a time, so that none of them waits for its line.
    let width = if case .score(let pool) = job { pool.width } else { 1 }
    let places = width > 1 ? width + 1 : 1
    let free = DispatchSemaphore(value: places)
    reading: while output.failure == nil {
      let item: LineSource.Item
      if isStopping() {
        guard let known = source.nextKnown() else { break reading }
        item = known
      } else {
        item = source.next(milliseconds: 100)
      }
      switch item {
      case .nothing: continue
      case .end: break reading
      case .tooLong:
        let fault = WorkerFault(
          kind: "request", message: "the line is longer than \(Self.lineLimit) bytes")
        output.add(Self.line(WorkerAnswer.Failed(id: nil, error: fault)))
      case .line(let line):
        // Blank lines part nothing.
        guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else { continue }
        free.wait()
        Task {
          output.add(await answer(line))
          free.signal()
        }
      }
    }
    for _ in 0..<places { free.wait() }
    // A semaphore must end with the value that it began with.
    for _ in 0..<places { free.signal() }
  }

  /// The answer to a line.
  private func answer(_ line: [UInt8]) async -> String {
    do throws(WorkerRequest.Unreadable) {
      let request = try WorkerRequest(line)
      return try await result(of: request)
    } catch {
      return Self.line(WorkerAnswer.Failed(id: error.id, error: error.fault))
    }
  }

  private func result(
    of request: WorkerRequest
  ) async throws(WorkerRequest.Unreadable) -> String {
    do {
      switch job {
      case .score(let pool):
        guard request.out == nil else {
          throw InputError("«out»", "this worker scores", remedy: "leave it out")
        }
        let score = try await pool.withScorer { scorer in
          try scorer.check(scene: request.scene, wantsMap: false)
          return try scorer.score(
            PhotoRequest(photo: request.path, scene: request.scene), region: request.region,
            wantsMap: false
          ).score
        }
        return Self.line(WorkerAnswer.Scored(id: request.id, score: score))
      case .prepare(_, let prepare):
        guard let out = request.out, request.scene == nil else {
          throw InputError(
            request.out == nil ? "«out»" : "«scene»",
            request.out == nil ? "it is missing" : "this worker prepares",
            remedy: request.out == nil ? "name the folder for the region" : "leave it out")
        }
        let prepared = try prepare(request.path, request.region, out)
        return Self.line(WorkerAnswer.Prepared(id: request.id, prepared: prepared))
      }
    } catch {
      throw WorkerRequest.Unreadable(request.id, Self.fault(error))
    }
  }

  /// An answer as a line; a number that JSON can't hold is a fault of the model.
  private static func line(_ answer: some Encodable) -> String {
    do { return try CanonicalJSON.line(answer) } catch {
      return #"{"error":{"kind":"internal","message":"the answer can't be written"},"id":null}"#
    }
  }

  private static func fault(_ error: any Error) -> WorkerFault {
    if let error = error as? PhotoError {
      return WorkerFault(kind: error.kind.rawValue, message: error.description)
    }
    let text = (error as? InputError)?.markedText ?? "\(error)"
    let message = Setting.spelled(text) { "«\($0)»" }
    return WorkerFault(kind: message.hasPrefix("«") ? "request" : "photo", message: message)
  }
}

/// Where answers go, one at a time; after a failure nowhere.
private final class AnswerOutput: Sendable {
  private let state: Mutex<(any Error)?> = Mutex(nil)
  private let write: @Sendable (String) throws -> Void

  init(_ write: @escaping @Sendable (String) throws -> Void) { self.write = write }

  // Swift 6.3 may give a mutex that is locked inside of an async function a false place on the
  // stack: these two stay functions of their own.

  /// Why an answer could not be written.
  var failure: (any Error)? {
    @inline(never) get { state.withLock { $0 } }
  }

  @inline(never) func add(_ line: String) {
    state.withLock { failure in
      guard failure == nil else { return }
      do { try write(line) } catch { failure = error }
    }
  }
}
