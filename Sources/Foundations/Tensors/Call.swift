import CTorch

/// One argument of an operator.
package enum OperatorArgument {
  case none
  case tensor(Tensor)
  case tensors([Tensor])
  case optionalTensors([Tensor?])
  case int(Int)
  case ints([Int])
  case double(Double)
  case doubles([Double])
  case scalars([Double])
  case bool(Bool)
  case text(String)
  case generator(RandomSource)
  case device(Device)

  /// An optional tensor.
  static func optional(_ tensor: Tensor?) -> OperatorArgument {
    if let tensor { .tensor(tensor) } else { .none }
  }

  /// An optional number.
  static func optional(_ number: Double?) -> OperatorArgument {
    if let number { .double(number) } else { .none }
  }

  /// An optional element type.
  static func type(_ type: ElementType?) -> OperatorArgument {
    if let type { .int(Int(type.rawValue)) } else { .none }
  }
}

/// Turns a text of the C boundary into a Swift error.
func guarded(_ operation: String, shapes: [[Int]] = [], _ text: UnsafeMutablePointer<CChar>?)
  throws(TensorError)
{
  guard let text else { return }
  defer { ctorch_text_free(text) }
  throw TensorError(operation, shapes: shapes, reason: String(cString: text))
}

/// The arguments of one call, laid out as C wants them.
private struct PackedArguments {
  var arguments: [ctorch_argument] = []
  var tensors: [OpaquePointer?] = []
  var ints: [Int64] = []
  var doubles: [Double] = []
  var texts: [[CChar]] = []
  var generator: OpaquePointer?
  var shapes: [[Int]] = []

  init(_ values: [OperatorArgument]) {
    for value in values { append(value) }
  }

  private mutating func append(_ value: OperatorArgument) {
    switch value {
    case .none: add(CTORCH_NONE, 0, 0)
    case .tensor(let tensor): add(CTORCH_TENSOR, [tensor])
    case .tensors(let list): add(CTORCH_TENSORS, list)
    case .optionalTensors(let list): add(CTORCH_OPTIONAL_TENSORS, list)
    case .int(let number): add(CTORCH_INT, [number])
    case .ints(let list): add(CTORCH_INTS, list)
    case .bool(let flag): add(CTORCH_BOOL, [flag ? 1 : 0])
    case .device(let device): add(CTORCH_DEVICE, [device.number])
    case .double(let number): add(CTORCH_DOUBLE, [number])
    case .doubles(let list): add(CTORCH_DOUBLES, list)
    case .scalars(let list): add(CTORCH_SCALARS, list)
    case .text(let string):
      add(CTORCH_TEXT, texts.count, 1)
      texts.append(Array(string.utf8CString))
    case .generator(let source):
      generator = source.handle
      add(CTORCH_GENERATOR, 0, 0)
    }
  }

  private mutating func add(_ kind: ctorch_kind, _ first: Int, _ count: Int) {
    arguments.append(ctorch_argument(kind: kind, first: first, count: count))
  }

  private mutating func add(_ kind: ctorch_kind, _ list: [Tensor?]) {
    add(kind, tensors.count, list.count)
    tensors += list.map { $0?.handle }
    shapes += list.compactMap { $0?.shape }
  }

  private mutating func add(_ kind: ctorch_kind, _ list: [Int]) {
    add(kind, ints.count, list.count)
    ints += list.map(Int64.init)
  }

  private mutating func add(_ kind: ctorch_kind, _ list: [Double]) {
    add(kind, doubles.count, list.count)
    doubles += list
  }

  /// Lends the texts to C; all but a few operators have none.
  private func withTexts<Result>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?) -> Result
  ) -> Result {
    guard !texts.isEmpty else { return body(nil) }
    let joined = texts.flatMap(\.self)
    return joined.withUnsafeBufferPointer { buffer in
      var starts: [UnsafePointer<CChar>?] = []
      var offset = 0
      for text in texts {
        starts.append(buffer.baseAddress.map { $0 + offset })
        offset += text.count
      }
      return starts.withUnsafeBufferPointer { body($0.baseAddress) }
    }
  }

  /// Calls the operator; on success `results` holds its tensors.
  func call(
    _ name: String, _ overload: String, _ results: inout [OpaquePointer?], _ count: inout Int
  ) -> UnsafeMutablePointer<CChar>? {
    arguments.withUnsafeBufferPointer { arguments in
      tensors.withUnsafeBufferPointer { tensors in
        ints.withUnsafeBufferPointer { ints in
          doubles.withUnsafeBufferPointer { doubles in
            withTexts { texts in
              var all = ctorch_arguments(
                arguments: arguments.baseAddress, argument_count: arguments.count,
                tensors: tensors.baseAddress, ints: ints.baseAddress,
                doubles: doubles.baseAddress, texts: texts, generator: generator)
              return ctorch_call(name, overload, &all, &results, results.count, &count)
            }
          }
        }
      }
    }
  }
}

/// Calls one operator of libtorch by its name, such as `conv2d` (with an overload `max.dim`).
///
/// Missing trailing arguments take the operator's defaults.
///
/// - Throws: `TensorError` with libtorch's reason and the shapes of all tensors given.
func call(
  _ name: String, _ values: OperatorArgument..., capacity: Int = 8
) throws(TensorError) -> [Tensor] {
  try call(name, values, capacity: capacity)
}

/// Calls one operator of libtorch by its name with a list of arguments.
func call(
  _ name: String, _ values: [OperatorArgument], capacity: Int
) throws(TensorError) -> [Tensor] {
  try Runtime.check()
  let parts = name.split(separator: ".", maxSplits: 1)
  let operation = parts.first.map(String.init) ?? name
  let overload = parts.count > 1 ? String(parts[1]) : ""
  let device = try Device.common(values, operation)
  let packed = PackedArguments(values)
  var results = [OpaquePointer?](repeating: nil, count: capacity)
  var count = 0
  let text = withExtendedLifetime(values) {
    packed.call(
      operation.contains(":") ? operation : "aten::\(operation)", overload, &results, &count)
  }
  try guarded(operation, shapes: packed.shapes, text)
  var tensors: [Tensor] = []
  var failure: TensorError?
  for handle in results.prefix(count).compactMap(\.self) {
    do throws(TensorError) {
      tensors.append(try Tensor(owning: handle, on: device))
    } catch { failure = error }
  }
  if let failure { throw failure }
  OperatorTrace.current?.add(name, values, tensors)
  return tensors
}

/// Calls an operator that gives one tensor.
func call1(_ name: String, _ values: OperatorArgument...) throws(TensorError) -> Tensor {
  let results = try call(name, values, capacity: 8)
  guard let first = results.first else {
    throw TensorError(name, reason: "the operator gave no tensor")
  }
  return first
}
