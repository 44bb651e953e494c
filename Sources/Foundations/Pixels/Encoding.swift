internal import CVips
internal import Domain
internal import Files

/// The file formats that images are written in.
public enum ImageEncoding: Hashable, Sendable {
  /// JPEG with full-resolution chroma (4:4:4) at a quality of 1…100.
  case jpeg(quality: Int = 95)
  /// PNG, lossless, at a zlib level of 0…9.
  case png(compression: Int = 1)
  /// Lossless WebP at an effort of 0…6: smaller and slower than PNG.
  case webpLossless(effort: Int = 1)
  /// Lossy WebP at a quality of 1…100.
  case webp(quality: Int = 95)

  /// The usual suffix of file names, without the dot.
  public var fileExtension: String {
    switch self {
    case .jpeg: "jpg"
    case .png: "png"
    case .webpLossless, .webp: "webp"
    }
  }
}

extension RasterImage {
  /// Encodes the image in memory.
  ///
  /// - Parameters:
  ///   - encoding: the format and its settings; numbers out of range are clamped.
  ///   - name: stands for the path in errors.
  /// - Returns: the bytes of the file.
  /// - Throws: `PhotoError.Kind.unwritable` when the format can't hold the image.
  public func encoded(
    as encoding: ImageEncoding, name: String = "image"
  ) throws(PhotoError) -> [UInt8] {
    var outcome: Result<[UInt8], PhotoError> = .success([])
    withRows { rows in
      do throws(PhotoError) {
        let image = try VipsHandle(path: name) {
          cvips_wrap(rows, Int32(widthPixels), Int32(heightPixels), 3, $0)
        }
        outcome = .success(try Self.encode(image, encoding, name))
      } catch {
        outcome = .failure(error)
      }
    }
    return try outcome.get()
  }

  /// Encodes the image and writes it so that the path holds either the old or the whole new file.
  public func write(to path: String, as encoding: ImageEncoding) throws(PhotoError) {
    let bytes = try encoded(as: encoding, name: path)
    do {
      try AtomicFile.write(bytes, to: path)
    } catch {
      throw PhotoError(path, .unwritable, error.problem, remedy: error.remedy)
    }
  }

  /// Encodes an open image.
  private static func encode(
    _ image: VipsHandle, _ encoding: ImageEncoding, _ name: String
  ) throws(PhotoError) -> [UInt8] {
    var bytes: UnsafeMutableRawPointer?
    var count = 0
    var messages = cvips_messages()
    let status =
      switch encoding {
      case .jpeg(let quality):
        cvips_encode_jpeg(image.pointer, clamp(quality, 1...100), 1, &bytes, &count, &messages)
      case .png(let compression):
        cvips_encode_png(image.pointer, clamp(compression, 0...9), &bytes, &count, &messages)
      case .webpLossless(let effort):
        cvips_encode_webp(image.pointer, 100, 1, clamp(effort, 0...6), &bytes, &count, &messages)
      case .webp(let quality):
        cvips_encode_webp(image.pointer, clamp(quality, 1...100), 0, 4, &bytes, &count, &messages)
      }
    defer { cvips_free(bytes) }
    guard status == 0, let bytes else {
      throw PhotoError(
        name, .unwritable, "can't be encoded (\(messages.failureText))",
        remedy: "choose another format")
    }
    return Array(UnsafeRawBufferPointer(start: bytes, count: count))
  }

  /// A C integer inside a range.
  private static func clamp(_ value: Int, _ range: ClosedRange<Int>) -> Int32 {
    Int32(min(max(value, range.lowerBound), range.upperBound))
  }
}
