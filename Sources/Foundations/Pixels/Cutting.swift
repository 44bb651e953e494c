public import Domain

extension RasterImage {
  /// Cuts a rectangle out.
  ///
  /// - Returns: nil when the rectangle isn't wholly inside the image.
  public func cropped(to area: PixelRectangle) -> RasterImage? {
    guard area.isInside(width: widthPixels, height: heightPixels) else { return nil }
    return RasterImage(width: area.width, height: area.height) { target in
      withRows { rows in
        guard let target = target.baseAddress else { return }
        for row in 0..<area.height {
          let source = rows + 3 * ((area.y + row) * widthPixels + area.x)
          (target + 3 * area.width * row).update(from: source, count: 3 * area.width)
        }
      }
    }
  }

  /// Adds borders that mirror the image; the border pixels themselves aren't repeated.
  ///
  /// Borders wider than the image keep mirroring back and forth; negative borders count as 0.
  public func reflectionPadded(left: Int, top: Int, right: Int, bottom: Int) -> RasterImage {
    let (left, top) = (max(0, left), max(0, top))
    let (right, bottom) = (max(0, right), max(0, bottom))
    if left + top + right + bottom == 0 { return self }
    let width = widthPixels + left + right
    let height = heightPixels + top + bottom
    let columns = (0..<width).map { Self.mirrored($0 - left, count: widthPixels) }
    return RasterImage(width: width, height: height) { target in
      withRows { rows in
        for row in 0..<height {
          let source = rows + 3 * widthPixels * Self.mirrored(row - top, count: heightPixels)
          var offset = 3 * width * row
          for column in columns {
            target[offset] = source[3 * column]
            target[offset + 1] = source[3 * column + 1]
            target[offset + 2] = source[3 * column + 2]
            offset += 3
          }
        }
      }
    }
  }

  /// The index inside 0 ..< count that an index outside mirrors to.
  static func mirrored(_ index: Int, count: Int) -> Int {
    guard count > 1 else { return 0 }
    let period = 2 * (count - 1)
    let phase = ((index % period) + period) % period
    return min(phase, period - phase)
  }
}
