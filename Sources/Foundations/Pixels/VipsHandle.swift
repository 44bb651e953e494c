internal import CVips

/// Owns one image of libvips and frees it.
///
/// Handles are used inside one synchronous call and never cross threads, so the class is not
/// `Sendable`.
final class VipsHandle {
  /// The C handle.
  let pointer: OpaquePointer

  /// Takes a handle that a C call made.
  ///
  /// `make` is given the messages of the call; `failed` turns their text into the error.
  init(
    path: String, _ make: (UnsafeMutablePointer<cvips_messages>) -> OpaquePointer?
  ) throws(PhotoError) {
    try Self.startLibrary()
    var messages = cvips_messages()
    guard let pointer = make(&messages) else {
      throw Self.decodingError(path, "damaged", messages.failureText)
    }
    self.pointer = pointer
    warnings = messages.warningsText
  }

  /// What the library warned of while it made the image.
  let warnings: String

  deinit { cvips_close(pointer) }

  /// The facts of the header.
  var header: cvips_header { cvips_describe(pointer) }

  /// Starts libvips once: it works on the calling thread alone and keeps no cache.
  static func startLibrary() throws(PhotoError) {
    if let failure = startFailure { throw failure }
  }

  /// The outcome of starting the library, determined once, by the first caller.
  private static let startFailure: PhotoError? = {
    var messages = cvips_messages()
    guard cvips_start(1, &messages) != 0 else { return nil }
    return PhotoError(
      "libvips", .library, "can't start (\(messages.failureText))",
      remedy: "install Debian's libvips42, or run Scripts/setup again")
  }()

  /// The error of an image that the library did not read: its decoder is missing, or it is damaged.
  private static func decodingError(_ path: String, _ state: String, _ text: String) -> PhotoError {
    guard let decoder = MissingDecoder(text) else {
      return PhotoError(
        path, .damaged, "the image is \(state) (\(text))",
        remedy: "copy it again from its source")
    }
    return PhotoError(
      path, .unsupported, "the libvips in use has no decoder of \(decoder.format)",
      remedy: "convert the photo to JPEG or PNG, or take another libvips, such as that of Debian's "
        + "libvips42 with VERNIER_VIPS_LIBRARY=libvips.so.42")
  }

  /// Copies rows of an image of as many bands and bits; rows are asked for from top to bottom.
  func read<Level: FixedWidthInteger & UnsignedInteger>(
    rows: Int, at top: Int, bands: Int = 3, into samples: UnsafeMutablePointer<Level>, path: String
  ) throws(PhotoError) {
    var messages = cvips_messages()
    let status = cvips_read_rows(
      pointer, Int32(top), Int32(rows), Int32(bands), Int32(Level.bitWidth), samples, &messages)
    guard status == 0 else {
      throw Self.decodingError(path, "truncated or corrupt", messages.failureText)
    }
  }
}

extension cvips_messages {
  /// The failure's text.
  var failureText: String {
    let text = Self.text(of: failure)
    return text.isEmpty ? "no reason given" : text
  }

  /// The warnings' text.
  var warningsText: String { Self.text(of: warnings) }

  /// Reads a C character array up to its zero byte.
  private static func text<Characters>(of characters: Characters) -> String {
    withUnsafeBytes(of: characters) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        .trimmingSpaces()
    }
  }
}

extension String {
  /// The text without spaces at its ends.
  func trimmingSpaces() -> String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
