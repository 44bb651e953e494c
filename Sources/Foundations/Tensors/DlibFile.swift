/// The weights inside a network that dlib wrote (`serialize`), in the order of the layers from the
/// input on.
///
/// dlib writes its types' names as strings, numbers in a length byte and as many bytes as they need,
/// and tensors as four sizes and little-endian single-precision elements. Between the layers stand
/// settings that the name of the network implies; they are passed over.
///
/// Source: dlib 19.24, `dnn/layers.h` (`serialize` of `con_`, `affine_` and `fc_`),
/// `cuda/tensor_tools.cpp` and `serialize.h`.
public enum DlibFile {
  /// The kinds of layers that have weights.
  public enum Kind: Hashable, Sendable {
    /// A convolution: the kernels, `[outputs, inputs, rows, columns]`, then the biases.
    case convolution
    /// A scale and then an offset for each channel.
    case affine
    /// A matrix `[inputs, outputs]`.
    case linear
  }

  /// The weights of one layer.
  public struct Layer: Hashable, Sendable {
    /// Its kind.
    public let kind: Kind
    /// The elements, row-major.
    public let values: [Float]
  }

  /// The most bytes that a file may have: far more than any face network.
  private static let limit = 1 << 28
  private static let names: [(name: [UInt8], kind: Kind)] = [
    (Array("con_4".utf8), .convolution), (Array("affine_".utf8), .affine),
    (Array("fc_2".utf8), .linear),
  ]

  /// Reads the layers that have weights.
  ///
  /// - Throws: `CheckpointError` when the file can't be read or holds no such layer.
  public static func layers(_ path: String) throws(CheckpointError) -> [Layer] {
    let file = try ByteFile(path)
    guard file.count <= limit else {
      throw CheckpointError(
        path, "has \(file.count) bytes, more than a network of dlib", remedy: "give another file")
    }
    var reader = Reader(bytes: try file.read(0, file.count), file: file)
    var layers: [Layer] = []
    while let kind = reader.nextLayer() {
      layers.append(Layer(kind: kind, values: try reader.weights(of: kind)))
    }
    guard !layers.isEmpty else {
      throw CheckpointError(
        path, "holds no layers of dlib", remedy: "give a network that dlib wrote")
    }
    return layers
  }

  /// Walks over the bytes of a file.
  private struct Reader {
    let bytes: [UInt8]
    let file: ByteFile
    var place = 0

    /// Goes behind the next name of a layer; nil when there is none.
    mutating func nextLayer() -> Kind? {
      // A string is its length as a number (one byte says that one follows), then its bytes.
      while place + 2 < bytes.count {
        if bytes[place] == 1 {
          let start = place + 2
          for (name, kind) in DlibFile.names
          where bytes[place + 1] == name.count && bytes[start...].starts(with: name) {
            place = start + name.count
            return kind
          }
        }
        place += 1
      }
      return nil
    }

    /// The tensor that follows a layer's name.
    mutating func weights(of kind: Kind) throws(CheckpointError) -> [Float] {
      // A matrix follows its own numbers of outputs and inputs.
      if kind == .linear { for _ in 0..<2 { _ = try number() } }
      guard try number() == 2 else { throw file.damaged("a tensor of an unknown version") }
      var count = 1
      for _ in 0..<4 {
        let size = try number()
        let product = count.multipliedReportingOverflow(by: size)
        guard size >= 0, !product.overflow else { throw file.damaged("a tensor of \(size)") }
        count = product.partialValue
      }
      guard count > 0, count <= (bytes.count - place) / 4 else {
        throw file.damaged("a tensor of \(count) elements at \(place)")
      }
      let start = place
      place += 4 * count
      return bytes.withUnsafeBytes { bytes in
        (0..<count).map {
          Float(
            bitPattern: UInt32(
              littleEndian: bytes.loadUnaligned(fromByteOffset: start + 4 * $0, as: UInt32.self)))
        }
      }
    }

    /// A number: a byte with its sign and its length, then the magnitude.
    private mutating func number() throws(CheckpointError) -> Int {
      guard place < bytes.count else { throw file.damaged("it ends at \(place)") }
      let (length, isNegative) = (Int(bytes[place] & 0x0F), bytes[place] & 0x80 != 0)
      guard bytes[place] & 0x70 == 0, (1...7).contains(length),
        length <= bytes.count - place - 1
      else { throw file.damaged("no number at \(place)") }
      let magnitude = Int(truncatingIfNeeded: bytes.littleEndian(place + 1, length))
      place += 1 + length
      return isNegative ? -magnitude : magnitude
    }
  }
}
