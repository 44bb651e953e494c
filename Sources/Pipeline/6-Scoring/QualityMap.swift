internal import Domain
internal import Pixels

/// How the quality varies over a region: for every cell the mean of the patches that show it.
public struct QualityMap: Hashable, Sendable {
  /// The number of columns.
  public let columns: Int
  /// The number of rows.
  public let rows: Int
  /// The mean score of the patches at each cell's centre, row after row; nil where there is none.
  public let values: [Double?]

  /// Lays patches over a region that is divided into `columns × rows` cells.
  ///
  /// - Parameters:
  ///   - patches: the patches' scores.
  ///   - widthPixels: the region's width.
  ///   - heightPixels: the region's height.
  ///   - columns: the number of cells along the width; below 1 counts as 1.
  ///   - rows: the number of cells along the height; below 1 counts as 1.
  public init(
    _ patches: [PatchScore], widthPixels: Int, heightPixels: Int, columns: Int, rows: Int
  ) {
    let (columns, rows) = (max(1, columns), max(1, rows))
    var sums = [Double](repeating: 0, count: columns * rows)
    var counts = [Int](repeating: 0, count: columns * rows)
    /// The cells whose centres lie between two places.
    func cells(_ low: Int, _ high: Int, _ length: Int, _ count: Int) -> Range<Int> {
      let scale = Double(count) / Double(max(1, length))
      let first = max(0, Int((Double(low) * scale - 0.5).rounded(.up)))
      let last = min(count, Int((Double(high) * scale - 0.5).rounded(.up)))
      return first..<max(first, last)
    }
    for patch in patches {
      let area = patch.area
      let across = cells(area.x, area.x + area.width, widthPixels, columns)
      for row in cells(area.y, area.y + area.height, heightPixels, rows) {
        for column in across {
          sums[row * columns + column] += patch.score
          counts[row * columns + column] += 1
        }
      }
    }
    self.columns = columns
    self.rows = rows
    values = zip(sums, counts).map { $1 > 0 ? $0 / Double($1) : nil }
  }
}
