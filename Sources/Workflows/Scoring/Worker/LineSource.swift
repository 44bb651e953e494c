import Glibc

/// Lines of a file descriptor, read as they come.
struct LineSource {
  enum Item {
    /// A line without its end.
    case line([UInt8])
    /// A line that was longer than the limit, and is passed over.
    case tooLong
    /// Nothing came in time.
    case nothing
    /// The input ended.
    case end
  }

  private let descriptor: Int32
  private let limit: Int
  private var buffer: [UInt8] = []
  /// Where the next line starts in the buffer.
  private var start = 0
  /// Up to where the buffer is known to hold no line end.
  private var searched = 0
  private var isAtEnd = false
  private var isSkipping = false

  /// - Parameters:
  ///   - descriptor: What to read.
  ///   - limit: The longest line, in bytes.
  init(descriptor: Int32, limit: Int) {
    (self.descriptor, self.limit) = (descriptor, limit)
  }

  /// The next line of those that were read already, if there is a whole one.
  mutating func nextKnown() -> Item? {
    if let end = buffer[searched...].firstIndex(of: UInt8(ascii: "\n")) {
      defer { (start, searched) = (end + 1, end + 1) }
      if isSkipping {
        isSkipping = false
        return .tooLong
      }
      return .line(Array(buffer[start..<end]))
    }
    buffer.removeSubrange(..<start)
    (start, searched) = (0, buffer.count)
    if buffer.count > limit || isSkipping {
      isSkipping = true
      buffer.removeAll(keepingCapacity: true)
      searched = 0
    }
    guard isAtEnd else { return nil }
    if isSkipping {
      isSkipping = false
      return .tooLong
    }
    guard !buffer.isEmpty else { return .end }
    defer {
      buffer = []
      searched = 0
    }
    return .line(buffer)
  }

  /// Waits for the next line.
  ///
  /// - Parameter milliseconds: How long at most.
  /// - Returns: The line; nothing when none came in time.
  mutating func next(milliseconds: Int32) -> Item {
    if let known = nextKnown() { return known }
    var request = pollfd(descriptor: descriptor)
    guard poll(&request, 1, milliseconds) > 0 else { return .nothing }
    let count = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 1 << 16) { chunk in
      let count = read(descriptor, chunk.baseAddress, chunk.count)
      if count > 0 { buffer.append(contentsOf: chunk[..<count]) }
      return count
    }
    if count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN) { isAtEnd = true }
    return nextKnown() ?? .nothing
  }
}

extension pollfd {
  fileprivate init(descriptor: Int32) {
    self.init(fd: descriptor, events: Int16(POLLIN), revents: 0)
  }
}
