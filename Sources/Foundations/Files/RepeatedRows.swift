/// Rows that a file holds twice, as when it was merged with itself or sent again.
///
/// A row with a measured time that equals an earlier row is one. An observer may well give an answer twice, so rows
/// without a time count only in runs: three different rows or more that follow one another as they did before.
struct RepeatedRows: Hashable {
  /// The number of rows that repeat an earlier one.
  let count: Int
  /// The number of the first of them.
  let firstRow: Int
  private let file: String

  /// Looks through a table; nil where no row is repeated.
  ///
  /// - Parameters:
  ///   - table: the table.
  ///   - timed: the column of measured times, if there is one.
  init?(_ table: CSVTable, timed: CSVTable.Column?) {
    file = table.file
    var lastPlace: [UInt64: Int] = [:]
    lastPlace.reserveCapacity(table.rowCount)
    var count = 0
    var first: Int?
    var run = Run()
    for (place, row) in table.rows.enumerated() {
      let hash = row.hash
      var source = lastPlace.updateValue(place, forKey: hash)
      if let earlier = source, !row.holdsTheSame(as: table.rows[earlier]) { source = nil }
      guard let source else {
        run = Run()
        continue
      }
      if let timed, !row.rawText(timed).isEmpty {
        count += 1
        first = min(first ?? row.number, row.number)
        continue
      }
      run.add(place, copyOf: source, hash: hash)
      if let added = run.takeCounted() {
        count += added.count
        first = min(first ?? .max, table.rows[added.lowerBound].number)
      }
    }
    guard let first else { return nil }
    (self.count, firstRow) = (count, first)
  }

  /// What to tell a user.
  var remark: String {
    "\(file): \(count) \(count == 1 ? "row repeats" : "rows repeat") an earlier row exactly, the first "
      + "is row \(firstRow); each counts as a vote of its own. Delete them if the file was sent or "
      + "merged twice."
  }

  /// Rows that follow one another as they did before.
  private struct Run {
    private var start = 0
    private var end = 0
    private var source = -1
    private var counted = 0
    private var different: Set<UInt64> = []

    mutating func add(_ place: Int, copyOf source: Int, hash: UInt64) {
      if different.isEmpty || source != self.source + 1 || place != end {
        (start, counted, different) = (place, place, [])
      }
      (self.source, end) = (source, place + 1)
      if different.count < 3 { different.insert(hash) }
    }

    /// The rows that weren't counted yet, once the run is long enough.
    mutating func takeCounted() -> Range<Int>? {
      guard different.count >= 3, counted < end else { return nil }
      defer { counted = end }
      return counted..<end
    }
  }
}

extension CSVRow {
  /// The bytes of the row's fields.
  private var content: ArraySlice<UInt8> {
    let width = table.columns.count
    let start = index == 0 ? 0 : Int(table.ends[index * width - 1])
    return table.fields[start..<Int(table.ends[(index + 1) * width - 1])]
  }

  /// Where each field ends, from the row's start.
  private var lengths: [UInt32] {
    let width = table.columns.count
    let start = index == 0 ? 0 : table.ends[index * width - 1]
    return table.ends[(index * width)..<((index + 1) * width)].map { $0 - start }
  }

  /// FNV-1a of the row's bytes; equal rows have equal numbers.
  fileprivate var hash: UInt64 {
    content.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }

  fileprivate func holdsTheSame(as other: CSVRow) -> Bool {
    content == other.content && lengths == other.lengths
  }
}
