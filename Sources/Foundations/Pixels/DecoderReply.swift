internal import Glibc

/// What came out of a locked process: its first line, and an image's samples.
///
/// Nothing of it is trusted: lengths are bounded by what was asked for.
typealias DecoderReply = (answer: DecoderAnswer, samples: [UInt8])

/// Reads a reply from a pipe.
struct DecoderReplyReader {
  private let descriptor: Int32
  private var buffer: [UInt8] = []

  /// Takes the reading end of a pipe, which stays the caller's.
  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Reads up to the end of an answer.
  ///
  /// - Parameter request: what was asked.
  /// - Returns: nil for something that is no answer, or not a whole one, or too large.
  mutating func reply(to request: DecoderRequest) -> DecoderReply? {
    guard let line = line(), let answer = DecoderAnswer(line: line) else { return nil }
    guard case .image(let width, let height, _) = answer else {
      return isAtEnd() ? (answer, []) : nil
    }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    guard width > 0, height > 0, !overflow, pixels <= Self.limit(of: request) else { return nil }
    guard let samples = samples(3 * pixels), isAtEnd() else { return nil }
    return (answer, samples)
  }

  /// The most pixels of an answer.
  private static func limit(of request: DecoderRequest) -> Int {
    guard case .area(_, let width, let height) = request.task else {
      return min(request.maximumPixels, .max / 4)
    }
    let (pixels, overflow) = width.multipliedReportingOverflow(by: height)
    return overflow ? 0 : min(pixels, .max / 4)
  }

  private mutating func line() -> [UInt8]? {
    var searched = 0
    while true {
      if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
        defer { buffer.removeSubrange(...end) }
        return Array(buffer[..<end])
      }
      searched = buffer.count
      guard searched <= DecoderAnswer.lineLimit, fill() else { return nil }
    }
  }

  /// Reads more; false at the end.
  private mutating func fill() -> Bool {
    withUnsafeTemporaryAllocation(byteCount: 1 << 16, alignment: 16) { chunk in
      let count = Self.read(descriptor, chunk)
      buffer.append(contentsOf: chunk.prefix(count))
      return count > 0
    }
  }

  private mutating func samples(_ count: Int) -> [UInt8]? {
    guard buffer.count <= count else { return nil }
    let known = buffer
    buffer = []
    let samples = [UInt8](unsafeUninitializedCapacity: count) { samples, filled in
      filled = samples.initialize(fromContentsOf: known)
      let rest = UnsafeMutableRawBufferPointer(samples)
      while filled < count {
        let read = Self.read(descriptor, .init(rebasing: rest[filled..<count]))
        if read == 0 { break }
        filled += read
      }
    }
    return samples.count == count ? samples : nil
  }

  private mutating func isAtEnd() -> Bool { buffer.isEmpty && !fill() }

  /// Reads once; 0 at the end and where nothing can be read.
  private static func read(_ descriptor: Int32, _ buffer: UnsafeMutableRawBufferPointer) -> Int {
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else { return 0 }
    }
  }
}
