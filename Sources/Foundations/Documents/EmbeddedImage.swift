import Foundation

/// An image inside a document, given as the bytes of a JPEG, PNG or WebP file.
public struct EmbeddedImage: Hashable, Sendable {
  /// The kinds that browsers show and that hold no code.
  public enum Kind: String, Hashable, Sendable {
    case jpeg, png, webp
  }

  /// The kind, recognized by the first bytes.
  public let kind: Kind
  /// The file's bytes.
  public let bytes: [UInt8]

  /// Takes a file's bytes; `nil` unless they start as a JPEG, PNG or WebP file does.
  public init?(_ bytes: [UInt8]) {
    if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      kind = .jpeg
    } else if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      kind = .png
    } else if bytes.starts(with: Array("RIFF".utf8))
      && bytes.dropFirst(8).starts(with: Array("WEBP".utf8))
    {
      kind = .webp
    } else {
      return nil
    }
    self.bytes = bytes
  }

  /// The image as a `data:` address.
  var dataURI: String {
    "data:image/\(kind.rawValue);base64,\(Data(bytes).base64EncodedString())"
  }
}
