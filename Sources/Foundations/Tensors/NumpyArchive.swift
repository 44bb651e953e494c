/// Reads the numeric arrays of an uncompressed `.npz` archive.
///
/// Source: numpy.org/doc/stable/reference/generated/numpy.lib.format.html, versions 1 to 3.
enum NumpyArchive {
  private static let types: [String: ElementType] = [
    "<f4": .float32, "<f8": .float64, "<i8": .int64, "<i4": .int32, "|u1": .uint8, "|b1": .bool,
  ]

  static func read(_ file: ByteFile) throws(CheckpointError) -> [String: Tensor] {
    guard ZipArchive.matches(file) else {
      throw CheckpointError(
        file.path, "it is not an .npz archive", remedy: "give one of numpy.savez")
    }
    let archive = try ZipArchive(file)
    var result: [String: Tensor] = [:]
    for (name, entry) in archive.entries where name.hasSuffix(".npy") {
      result[String(name.dropLast(4))] = try array(archive, entry, file)
    }
    return result
  }

  private static func array(
    _ archive: ZipArchive, _ entry: ZipArchive.Entry, _ file: ByteFile
  ) throws(CheckpointError) -> Tensor {
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
    guard let type = types[code.filter { $0 != "'" }] else {
      throw CheckpointError(
        file.path, "the array \(entry.name) has elements of type \(code)",
        remedy: "save it as float64 or float32")
    }
    let parts = sizes.filter { $0 != "(" && $0 != ")" && $0 != " " }.split(separator: ",")
    let shape = parts.compactMap { Int($0) }
    guard shape.count == parts.count, shape.allSatisfy({ $0 >= 0 }) else {
      throw file.damaged("the shape of \(entry.name)")
    }
    let data = start + length
    let bytes = try archive.read(entry, data, entry.count - data)
    guard order == "True" else {
      return try Checkpoint.tensor(bytes, shape, type, entry.name, file)
    }
    let reversed = try Checkpoint.tensor(bytes, shape.reversed(), type, entry.name, file)
    do throws(TensorError) {
      return try reversed.permuted(Array(shape.indices.reversed())).contiguous()
    } catch { throw file.damaged("\(entry.name): \(error.reason)") }
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
