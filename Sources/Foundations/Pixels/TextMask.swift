internal import CVips
internal import Domain

/// One line of text as the coverage of its ink, to be painted on an image.
public struct TextMask: Hashable, Sendable {
  /// The width of the ink.
  public let widthPixels: Int
  /// The height of the ink.
  public let heightPixels: Int
  /// How much of each pixel is ink, 0…255, row after row.
  public let coverage: [UInt8]

  /// Sets a line in the system's sans-serif font.
  ///
  /// Nil when there is no ink, or no font. Control characters become spaces. Pango, which libvips
  /// brings along, shapes every script that a font is there for.
  ///
  /// - Parameters:
  ///   - text: the line; cut after 300 characters.
  ///   - sizePixels: the font's size, 4…400.
  ///   - isBold: whether the letters are bold.
  public init?(_ text: String, sizePixels: Int, isBold: Bool = false) {
    var markup = ""
    for scalar in text.prefix(300).unicodeScalars {
      switch scalar {
      case "&": markup += "&amp;"
      case "<": markup += "&lt;"
      case ">": markup += "&gt;"
      default:
        markup.unicodeScalars.append(scalar.isControl ? " " : scalar)
      }
    }
    let font = "sans \(isBold ? "bold " : "")\(min(max(sizePixels, 4), 400))"
    guard let mask = try? VipsHandle(path: "text", { cvips_text(markup, font, $0) }),
      let two = try? VipsHandle(path: "text", { cvips_join(mask.pointer, mask.pointer, $0) }),
      let three = try? VipsHandle(path: "text", { cvips_join(two.pointer, mask.pointer, $0) })
    else { return nil }
    let (width, height) = (Int(mask.header.width), Int(mask.header.height))
    guard width > 0, height > 0, mask.header.bands == 1 else { return nil }
    var samples = [UInt8](repeating: 0, count: 3 * width * height)
    let isRead = samples.withUnsafeMutableBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return false }
      return (try? three.read(rows: height, at: 0, into: start, path: "text")) != nil
    }
    guard isRead else { return nil }
    widthPixels = width
    heightPixels = height
    coverage = stride(from: 0, to: samples.count, by: 3).map { samples[$0] }
  }
}
