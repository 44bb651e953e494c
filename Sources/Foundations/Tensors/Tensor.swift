import CTorch

/// An n-dimensional array of numbers, held by libtorch.
///
/// A tensor frees itself. It isn't `Sendable`: use it on the thread (or in the actor) that made it,
/// because the gradient mode belongs to the thread and each thread that computes gets a pool of its
/// own. Operations never change their arguments, except those whose documentation says so.
public final class Tensor {
  /// The size along each dimension.
  public let shape: [Int]
  /// The type of the elements.
  public let type: ElementType
  /// Where the elements lie.
  public let device: Device
  /// libtorch's tensor.
  let handle: OpaquePointer

  /// Takes ownership of libtorch's tensor, which lies where libtorch says unless a device is given.
  init(owning handle: OpaquePointer, on device: Device? = nil) throws(TensorError) {
    var rank = 0
    var rawType: Int8 = 0
    do throws(TensorError) {
      try guarded("tensor", ctorch_tensor_rank(handle, &rank, &rawType))
      var sizes = [Int64](repeating: 0, count: rank)
      try guarded("tensor", ctorch_tensor_shape(handle, &sizes, rank))
      guard let type = ElementType(rawValue: rawType) else {
        throw TensorError(
          "tensor", reason: "elements of libtorch's type \(rawType) aren't supported")
      }
      self.shape = sizes.map(Int.init)
      self.type = type
      self.device = if let device { device } else { try Self.device(of: handle) }
      self.handle = handle
    } catch {
      ctorch_tensor_free(handle)
      throw error
    }
  }

  deinit { ctorch_tensor_free(handle) }

  /// The number of dimensions.
  public var rank: Int { shape.count }
  /// The number of elements.
  public var count: Int { shape.reduce(1, *) }
}

// MARK: - From and to Swift's numbers

extension Tensor {
  /// Copies raw elements, row-major, in this machine's byte order.
  ///
  /// - Throws: `TensorError` when the number of bytes doesn't fit the shape.
  public convenience init(
    bytes: UnsafeRawBufferPointer, shape: [Int], type: ElementType
  ) throws(TensorError) {
    try self.init(owning: Self.copy(bytes, shape, type))
  }

  /// Lets the body fill new memory with raw elements, row-major, in this machine's byte order.
  ///
  /// The caller has checked that the shape's size is a number that memory can have.
  convenience init(
    shape: [Int], type: ElementType, _ fill: (UnsafeMutableRawBufferPointer) throws -> Void
  ) throws {
    try Runtime.check()
    var handle: OpaquePointer?
    var memory: UnsafeMutableRawPointer?
    var count = 0
    try guarded(
      "tensor", shapes: [shape],
      ctorch_tensor_empty(
        shape.map(Int64.init), shape.count, type.rawValue, &handle, &memory, &count))
    guard let handle else { throw TensorError("tensor", reason: "no tensor came") }
    do {
      try fill(UnsafeMutableRawBufferPointer(start: memory, count: count))
    } catch {
      ctorch_tensor_free(handle)
      throw error
    }
    try self.init(owning: handle)
  }

  /// Copies single-precision numbers, row-major; without a shape they form a vector.
  public convenience init(_ values: [Float], shape: [Int]? = nil) throws(TensorError) {
    try self.init(owning: Self.copy(elements: values, shape, .float32))
  }

  /// Copies double-precision numbers, row-major; without a shape they form a vector.
  public convenience init(_ values: [Double], shape: [Int]? = nil) throws(TensorError) {
    try self.init(owning: Self.copy(elements: values, shape, .float64))
  }

  /// Copies bytes, row-major; without a shape they form a vector.
  public convenience init(_ values: [UInt8], shape: [Int]? = nil) throws(TensorError) {
    try self.init(owning: Self.copy(elements: values, shape, .uint8))
  }

  /// Copies indices, row-major; without a shape they form a vector.
  public convenience init(_ values: [Int64], shape: [Int]? = nil) throws(TensorError) {
    try self.init(owning: Self.copy(elements: values, shape, .int64))
  }

  private static func copy<T: BitwiseCopyable>(
    elements: [T], _ shape: [Int]?, _ type: ElementType
  ) throws(TensorError) -> OpaquePointer {
    try elements.withUnsafeBufferPointer { (buffer) throws(TensorError) in
      try copy(UnsafeRawBufferPointer(buffer), shape ?? [elements.count], type)
    }
  }

  private static func copy(
    _ bytes: UnsafeRawBufferPointer, _ shape: [Int], _ type: ElementType
  ) throws(TensorError) -> OpaquePointer {
    try Runtime.check()
    let product = shape.reduce((part: 1, fits: true)) { product, size in
      let next = product.part.multipliedReportingOverflow(by: size)
      return (next.partialValue, product.fits && !next.overflow && size >= 0)
    }
    guard product.fits, product.part == bytes.count / type.byteCount,
      bytes.count % type.byteCount == 0
    else {
      throw TensorError(
        "tensor from elements", shapes: [shape],
        reason: "the shape doesn't fit \(bytes.count) bytes of \(type)")
    }
    var handle: OpaquePointer?
    try guarded(
      "tensor from elements", shapes: [shape],
      ctorch_tensor_from_bytes(
        bytes.baseAddress, bytes.count, shape.map(Int64.init), shape.count, type.rawValue, &handle))
    guard let handle else { throw TensorError("tensor from elements", reason: "no tensor came") }
    return handle
  }

  /// The elements as single-precision numbers, row-major.
  public func floats() throws(TensorError) -> [Float] {
    try elements(as: .float32, zero: 0)
  }

  /// The elements as double-precision numbers, row-major.
  public func doubles() throws(TensorError) -> [Double] {
    try elements(as: .float64, zero: 0)
  }

  /// The elements as whole numbers, row-major; fractions are cut off.
  public func integers() throws(TensorError) -> [Int64] {
    try elements(as: .int64, zero: 0)
  }

  /// The elements as bytes, row-major; clamp first, since values outside 0…255 wrap.
  public func bytes() throws(TensorError) -> [UInt8] {
    try elements(as: .uint8, zero: 0)
  }

  /// The raw elements in their own type, row-major, in this machine's byte order.
  public func rawBytes() throws(TensorError) -> [UInt8] {
    try read(count: count * type.byteCount, zero: 0)
  }

  /// The only element of a tensor of one element.
  public func item() throws(TensorError) -> Double {
    let values = try doubles()
    guard values.count == 1, let value = values.first else {
      throw TensorError("item", shapes: [shape], reason: "the tensor must hold one element")
    }
    return value
  }

  private func elements<T: BitwiseCopyable>(
    as type: ElementType, zero: T
  ) throws(TensorError) -> [T] {
    let converted = self.type == type ? self : try to(type)
    return try converted.read(count: count, zero: zero)
  }

  private func read<T: BitwiseCopyable>(count: Int, zero: T) throws(TensorError) -> [T] {
    var values = [T](repeating: zero, count: count)
    try values.withUnsafeMutableBytes { bytes in
      Result { () throws(TensorError) in
        try guarded(
          "read", shapes: [shape], ctorch_tensor_to_bytes(handle, bytes.baseAddress, bytes.count))
      }
    }.get()
    return values
  }
}

// MARK: - Constants

extension Tensor {
  /// A tensor of zeros.
  public static func zeros(
    _ shape: [Int], type: ElementType = .float32
  ) throws(TensorError) -> Tensor {
    try full(shape, 0, type: type)
  }

  /// A tensor of ones.
  public static func ones(
    _ shape: [Int], type: ElementType = .float32
  ) throws(TensorError) -> Tensor {
    try full(shape, 1, type: type)
  }

  /// A tensor that holds one value everywhere.
  public static func full(
    _ shape: [Int], _ value: Double, type: ElementType = .float32
  ) throws(TensorError) -> Tensor {
    try call1("full", .ints(shape), .double(value), .type(type))
  }

  /// The numbers 0, 1, … below the count.
  public static func range(
    _ count: Int, type: ElementType = .int64
  ) throws(TensorError) -> Tensor {
    try call1("arange", .int(count), .type(type))
  }

  /// The identity matrix.
  public static func identity(
    _ size: Int, type: ElementType = .float32
  ) throws(TensorError) -> Tensor {
    try call1("eye", .int(size), .type(type))
  }
}

// MARK: - Conversions

extension Tensor {
  /// The same values as another type of element.
  public func to(_ type: ElementType) throws(TensorError) -> Tensor {
    try call1("to.dtype", .tensor(self), .type(type))
  }

  /// The same values on a device.
  public func to(_ device: Device) throws(TensorError) -> Tensor {
    try call1("to.device", .tensor(self), .device(device), .type(type))
  }

  /// A tensor `[batch, channels, height, width]` with its channels innermost in memory.
  ///
  /// The shape and the values stay; convolutions run faster.
  public func channelsLast() throws(TensorError) -> Tensor {
    try call1("contiguous", .tensor(self), .int(2))
  }

  /// The tensor row-major in memory.
  public func contiguous() throws(TensorError) -> Tensor {
    try call1("contiguous", .tensor(self), .int(0))
  }

  /// A copy with memory of its own.
  public func copy() throws(TensorError) -> Tensor {
    try call1("clone", .tensor(self))
  }

  /// Overwrites the elements with those of another tensor of a shape that fits.
  public func assign(_ source: Tensor) throws(TensorError) {
    try withoutGradient { () throws(TensorError) in
      _ = try call("copy_", .tensor(self), .tensor(source))
    }
  }
}
