public import Domain
import Files
import Pixels
public import Preparation
import Scoring

/// Answers requests one line at a time until its input ends: docs/worker.md.
///
/// A photo that can't be scored is an answer, not a failure of the worker.
public struct Worker {
  /// What a worker does with photos.
  public enum Task {
    /// Scores them.
    case score(any PhotoScorer)
    /// Cuts an attribute's region and writes it, with its record, to the request's folder.
    case prepare(
      Attribute,
      (_ photo: String, _ region: RegionChoice, _ folder: String) throws -> PreparedRegion)
  }

  /// The longest request, in bytes.
  static let lineLimit = 1 << 20

  private let task: Task

  /// Takes a task.
  public init(_ task: Task) { self.task = task }

  /// Answers every request of an input.
  ///
  /// - Parameters:
  ///   - descriptor: The input.
  ///   - isStopping: Asked while waiting: whether no more input is to be read. What was read is
  ///     answered.
  ///   - write: Takes each line of output.
  /// - Throws: What writing throws.
  public func run(
    input descriptor: Int32, isStopping: () -> Bool, write: (String) throws -> Void
  ) throws {
    try write(CanonicalJSON.line(WorkerAnswer.Ready(task: task)))
    var source = LineSource(descriptor: descriptor, limit: Self.lineLimit)
    while true {
      let item: LineSource.Item
      if isStopping() {
        guard let known = source.nextKnown() else { return }
        item = known
      } else {
        item = source.next(milliseconds: 100)
      }
      switch item {
      case .nothing: continue
      case .end: return
      case .tooLong:
        let fault = WorkerFault(
          kind: "request", message: "the line is longer than \(Self.lineLimit) bytes")
        try write(CanonicalJSON.line(WorkerAnswer.Failed(id: nil, error: fault)))
      case .line(let line):
        // Blank lines part nothing.
        guard !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }) else { continue }
        try write(answer(line))
      }
    }
  }

  /// The answer to a line.
  func answer(_ line: [UInt8]) throws -> String {
    do throws(WorkerRequest.Unreadable) {
      let request = try WorkerRequest(line)
      return try result(of: request)
    } catch {
      return try CanonicalJSON.line(WorkerAnswer.Failed(id: error.id, error: error.fault))
    }
  }

  private func result(of request: WorkerRequest) throws(WorkerRequest.Unreadable) -> String {
    do {
      switch task {
      case .score(let scorer):
        guard request.out == nil else {
          throw InputError("«out»", "this worker scores", remedy: "leave it out")
        }
        try scorer.check(scene: request.scene, wantsMap: false)
        let score = try scorer.score(
          PhotoRequest(photo: request.path, scene: request.scene), region: request.region,
          wantsMap: false
        ).score
        return try CanonicalJSON.line(WorkerAnswer.Scored(id: request.id, score: score))
      case .prepare(_, let prepare):
        guard let out = request.out, request.scene == nil else {
          throw InputError(
            request.out == nil ? "«out»" : "«scene»",
            request.out == nil ? "it is missing" : "this worker prepares",
            remedy: request.out == nil ? "name the folder for the region" : "leave it out")
        }
        let prepared = try prepare(request.path, request.region, out)
        return try CanonicalJSON.line(WorkerAnswer.Prepared(id: request.id, prepared: prepared))
      }
    } catch {
      throw WorkerRequest.Unreadable(request.id, Self.fault(error))
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
