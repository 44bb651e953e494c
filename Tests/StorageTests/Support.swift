import Domain
import Foundation
import Storage
import Testing

/// A folder of its own for one test, removed with the value.
final class Scratch {
  let path: String

  init() throws {
    let url = FileManager.default.temporaryDirectory
      .appendingPathComponent("vernier-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    path = url.path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Writes a file and gives its path.
  func write(_ text: String, to name: String = "table.csv") throws -> String {
    try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  /// The names in the folder, hidden ones included.
  var names: [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: path).sorted()) ?? []
  }
}

/// The error that `body` throws, as its one line; nil when it throws none.
func message(_ body: () throws -> Void) -> String? {
  do {
    try body()
    return nil
  } catch {
    return "\(error)"
  }
}

/// A table from text, named `t.csv`.
func table(_ text: String) throws -> CSVTable {
  try CSVTable(bytes: Array(text.utf8), file: "t.csv")
}

/// SplitMix64: the same numbers on every machine.
struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// Any finite double, by its bits: tiny, huge and negative zero included.
  mutating func double() -> Double {
    while true {
      let value = Double(bitPattern: next())
      if value.isFinite { return value }
    }
  }

  /// A text of signs that make trouble in CSV files.
  mutating func text() -> String {
    let signs = [
      "a", ",", "\"", "\n", "\r", "\r\n", " ", "é", "😀", ";", "\u{FEFF}", "'", "\\", "=", "\t",
      "\u{301}",
    ]
    return (0..<Int.random(in: 0...6, using: &self))
      .map { _ in signs.randomElement(using: &self) ?? "" }.joined()
  }
}
