public import Domain
import Foundation
internal import Statistics

/// Where the crops of a region lie.
public enum CropLayout {
  /// Squares on an even grid that covers `width × height` pixels, or of at most `limit` squares.
  ///
  /// - Parameters:
  ///   - width: the region's width, at least `side`.
  ///   - height: the region's height, at least `side`.
  ///   - side: the squares' side.
  ///   - limit: the largest number of squares; nil for as many as cover the region.
  /// - Returns: the squares, row by row; one at least.
  public static func grid(width: Int, height: Int, side: Int, limit: Int?) -> [PixelRectangle] {
    var columns = max(1, (width + side - 1) / side)
    var rows = max(1, (height + side - 1) / side)
    if let limit, columns * rows > max(1, limit) {
      (columns, rows) = largest(columns, rows, within: max(1, limit), width, height)
    }
    return squares(columns, rows, width, height, side)
  }

  /// Exactly `count` squares, spread as evenly as that number allows.
  ///
  /// - Parameters:
  ///   - count: how many squares; below 1 counts as 1.
  ///   - width: the region's width, at least `side`.
  ///   - height: the region's height, at least `side`.
  ///   - side: the squares' side.
  /// - Returns: the squares, row by row; they overlap where the region is small.
  public static func exactly(_ count: Int, width: Int, height: Int, side: Int) -> [PixelRectangle] {
    let count = max(1, count)
    var best = (columns: count, rows: 1, cost: Double.infinity)
    for rows in 1...count {
      let columns = (count + rows - 1) / rows
      let stretch = abs(log(Double(width * rows) / Double(height * columns)))
      let unused = Double(columns * rows - count) / Double(count)
      let cost = stretch + unused
      if cost < best.cost - 1e-9 { best = (columns, rows, cost) }
    }
    let all = squares(best.columns, best.rows, width, height, side)
    return (0..<count).map { all[$0 * all.count / count] }
  }

  /// Squares at places drawn from a seed, each place equally likely.
  ///
  /// - Parameters:
  ///   - count: how many squares.
  ///   - width: the region's width, at least `side`.
  ///   - height: the region's height, at least `side`.
  ///   - side: the squares' side.
  ///   - seed: where the draw starts.
  /// - Returns: the squares in the order of the draw.
  public static func random(
    _ count: Int, width: Int, height: Int, side: Int, seed: UInt64
  ) -> [PixelRectangle] {
    var generator = SeededGenerator(seed: seed)
    return (0..<max(1, count)).map { _ in
      let x = generator.index(below: width - side + 1)
      let y = generator.index(below: height - side + 1)
      return PixelRectangle(x: x, y: y, width: side, height: side)
    }
  }

  private static func squares(
    _ columns: Int, _ rows: Int, _ width: Int, _ height: Int, _ side: Int
  ) -> [PixelRectangle] {
    func place(_ index: Int, of count: Int, along length: Int) -> Int {
      let room = max(0, length - side)
      guard count > 1 else { return room / 2 }
      return (2 * index * room + count - 1) / (2 * (count - 1))
    }
    return (0..<rows).flatMap { row in
      (0..<columns).map { column in
        PixelRectangle(
          x: place(column, of: columns, along: width), y: place(row, of: rows, along: height),
          width: side, height: side)
      }
    }
  }

  /// The grid with the most squares within a limit; among equals the most even one.
  private static func largest(
    _ columns: Int, _ rows: Int, within limit: Int, _ width: Int, _ height: Int
  ) -> (Int, Int) {
    var best = (columns: 1, rows: 1, stretch: Double.infinity)
    for row in 1...rows {
      let column = min(columns, limit / row)
      guard column >= 1 else { break }
      let stretch = abs(log(Double(width * row) / Double(height * column)))
      let (count, known) = (column * row, best.columns * best.rows)
      // A grid that fits the region's shape is worth a few squares.
      if stretch + 2 * log(Double(known) / Double(count)) < best.stretch {
        best = (column, row, stretch)
      }
    }
    return (best.columns, best.rows)
  }
}
