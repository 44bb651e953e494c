package import Crypto
public import Domain
internal import Foundation

/// The fingerprint of a file's content.
public enum FileDigest {
  /// The SHA-256 of a file, as 64 hexadecimal digits; read in parts, so any size will do.
  ///
  /// - Throws: `InputError` when the file can't be read.
  public static func sha256(_ path: String) throws(InputError) -> String {
    let descriptor = try InputFile.openForReading(path)
    defer { close(descriptor) }
    var hash = SHA256()
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while let count = try InputFile.fill(&chunk, from: descriptor, of: path) {
      chunk.withUnsafeBytes {
        hash.update(bufferPointer: UnsafeRawBufferPointer(rebasing: $0[..<count]))
      }
    }
    return text(hash.finalize())
  }

  /// The SHA-256 of bytes in memory, as 64 hexadecimal digits.
  public static func sha256(_ bytes: [UInt8]) -> String { text(SHA256.hash(data: bytes)) }

  package static func text(_ digest: SHA256.Digest) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in digest {
      text.append(digits[Int(byte >> 4)])
      text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension Provenance {
  /// The SHA-256 of each file, by path, for ``inputs``.
  ///
  /// - Throws: `InputError` when a file can't be read.
  public static func digests(of paths: [String]) throws(InputError) -> [String: String] {
    var digests: [String: String] = [:]
    for path in paths { digests[path] = try FileDigest.sha256(path) }
    return digests
  }
}
