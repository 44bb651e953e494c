import Foundation
import NeuralModels

/// Everything that an embedding could be recognized by in a file.
struct EmbeddingTraces {
  /// The first eight bytes of short pieces of each embedding, in the ways in which a program might
  /// write them.
  private let pieces: [UInt64: String]
  /// One whole embedding in each of these ways.
  let examples: [(form: String, bytes: Data)]

  init(_ embeddings: [(String, FaceEmbedding)]) {
    var pieces: [(label: String, bytes: Data)] = []
    for (name, embedding) in embeddings {
      let values = embedding.values
      for at in stride(from: 0, to: values.count - 1, by: 2) {
        let pair = Array(values[at...at + 1])
        pieces.append(("\(name), singles", Self.singles(pair, isBig: false)))
        pieces.append(("\(name), singles, big-endian", Self.singles(pair, isBig: true)))
        pieces.append(("\(name), doubles", Self.doubles([values[at]])))
        pieces.append(("\(name), text", Data(String(format: "%.6f", values[at]).utf8)))
        let hexadecimal = Self.singles(pair, isBig: false).map { String(format: "%02x", $0) }
        pieces.append(("\(name), hexadecimal", Data(hexadecimal.joined().utf8)))
      }
      // Twelve bytes are sixteen characters, whatever stands before.
      for at in stride(from: 0, to: values.count - 2, by: 3) {
        let three = Self.singles(Array(values[at...at + 2]), isBig: false)
        pieces.append(("\(name), base 64", Data(three.base64EncodedString().utf8)))
      }
    }
    self.pieces = Dictionary(
      pieces.map { piece in
        (piece.bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }, piece.label)
      }, uniquingKeysWith: { one, _ in one })
    let values = embeddings.first?.1.values ?? []
    let little = Self.singles(values, isBig: false)
    examples = [
      ("singles", little), ("big-endian", Self.singles(values, isBig: true)),
      ("doubles", Self.doubles(values)), ("base 64", Data(little.base64EncodedString().utf8)),
      ("text", Data(values.map { String(format: "%.8f", $0) }.joined(separator: ",").utf8)),
      ("hexadecimal", Data(little.map { String(format: "%02x", $0) }.joined().utf8)),
    ]
  }

  private static func singles(_ values: [Float], isBig: Bool) -> Data {
    values.reduce(into: Data()) { data, value in
      let bits = isBig ? value.bitPattern.bigEndian : value.bitPattern.littleEndian
      withUnsafeBytes(of: bits) { data.append(contentsOf: $0) }
    }
  }

  private static func doubles(_ values: [Float]) -> Data {
    values.reduce(into: Data()) { data, value in
      withUnsafeBytes(of: Double(value).bitPattern.littleEndian) { data.append(contentsOf: $0) }
    }
  }

  /// The files of a folder that hold a piece; each file is named once.
  func found(in folder: String) throws -> [String] {
    var files: [String] = []
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder).sorted() {
      var isFolder: ObjCBool = false
      let path = "\(folder)/\(name)"
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
        !isFolder.boolValue
      else { continue }
      let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
      let label = bytes.withUnsafeBytes { bytes -> String? in
        for at in 0..<max(0, bytes.count - 7) {
          let piece = bytes.loadUnaligned(fromByteOffset: at, as: UInt64.self)
          if let label = pieces[piece] { return label }
        }
        return nil
      }
      if let label { files.append("\(name): \(label)") }
    }
    return files
  }
}
