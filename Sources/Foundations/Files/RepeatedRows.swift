/// Rows that a file holds twice, as when it was merged with itself or sent again.
///
/// A row with a measured time that equals an earlier row is one. An observer may well give an
/// answer twice, so rows without a time count only in runs: three different rows or more that
/// follow one another as they did before.
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
    var search = RepeatSearch(rows: table.rowCount)
    for row in table.rows {
      search.add(
        row.hash, isTimed: timed.map { !row.rawText($0).isEmpty } ?? false, number: row.number)
    }
    self.init(search, file: table.file)
  }

  /// Takes what a search found; nil where no row is repeated.
  init?(_ search: RepeatSearch, file: String) {
    guard let first = search.first else { return nil }
    (count, firstRow, self.file) = (search.count, first, file)
  }

  /// What to tell a user.
  var remark: String {
    "\(file): \(count) \(count == 1 ? "row repeats" : "rows repeat") an earlier row exactly, the first "
      + "is row \(firstRow); each counts as a vote of its own. Delete them if the file was sent or "
      + "merged twice."
  }
}

/// A search for repeated rows, which hears one row after another.
///
/// Rows are compared by 64-bit hashes: among ten million different rows, two share one once in
/// 400,000 files.
struct RepeatSearch {
  /// The number of rows that repeat an earlier one.
  private(set) var count = 0
  /// The number of the first of them.
  private(set) var first: Int?
  private var lastPlace: [UInt64: Int32] = [:]
  private var numbers: [Int32] = []
  private var run = Run()
  /// The number of rows heard.
  var rows: Int { numbers.count }

  /// Expects a number of rows.
  init(rows: Int = 0) {
    lastPlace.reserveCapacity(rows)
    numbers.reserveCapacity(rows)
  }

  /// Takes the next row.
  ///
  /// - Parameters:
  ///   - hash: A hash of its fields.
  ///   - isTimed: Whether it holds a measured time.
  ///   - number: Its number in the file.
  mutating func add(_ hash: UInt64, isTimed: Bool, number: Int) {
    let place = numbers.count
    numbers.append(Int32(clamping: number))
    guard let source = lastPlace.updateValue(Int32(place), forKey: hash) else {
      run = Run()
      return
    }
    if isTimed {
      count += 1
      first = min(first ?? number, number)
      return
    }
    run.add(place, copyOf: Int(source), hash: hash)
    if let added = run.takeCounted() {
      count += added.count
      first = min(first ?? .max, Int(numbers[added.lowerBound]))
    }
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
  /// FNV-1a of the row's fields, each with an end that no field holds; equal rows have equal
  /// numbers.
  fileprivate var hash: UInt64 {
    let width = table.columns.count
    var start = index == 0 ? 0 : Int(table.ends[index * width - 1])
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for place in (index * width)..<((index + 1) * width) {
      let end = Int(table.ends[place])
      for byte in table.fields[start..<end] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
      hash = (hash ^ 0xFF) &* 0x100_0000_01B3
      start = end
    }
    return hash
  }
}
