/// The operators that a computation called, in order, with what they were given and what they gave.
///
/// It is the ground for writing a network in another program's language: the network runs once and
/// the trace says what it did.
package final class OperatorTrace: @unchecked Sendable {
  // Not shared in fact: only the task that records adds to it, and reads it afterwards.

  /// One call.
  package struct Step {
    /// The operator with its overload, such as `add.Tensor`.
    package let name: String
    /// What it was given.
    package let arguments: [OperatorArgument]
    /// What it gave.
    package let results: [Tensor]
  }

  @TaskLocal static var current: OperatorTrace?

  // Every tensor of a step lives as long as the trace, so that each has an identity of its own.
  private var steps: [Step] = []

  private init() {}

  /// Runs a computation and gives its calls.
  ///
  /// - Parameter body: the computation, on this thread.
  /// - Returns: the calls, in order, and what the computation gave.
  /// - Throws: what the computation throws.
  package static func record<Output>(
    _ body: () throws -> Output
  ) throws -> (steps: [Step], output: Output) {
    let trace = OperatorTrace()
    let output = try $current.withValue(trace, operation: body)
    return (trace.steps, output)
  }

  func add(_ name: String, _ arguments: [OperatorArgument], _ results: [Tensor]) {
    steps.append(Step(name: name, arguments: arguments, results: results))
  }
}
