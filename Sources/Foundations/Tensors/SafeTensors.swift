import FoundationEssentials

/// Reads and writes the safetensors format: a JSON header, then the raw elements.
///
/// Source: github.com/huggingface/safetensors, README, «Format».
enum SafeTensors {
  private struct Entry: Codable {
    let dtype: String
    let shape: [Int]
    let offsets: [Int]

    enum CodingKeys: String, CodingKey {
      case dtype
      case shape
      case offsets = "data_offsets"
    }
  }

  private enum Item: Decodable {
    case tensor(Entry)
    case metadata([String: String])

    init(from decoder: any Decoder) throws {
      if let entry = try? Entry(from: decoder) {
        self = .tensor(entry)
      } else {
        self = .metadata(try [String: String](from: decoder))
      }
    }
  }

  private static let types: [String: ElementType] = [
    "F32": .float32, "F64": .float64, "F16": .float16, "BF16": .bfloat16, "I64": .int64,
    "I32": .int32, "I16": .int16, "I8": .int8, "U8": .uint8, "BOOL": .bool,
  ]
  /// Four times what 100,000 tensors need; decoding takes a multiple of it.
  private static let headerLimit = 16 << 20

  /// Whether the file starts as safetensors files do: a plausible length and a brace.
  static func matches(_ file: ByteFile) -> Bool {
    guard let head = try? file.read(0, 9) else { return false }
    return head[8] == UInt8(ascii: "{") && head.littleEndian(0, 8) <= UInt64(file.count)
  }

  /// Where one tensor lies.
  struct Place {
    let type: ElementType
    let shape: [Int]
    let offset: Int
    let count: Int
  }

  /// The places of all tensors, checked against the file's size, and the metadata.
  static func places(
    _ file: ByteFile
  ) throws(CheckpointError) -> (places: [String: Place], metadata: [String: String]) {
    let length = try file.read(0, 8).littleEndian(0, 8)
    guard length <= headerLimit, Int(length) <= file.count - 8 else {
      throw file.damaged("the header's length")
    }
    let header = try file.read(8, Int(length))
    let items: [String: Item]
    do {
      items = try JSONDecoder().decode([String: Item].self, from: Data(header))
    } catch { throw file.damaged("the header isn't the JSON of a safetensors file") }
    var places: [String: Place] = [:]
    var metadata: [String: String] = [:]
    let start = 8 + Int(length)
    var budget = file.count - start
    for (name, item) in items.sorted(by: { $0.key < $1.key }) {
      switch item {
      case .metadata(let values):
        guard name == "__metadata__" else { throw file.damaged("the entry \(name)") }
        metadata = values
      case .tensor(let entry):
        guard let type = types[entry.dtype] else {
          throw CheckpointError(
            file.path, "the tensor \(name) has elements of type \(entry.dtype)",
            remedy: "save it as F32")
        }
        guard entry.offsets.count == 2, entry.offsets[0] >= 0,
          entry.offsets[1] >= entry.offsets[0], entry.offsets[1] <= file.count - start
        else { throw file.damaged("the place of \(name)") }
        let count = entry.offsets[1] - entry.offsets[0]
        // Tensors don't overlap, so together they are never larger than the file.
        budget -= count
        guard budget >= 0 else { throw file.damaged("its tensors overlap") }
        guard byteCount(of: entry.shape, each: type.byteCount) == count else {
          throw file.damaged("the shape of \(name)")
        }
        places[name] = Place(
          type: type, shape: entry.shape, offset: start + entry.offsets[0], count: count)
      }
    }
    return (places, metadata)
  }

  /// Reads one tensor.
  static func tensor(
    _ name: String, _ place: Place, _ file: ByteFile
  ) throws(CheckpointError) -> Tensor {
    do {
      return try Tensor(shape: place.shape, type: place.type) { buffer in
        try file.read(place.offset, into: buffer)
      }
    } catch let error as CheckpointError {
      throw error
    } catch let error as TensorError {
      throw file.unmade(name, error)
    } catch { throw file.damaged("\(name): \(error)") }
  }

  static func read(
    _ file: ByteFile
  ) throws(CheckpointError) -> (tensors: [String: Tensor], metadata: [String: String]) {
    let (places, metadata) = try places(file)
    var tensors: [String: Tensor] = [:]
    for (name, place) in places { tensors[name] = try tensor(name, place, file) }
    return (tensors, metadata)
  }

  static func write(
    _ tensors: [String: Tensor], metadata: [String: String], to path: String
  ) throws {
    var header: [String: Entry] = [:]
    var parts: [[UInt8]] = []
    var offset = 0
    let codes = Dictionary(types.map { ($1, $0) }, uniquingKeysWith: { $1 })
    // Larger elements first, so that every tensor starts at a multiple of its element's size.
    let order = tensors.sorted {
      ($1.value.type.byteCount, $0.key) < ($0.value.type.byteCount, $1.key)
    }
    for (name, tensor) in order {
      guard let code = codes[tensor.type] else {
        throw CheckpointError(
          path, "the tensor \(name) has elements of type \(tensor.type)",
          remedy: "convert it to float32 first")
      }
      let bytes = try tensor.rawBytes()
      header[name] = Entry(
        dtype: code, shape: tensor.shape, offsets: [offset, offset + bytes.count])
      offset += bytes.count
      parts.append(bytes)
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = String(decoding: try encoder.encode(header), as: UTF8.self)
    if !metadata.isEmpty {
      let extra = String(decoding: try encoder.encode(["__metadata__": metadata]), as: UTF8.self)
      text = header.isEmpty ? extra : String(extra.dropLast()) + "," + String(text.dropFirst())
    }
    text += String(repeating: " ", count: (8 - text.utf8.count % 8) % 8)
    let length = (0..<8).map { UInt8(truncatingIfNeeded: text.utf8.count >> (8 * $0)) }
    try ByteFile.write([length, Array(text.utf8)] + parts, to: path)
  }
}
