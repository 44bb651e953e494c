/// How charts stay small files: which marks are drawn, and which have tooltips.
enum ChartLimits {
  static let marks = 20_000
  static let tooltips = 4_000

  /// At most ``marks`` items, evenly spread.
  static func thinned<Item>(_ items: [Item]) -> [Item] {
    guard items.count > marks else { return items }
    return (0..<marks).map { items[$0 * items.count / marks] }
  }

  /// What to say about items that can't be drawn or were left out.
  static func notes(all: Int, drawable: Int, noun: String, plural: String) -> [String] {
    var notes: [String] = []
    let bad = all - drawable
    if all == 0 {
      notes.append("There is no data.")
    } else if bad > 0 {
      notes.append("\(bad) of \(all) \(plural) can't be drawn: the numbers aren't finite.")
    }
    if drawable > marks {
      notes.append("To keep the file small, \(marks) of \(drawable) \(plural) are drawn.")
    }
    return notes.map {
      all == 1
        ? $0.split(separator: plural, omittingEmptySubsequences: false)
          .joined(separator: noun) : $0
    }
  }
}
