/// An operation on tensors that could not be done: names the operation and the shapes it was given.
public struct TensorError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The operation, such as `conv2d`.
  public let operation: String
  /// The shapes of the tensors that it was given.
  public let shapes: [[Int]]
  /// What is wrong, as one line.
  public let reason: String

  /// Makes an error; line breaks in the reason become spaces.
  public init(_ operation: String, shapes: [[Int]] = [], reason: String) {
    self.operation = operation
    self.shapes = shapes
    self.reason = reason.split(whereSeparator: \.isNewline).joined(separator: " ")
  }

  /// `operation of [2, 3] and [4, 5]: reason`.
  public var description: String {
    let given = shapes.map(\.description).joined(separator: " and ")
    return given.isEmpty ? "\(operation): \(reason)" : "\(operation) of \(given): \(reason)"
  }
}
