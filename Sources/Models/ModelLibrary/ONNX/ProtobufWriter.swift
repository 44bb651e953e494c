/// Bytes in the wire format of Protocol Buffers: as much of it as a model in ONNX needs.
///
/// Source: protobuf.dev/programming-guides/encoding.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  private mutating func number(_ value: UInt64) {
    var rest = value
    while rest > 0x7F {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  private mutating func key(_ field: Int, _ type: UInt64) { number(UInt64(field) << 3 | type) }

  /// A whole number.
  mutating func add(_ field: Int, _ value: Int) {
    key(field, 0)
    number(UInt64(bitPattern: Int64(value)))
  }

  /// A number in single precision.
  mutating func add(_ field: Int, _ value: Float) {
    key(field, 5)
    for shift in [0, 8, 16, 24] as [UInt32] {
      bytes.append(UInt8(truncatingIfNeeded: value.bitPattern >> shift))
    }
  }

  /// Bytes.
  mutating func add(_ field: Int, _ value: [UInt8]) {
    key(field, 2)
    number(UInt64(value.count))
    bytes += value
  }

  /// A text.
  mutating func add(_ field: Int, _ value: String) { add(field, Array(value.utf8)) }

  /// A message inside this one.
  mutating func add(_ field: Int, _ fill: (inout ProtobufWriter) -> Void) {
    var inner = ProtobufWriter()
    fill(&inner)
    add(field, inner.bytes)
  }
}
