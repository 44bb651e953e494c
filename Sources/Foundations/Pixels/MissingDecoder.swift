/// A decoder that a libvips was built without, read from what it says about a photo.
struct MissingDecoder {
  /// The format that can't be decoded.
  let format: String

  /// Finds the decoder; nil where the words tell of something else.
  ///
  /// libvips has no operation of that name (`class "jp2kload_source" not found`), or its libheif
  /// lacks the codec (`Support for this compression format has not been built in: HEVC (…)`,
  /// before libheif 1.17 `Unsupported codec`).
  init?(_ text: String) {
    if let start = text.firstRange(of: "class \""), let end = text.firstRange(of: "\" not found") {
      guard start.upperBound <= end.lowerBound else { return nil }
      let operation = text[start.upperBound..<end.lowerBound]
      let names = ["jp2kload": "JPEG 2000", "heifload": "HEIC and AVIF", "webpload": "WebP"]
      let known = names.first { operation.hasPrefix($0.key) }
      format = known?.value ?? String(operation.prefix { $0 != "_" })
    } else if let start = text.firstRange(of: "has not been built in: ") {
      format = String(text[start.upperBound...].prefix { $0.isLetter || $0.isNumber })
    } else if text.contains("Unsupported codec") {
      format = "this kind of HEIC or AVIF"
    } else {
      return nil
    }
  }
}
