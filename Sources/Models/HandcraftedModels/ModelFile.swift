import Domain
import Foundation

/// Files of parameters: read whole, written whole.
enum ModelFile {
  /// No file of parameters is larger.
  static let largestByteCount = 256 << 20

  static func bytes(_ path: String) throws(InputError) -> [UInt8] {
    do {
      let attributes = try FileManager.default.attributesOfItem(atPath: path)
      let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
      let isDirectory = (attributes[.type] as? FileAttributeType) == .typeDirectory
      guard !isDirectory, size <= largestByteCount else {
        throw InputError(
          path, isDirectory ? "it is a folder" : "it is larger than 256 MiB",
          remedy: "give a file of parameters")
      }
      return Array(try Data(contentsOf: URL(fileURLWithPath: path)))
    } catch let error as InputError {
      throw error
    } catch {
      throw InputError(path, "it can't be read", remedy: "check the path and the permissions")
    }
  }

  static func write(_ value: some Encodable, to path: String) throws(InputError) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    do {
      try encoder.encode(value).write(to: URL(fileURLWithPath: path), options: .atomic)
    } catch {
      throw InputError(
        path, "it can't be written", remedy: "check the path, the permissions and the free space")
    }
  }

  static func decode<Value: Decodable>(
    _ type: Value.Type, _ bytes: [UInt8], _ path: String
  ) throws(InputError) -> Value {
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw InputError(
        path, "it isn't a file of parameters of this model",
        remedy: "give one that this program has written, or import the authors' files")
    }
  }
}
