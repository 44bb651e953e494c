import Files
import Foundation
import Studies
import Synchronization
import TestSupport
import Testing

@Suite struct ContentStoreTests {
  /// What a kill in the middle of a write leaves has to be what `removeAbandoned` knows.
  @Test func anUnfinishedInsertIsRecognised() throws {
    let scratch = try Scratch()
    let store = ContentStore(scratch.path)
    let isDone = Atomic(false)
    let writer = Thread {
      var number: UInt64 = 0
      while !isDone.load(ordering: .acquiring) {
        number += 1
        // Each content is another one, large enough to be seen while it is written.
        let bytes = withUnsafeBytes(of: number) { Array($0) }
        let sha256 = try? store.insert(bytes + [UInt8](repeating: 0, count: 4_000_000))
        if let sha256 { try? store.remove(sha256) }
      }
    }
    writer.start()
    var unfinished: String?
    for _ in 0..<1_000_000 where unfinished == nil {
      unfinished = scratch.names.first { $0.hasPrefix(".") }
    }
    isDone.store(true, ordering: .releasing)
    while !writer.isFinished { usleep(1000) }
    let left = try #require(unfinished, "no write was ever seen")
    _ = try scratch.write("a part", to: left)
    try store.removeAbandoned()
    #expect(scratch.names.isEmpty)
  }
}
