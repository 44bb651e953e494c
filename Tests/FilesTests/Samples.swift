import Files

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
