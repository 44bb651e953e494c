package import Domain

/// Reads variables of MATLAB files of version 5: real numeric matrices and cell arrays of them.
///
/// Reading is safe against damaged and hostile files: every length is checked against what is
/// there, and compressed variables may not grow beyond a limit. Source: MathWorks, «MAT-File
/// Format», level 5.
package enum MATLABFile {
  /// A variable.
  package indirect enum Value {
    /// Numbers, column by column.
    case matrix(rows: Int, columns: Int, columnMajor: [Double])
    /// The elements of a cell array, column by column.
    case cells([Value])
    /// Anything else.
    case other
  }

  /// A row-major matrix.
  package struct Matrix {
    package let rows: Int
    package let columns: Int
    package let values: [Double]
  }

  static func matches(_ bytes: [UInt8]) -> Bool { bytes.starts(with: "MATLAB 5.0".utf8) }

  /// The variables of a file by name.
  package static func read(_ bytes: [UInt8], _ path: String) throws(InputError) -> [String: Value] {
    guard matches(bytes), bytes.count >= 128, bytes[126...127].elementsEqual("IM".utf8) else {
      throw InputError(
        path, "it isn't a little-endian MATLAB file of version 5",
        remedy: "save it in MATLAB with the option -v7")
    }
    do throws(Damage) {
      var variables: [String: Value] = [:]
      var reader = Reader(bytes: bytes[128...])
      while !reader.bytes.isEmpty {
        var element = try reader.element(isTopLevel: true)
        if element.type == 15 {
          guard let plain = inflated(element.data, limit: ModelFile.largestByteCount) else {
            throw Damage()
          }
          var inner = Reader(bytes: plain[...])
          element = try inner.element(isTopLevel: false)
        }
        guard element.type == 14 else { continue }
        let (name, value) = try variable(element.data, depth: 0)
        variables[name] = value
      }
      return variables
    } catch {
      throw InputError(path, "it is damaged or cut off", remedy: "copy or download it again")
    }
  }

  /// Something in the file doesn't fit together.
  private struct Damage: Error {}

  private struct Element {
    let type: Int
    let data: ArraySlice<UInt8>
  }

  private struct Reader {
    var bytes: ArraySlice<UInt8>

    /// Takes `count` bytes.
    mutating func take(_ count: Int) throws(Damage) -> ArraySlice<UInt8> {
      guard count >= 0, count <= bytes.count else { throw Damage() }
      let taken = bytes.prefix(count)
      bytes = bytes.dropFirst(count)
      return taken
    }

    /// Takes the next element: a tag and its data, padded to 8 bytes unless compressed.
    mutating func element(isTopLevel: Bool) throws(Damage) -> Element {
      let first = integer(try take(4))
      if first >> 16 != 0 {
        guard first >> 16 <= 4, !isTopLevel else { throw Damage() }
        let data = try take(4)
        return Element(type: first & 0xFFFF, data: data.prefix(first >> 16))
      }
      let count = integer(try take(4))
      let data = try take(count)
      if first != 15 { bytes = bytes.dropFirst((8 - count % 8) % 8) }
      return Element(type: first, data: data)
    }
  }

  private static func integer(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// The name and the value of a matrix element.
  private static func variable(
    _ data: ArraySlice<UInt8>, depth: Int
  ) throws(Damage) -> (String, Value) {
    guard !data.isEmpty else { return ("", .other) }
    var reader = Reader(bytes: data)
    let flags = try reader.element(isTopLevel: false)
    let sizes = try numbers(reader.element(isTopLevel: false))
    let name = try reader.element(isTopLevel: false).data
    guard flags.type == 6, flags.data.count == 8, sizes.count >= 2,
      sizes.allSatisfy({ $0 >= 0 && $0 <= 1e9 })
    else { throw Damage() }
    let count = sizes.reduce(1, *)
    guard count <= Double(ModelFile.largestByteCount) else { throw Damage() }
    let kind = integer(flags.data.prefix(1))
    let isComplex = integer(flags.data.prefix(4)) & 0x800 != 0
    let text = String(decoding: name, as: UTF8.self)
    if kind == 1 {
      // Each cell takes at least its tag.
      guard depth < 4, count * 8 <= Double(reader.bytes.count) else { throw Damage() }
      var cells: [Value] = []
      for _ in 0..<Int(count) {
        let element = try reader.element(isTopLevel: false)
        guard element.type == 14 else { throw Damage() }
        cells.append(try variable(element.data, depth: depth + 1).1)
      }
      return (text, .cells(cells))
    }
    guard (6...15).contains(kind), !isComplex, sizes.count == 2 else { return (text, .other) }
    let values = try numbers(reader.element(isTopLevel: false))
    guard values.count == Int(count) else { throw Damage() }
    return (
      text, .matrix(rows: Int(sizes[0]), columns: Int(sizes[1]), columnMajor: values)
    )
  }

  /// The numbers of an element, of any of the storage types.
  private static func numbers(_ element: Element) throws(Damage) -> [Double] {
    let data = element.data
    func all<Raw: FixedWidthInteger>(_ type: Raw.Type, _ convert: (Raw) -> Double) -> [Double]? {
      let size = MemoryLayout<Raw>.size
      guard data.count % size == 0 else { return nil }
      return data.withUnsafeBytes { bytes in
        stride(from: 0, to: bytes.count, by: size).map {
          convert(Raw(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: Raw.self)))
        }
      }
    }
    let values =
      switch element.type {
      case 1: all(Int8.self) { Double($0) }
      case 2: all(UInt8.self) { Double($0) }
      case 3: all(Int16.self) { Double($0) }
      case 4: all(UInt16.self) { Double($0) }
      case 5: all(Int32.self) { Double($0) }
      case 6: all(UInt32.self) { Double($0) }
      case 7: all(UInt32.self) { Double(Float(bitPattern: $0)) }
      case 9: all(UInt64.self) { Double(bitPattern: $0) }
      case 12: all(Int64.self) { Double($0) }
      case 13: all(UInt64.self) { Double($0) }
      default: [Double]?.none
      }
    guard let values else { throw Damage() }
    return values
  }
}

extension MATLABFile.Value {
  /// The matrix with the numbers row by row; nil for other values.
  package var matrix: MATLABFile.Matrix? {
    guard case .matrix(let rows, let columns, let values) = self else { return nil }
    var rowMajor = [Double](repeating: 0, count: values.count)
    for column in 0..<columns {
      for row in 0..<rows { rowMajor[row * columns + column] = values[column * rows + row] }
    }
    return MATLABFile.Matrix(rows: rows, columns: columns, values: rowMajor)
  }
}
