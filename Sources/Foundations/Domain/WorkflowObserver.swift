/// Receives the events of a running workflow; the caller may show them.
///
/// Every workflow reports through this one type. What it made is its result, not an event.
public struct WorkflowObserver: Sendable {
  /// Something that happened.
  public enum Event: Sendable {
    /// A step of several begins.
    case step(Int, of: Int, title: String)
    /// The number of finished items; `known` of them were done by an earlier run and took no time.
    case progress(String, done: Int, of: Int, known: Int)
    /// Something that the user should know about the result.
    case note(String)
    /// What was done or found, in one line.
    case message(String)
    /// One item cannot be used; work continues with the others.
    case failure(subject: String, any Error)
  }

  private let report: @Sendable (Event) -> Void

  /// Receives events; calls come from any thread, unless a workflow says otherwise.
  public init(_ report: @escaping @Sendable (Event) -> Void) { self.report = report }

  /// Ignores all events.
  public static let silent = WorkflowObserver { _ in }

  /// Begins a step of several.
  public func step(_ step: Int, of steps: Int, _ title: String) {
    report(.step(step, of: steps, title: title))
  }

  /// Reports the number of finished items.
  public func progress(_ title: String, _ done: Int, of total: Int, known: Int = 0) {
    report(.progress(title, done: done, of: total, known: known))
  }

  /// Says something that the user should know about the result.
  public func note(_ text: String) { report(.note(text)) }

  /// Says what was done or found.
  public func message(_ text: String) { report(.message(text)) }

  /// Says that one thing can't be used.
  public func failure(_ subject: String, _ error: any Error) {
    report(.failure(subject: subject, error))
  }

  /// Works on one thing of many; an error is reported and doesn't stop the others.
  ///
  /// - Parameters:
  ///   - subject: what is worked on, named in front of errors that don't name it themselves.
  ///   - work: what to do.
  /// - Returns: what came of it; nil after an error.
  public func attempt<Value>(_ subject: String, _ work: () throws -> Value) -> Value? {
    do {
      return try work()
    } catch {
      failure(subject, error)
      return nil
    }
  }
}
