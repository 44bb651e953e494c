import Tensors

/// A graph in ONNX that grows node by node; its values have names.
///
/// Source: github.com/onnx/onnx, onnx.proto (field numbers) and Operators.md, operator set 21.
struct ONNXGraph {
  /// The operator set: the first with group norm that scales each channel.
  static let operatorSet = 21
  /// The version of the file format that came with it.
  private static let formatVersion = 10

  /// An attribute of a node.
  enum Attribute {
    case int(Int)
    case ints([Int])
    case float(Double)
    case text(String)
  }

  /// A value that the graph takes or gives, in single precision.
  struct Port {
    let name: String
    let shape: [Int]
  }

  private(set) var inputs: [Port] = []
  private var outputs: [Port] = []
  private var nodes: [ProtobufWriter] = []
  private var constants: [ProtobufWriter] = []
  private var count = 0

  /// Names a value that the graph takes.
  mutating func input(_ name: String, _ shape: [Int]) -> String {
    inputs.append(Port(name: name, shape: shape))
    return name
  }

  /// Names a value that the graph gives.
  mutating func output(_ name: String, _ shape: [Int], from value: String) {
    node("Identity", [value], to: [name])
    outputs.append(Port(name: name, shape: shape))
  }

  /// Adds a node with one output.
  ///
  /// - Parameters:
  ///   - kind: the operator; an empty input is one that is left out.
  ///   - inputs: the names of what it takes.
  ///   - attributes: its attributes.
  /// - Returns: the name of what it gives.
  mutating func add(
    _ kind: String, _ inputs: [String], _ attributes: [(String, Attribute)] = []
  ) -> String {
    let name = fresh()
    node(kind, inputs, attributes, to: [name])
    return name
  }

  /// Adds a node with two outputs.
  mutating func addPair(
    _ kind: String, _ inputs: [String], _ attributes: [(String, Attribute)] = []
  ) -> (String, String) {
    let (first, second) = (fresh(), fresh())
    node(kind, inputs, attributes, to: [first, second])
    return (first, second)
  }

  /// Adds a tensor's values.
  mutating func constant(_ tensor: Tensor) throws -> String {
    let (type, stored): (Int, Tensor) =
      switch tensor.type {
      case .float32: (1, tensor)
      case .int64: (7, tensor)
      case .bool: (9, tensor)
      default: (1, try tensor.to(.float32))
      }
    return constant(tensor.shape, type: type, try stored.contiguous().rawBytes())
  }

  /// Adds whole numbers, such as a shape.
  mutating func constant(_ values: [Int]) -> String {
    let bytes = values.flatMap { value in withUnsafeBytes(of: Int64(value).littleEndian, Array.init)
    }
    return constant([values.count], type: 7, bytes)
  }

  /// Adds one whole number without dimensions.
  mutating func scalar(_ value: Int) -> String {
    constant([], type: 7, withUnsafeBytes(of: Int64(value).littleEndian, Array.init))
  }

  /// Adds one number in single precision without dimensions.
  mutating func scalar(_ value: Double) -> String {
    constant(
      [], type: 1, withUnsafeBytes(of: Float(value).bitPattern.littleEndian, Array.init))
  }

  private mutating func constant(_ shape: [Int], type: Int, _ bytes: [UInt8]) -> String {
    let name = fresh()
    var tensor = ProtobufWriter()
    for size in shape { tensor.add(1, size) }
    tensor.add(2, type)
    tensor.add(8, name)
    tensor.add(9, bytes)
    constants.append(tensor)
    return name
  }

  private mutating func fresh() -> String {
    count += 1
    return "v\(count)"
  }

  private mutating func node(
    _ kind: String, _ inputs: [String], _ attributes: [(String, Attribute)] = [],
    to outputs: [String]
  ) {
    var node = ProtobufWriter()
    for input in inputs { node.add(1, input) }
    for output in outputs { node.add(2, output) }
    node.add(3, "\(kind)_\(nodes.count)")
    node.add(4, kind)
    for (name, value) in attributes {
      node.add(5) { attribute in
        attribute.add(1, name)
        switch value {
        case .float(let number):
          attribute.add(2, Float(number))
          attribute.add(20, 1)
        case .int(let number):
          attribute.add(3, number)
          attribute.add(20, 2)
        case .text(let text):
          attribute.add(4, text)
          attribute.add(20, 3)
        case .ints(let numbers):
          for number in numbers { attribute.add(8, number) }
          attribute.add(20, 7)
        }
      }
    }
    nodes.append(node)
  }

  /// The model's file.
  ///
  /// - Parameters:
  ///   - name: the graph's name.
  ///   - program: what wrote it, and its version.
  ///   - metadata: what the model's users should know.
  /// - Returns: its bytes.
  func file(
    name: String, program: (name: String, version: String), metadata: [String: String]
  ) -> [UInt8] {
    var model = ProtobufWriter()
    model.add(1, Self.formatVersion)
    model.add(2, program.name)
    model.add(3, program.version)
    model.add(7) { graph in
      for node in nodes { graph.add(1, node.bytes) }
      graph.add(2, name)
      for constant in constants { graph.add(5, constant.bytes) }
      for port in inputs { graph.add(11, Self.port(port)) }
      for port in outputs { graph.add(12, Self.port(port)) }
    }
    model.add(8) { set in
      set.add(1, "")
      set.add(2, Self.operatorSet)
    }
    for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
      model.add(14) { entry in
        entry.add(1, key)
        entry.add(2, value)
      }
    }
    return model.bytes
  }

  private static func port(_ port: Port) -> [UInt8] {
    var info = ProtobufWriter()
    info.add(1, port.name)
    info.add(2) { type in
      type.add(1) { tensor in
        tensor.add(1, 1)
        tensor.add(2) { shape in
          for size in port.shape { shape.add(1) { $0.add(1, size) } }
        }
      }
    }
    return info.bytes
  }
}
