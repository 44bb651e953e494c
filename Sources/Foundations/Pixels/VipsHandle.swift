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
      throw PhotoError(
        path, .damaged, "the image is damaged (\(messages.failureText))",
        remedy: "copy it again from its source")
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

  /// Copies rows of an image of as many bands and bits; rows are asked for from top to bottom.
  func read<Level: FixedWidthInteger & UnsignedInteger>(
    rows: Int, at top: Int, bands: Int = 3, into samples: UnsafeMutablePointer<Level>, path: String
  ) throws(PhotoError) {
    var messages = cvips_messages()
    let status = cvips_read_rows(
      pointer, Int32(top), Int32(rows), Int32(bands), Int32(Level.bitWidth), samples, &messages)
    guard status == 0 else {
      throw PhotoError(
        path, .damaged, "the image is truncated or corrupt (\(messages.failureText))",
        remedy: "copy it again from its source")
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
