internal import Foundation

/// Items made ahead of their use by a few threads, handed out in their order.
///
/// At most `capacity` items wait; what they are depends on their numbers alone, never on the
/// threads' timing.
final class OrderedPrefetch<Item: Sendable>: @unchecked Sendable {
  // Sendable: everything that changes is touched only between lock and unlock of `condition`.
  private let condition = NSCondition()
  private var nextToMake: Int
  private var nextToUse: Int
  private var ready: [Int: Result<Item, any Error>] = [:]
  private var isClosed = false
  private let end: Int
  private let capacity: Int
  private let make: @Sendable (Int) throws -> Item

  /// Starts to make the items of a range.
  init(
    _ range: Range<Int>, threads: Int, capacity: Int,
    make: @escaping @Sendable (Int) throws -> Item
  ) {
    (nextToMake, nextToUse, end) = (range.lowerBound, range.lowerBound, range.upperBound)
    self.capacity = max(1, capacity)
    self.make = make
    for _ in 0..<max(1, min(threads, range.count)) {
      let thread = Thread { [self] in work() }
      thread.stackSize = 2 << 20
      thread.start()
    }
  }

  /// The next item; nil after the last.
  ///
  /// - Throws: whatever making it threw.
  func next() throws -> Item? {
    condition.lock()
    defer { condition.unlock() }
    guard nextToUse < end else { return nil }
    while ready[nextToUse] == nil, !isClosed { condition.wait() }
    guard let result = ready.removeValue(forKey: nextToUse) else { return nil }
    nextToUse += 1
    condition.broadcast()
    return try result.get()
  }

  /// Lets the threads end; items that wait are dropped.
  func close() {
    condition.lock()
    isClosed = true
    ready = [:]
    condition.broadcast()
    condition.unlock()
  }

  private func work() {
    while let number = claim() {
      let result = Result { try make(number) }
      condition.lock()
      if !isClosed { ready[number] = result }
      condition.broadcast()
      condition.unlock()
    }
  }

  /// The next item to make, once there is room for it; nil when there is none.
  private func claim() -> Int? {
    condition.lock()
    defer { condition.unlock() }
    while !isClosed, nextToMake < end, nextToMake >= nextToUse + capacity { condition.wait() }
    guard !isClosed, nextToMake < end else { return nil }
    defer { nextToMake += 1 }
    return nextToMake
  }
}
