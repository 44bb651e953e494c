/// A numeric array of NumPy.
public struct NumpyArray: Hashable, Sendable {
  /// The size along each dimension.
  public let shape: [Int]
  /// The elements, row-major; whole numbers above 2⁵³ are rounded.
  public let values: [Double]
}

/// Reads the numeric arrays of an uncompressed `.npz` archive, without libtorch.
///
/// Source: numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1 to 3.
enum NumpyArchive {
  private struct Form: Sendable {
    let byteCount: Int
    let number: @Sendable (UnsafeRawBufferPointer, _ offset: Int) -> Double
  }

  private static let forms = [
    "<f4": Form(byteCount: 4) { Double($0.loadUnaligned(fromByteOffset: $1, as: Float.self)) },
    "<f8": Form(byteCount: 8) { $0.loadUnaligned(fromByteOffset: $1, as: Double.self) },
    "<i8": Form(byteCount: 8) { Double($0.loadUnaligned(fromByteOffset: $1, as: Int64.self)) },
    "<i4": Form(byteCount: 4) { Double($0.loadUnaligned(fromByteOffset: $1, as: Int32.self)) },
    "|u1": Form(byteCount: 1) { Double($0[$1]) },
    "|b1": Form(byteCount: 1) { $0[$1] == 0 ? 0 : 1 },
  ]

  static func read(_ file: ByteFile) throws(CheckpointError) -> [String: NumpyArray] {
    guard ZipArchive.matches(file) else {
      throw CheckpointError(
        file.path, "it is not an .npz archive", remedy: "give one of numpy.savez")
    }
    let archive = try ZipArchive(file)
    var result: [String: NumpyArray] = [:]
    for (name, entry) in archive.entries where name.hasSuffix(".npy") {
      result[String(name.dropLast(4))] = try array(archive, entry, file)
    }
    return result
  }

  private static func array(
    _ archive: ZipArchive, _ entry: ZipArchive.Entry, _ file: ByteFile
  ) throws(CheckpointError) -> NumpyArray {
    let head = try archive.read(entry, 0, min(entry.count, 12))
    guard head.count == 12, Array(head[0..<6]) == [0x93] + Array("NUMPY".utf8) else {
      throw file.damaged(entry.name)
    }
    let wide = head[6] > 1
    let start = wide ? 12 : 10
    let length = Int(wide ? head.littleEndian(8, 4) : head.littleEndian(8, 2))
    guard length <= 1 << 16 else { throw file.damaged(entry.name) }
    let header = String(decoding: try archive.read(entry, start, length), as: UTF8.self)
    guard let code = value("descr", header), let order = value("fortran_order", header),
      let sizes = value("shape", header)
    else { throw file.damaged("the header of \(entry.name)") }
    guard let form = forms[code.filter { $0 != "'" }] else {
      throw CheckpointError(
        file.path, "the array \(entry.name) has elements of type \(code)",
        remedy: "save it as float64 or float32")
    }
    let parts = sizes.filter { $0 != "(" && $0 != ")" && $0 != " " }.split(separator: ",")
    let shape = parts.compactMap { Int($0) }
    let data = start + length
    let bytes = try archive.read(entry, data, entry.count - data)
    guard shape.count == parts.count,
      byteCount(of: shape, each: form.byteCount) == bytes.count
    else {
      throw file.damaged("the shape of \(entry.name)")
    }
    let values = bytes.withUnsafeBytes { buffer in
      stride(from: 0, to: buffer.count, by: form.byteCount).map { form.number(buffer, $0) }
    }
    return NumpyArray(
      shape: shape, values: order == "True" ? rowMajor(values, shape) : values)
  }

  /// The elements of an array that is kept column by column.
  private static func rowMajor(_ values: [Double], _ shape: [Int]) -> [Double] {
    var steps: [Int] = []
    var step = 1
    for size in shape {
      steps.append(step)
      step *= size
    }
    var place = [Int](repeating: 0, count: shape.count)
    return values.indices.map { _ in
      let value = values[zip(place, steps).reduce(0) { $0 + $1.0 * $1.1 }]
      for axis in shape.indices.reversed() {
        place[axis] += 1
        if place[axis] < shape[axis] { break }
        place[axis] = 0
      }
      return value
    }
  }

  /// The text of one entry of the header, a Python dictionary of three.
  private static func value(_ key: String, _ header: String) -> String? {
    guard let mark = header.firstRange(of: "'\(key)':") else { return nil }
    let rest = header[mark.upperBound...].drop { $0 == " " }
    if rest.first == "(" {
      guard let end = rest.firstIndex(of: ")") else { return nil }
      return String(rest[...end])
    }
    return String(rest.prefix { $0 != "," && $0 != "}" })
  }
}
