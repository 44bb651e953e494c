/// The type of a tensor's elements; the raw value is libtorch's own number.
public enum ElementType: Int8, Hashable, Sendable, CaseIterable {
  /// Whole numbers 0…255.
  case uint8 = 0
  /// Whole numbers −128…127.
  case int8 = 1
  /// 16-bit whole numbers.
  case int16 = 2
  /// 32-bit whole numbers.
  case int32 = 3
  /// 64-bit whole numbers: indices and class numbers.
  case int64 = 4
  /// Half precision.
  case float16 = 5
  /// Single precision: the default of every model.
  case float32 = 6
  /// Double precision.
  case float64 = 7
  /// Pairs of single-precision numbers.
  case complex64 = 9
  /// Pairs of double-precision numbers.
  case complex128 = 10
  /// Truth values, one byte each.
  case bool = 11
  /// The upper half of a single-precision number: fast inference where the processor has it.
  case bfloat16 = 15

  /// The number of bytes of one element.
  public var byteCount: Int {
    switch self {
    case .uint8, .int8, .bool: 1
    case .int16, .float16, .bfloat16: 2
    case .int32, .float32: 4
    case .int64, .float64, .complex64: 8
    case .complex128: 16
    }
  }
}
