public import Domain

/// How a stored image must be turned to stand upright: the eight values of EXIF's Orientation tag.
public enum Orientation: Int, Hashable, Sendable, Codable, CaseIterable {
  /// Stored upright.
  case upright = 1
  /// Mirrored left to right.
  case mirrored = 2
  /// Turned by 180°.
  case upsideDown = 3
  /// Mirrored top to bottom.
  case flipped = 4
  /// Mirrored over the main diagonal.
  case transposed = 5
  /// To be turned by 90° clockwise.
  case turnedClockwise = 6
  /// Mirrored over the other diagonal.
  case transversed = 7
  /// To be turned by 90° anticlockwise.
  case turnedAnticlockwise = 8

  /// Whether width and height change places.
  public var swapsSides: Bool { rawValue >= 5 }

  /// The size after turning.
  public func orientedSize(width: Int, height: Int) -> (width: Int, height: Int) {
    swapsSides ? (height, width) : (width, height)
  }

  /// Where the stored pixel (x, y) of a `width × height` image lands.
  func place(x: Int, y: Int, width: Int, height: Int) -> (x: Int, y: Int) {
    switch self {
    case .upright: (x, y)
    case .mirrored: (width - 1 - x, y)
    case .upsideDown: (width - 1 - x, height - 1 - y)
    case .flipped: (x, height - 1 - y)
    case .transposed: (y, x)
    case .turnedClockwise: (height - 1 - y, x)
    case .transversed: (height - 1 - y, width - 1 - x)
    case .turnedAnticlockwise: (y, width - 1 - x)
    }
  }

  /// The orientation that undoes this one.
  public var inverse: Self {
    switch self {
    case .turnedClockwise: .turnedAnticlockwise
    case .turnedAnticlockwise: .turnedClockwise
    default: self
    }
  }

  /// Turns a rectangle of the upright image into one of the stored image.
  ///
  /// - Parameters:
  ///   - area: a rectangle inside the upright image.
  ///   - storedWidth: the stored image's width in pixels.
  ///   - storedHeight: the stored image's height in pixels.
  /// - Returns: the rectangle of the stored image that shows the same pixels.
  public func storedArea(
    of area: PixelRectangle, storedWidth: Int, storedHeight: Int
  ) -> PixelRectangle {
    let upright = orientedSize(width: storedWidth, height: storedHeight)
    let first = inverse.place(x: area.x, y: area.y, width: upright.width, height: upright.height)
    let last = inverse.place(
      x: area.x + area.width - 1, y: area.y + area.height - 1, width: upright.width,
      height: upright.height)
    return PixelRectangle(
      x: min(first.x, last.x), y: min(first.y, last.y),
      width: swapsSides ? area.height : area.width, height: swapsSides ? area.width : area.height)
  }

  /// Copies stored rows into their places in the upright image.
  ///
  /// - Parameters:
  ///   - rows: `count` stored rows of `width` RGB pixels.
  ///   - top: the stored index of the first of them.
  ///   - count: the number of rows.
  ///   - width: the stored width in pixels.
  ///   - height: the stored height in pixels.
  ///   - target: the whole upright image.
  func copy(
    rows: UnsafePointer<UInt8>, top: Int, count: Int, width: Int, height: Int,
    to target: UnsafeMutablePointer<UInt8>
  ) {
    if self == .upright {
      (target + 3 * width * top).update(from: rows, count: 3 * width * count)
      return
    }
    let targetWidth = orientedSize(width: width, height: height).width
    func offset(_ x: Int, _ y: Int) -> Int {
      let place = place(x: x, y: y, width: width, height: height)
      return 3 * (place.y * targetWidth + place.x)
    }
    let step = width > 1 ? offset(1, top) - offset(0, top) : 0
    // Blocks of columns keep the scattered writes of the turning orientations in the cache.
    for left in stride(from: 0, to: width, by: 32) {
      let right = min(width, left + 32)
      for row in 0..<count {
        var source = rows + 3 * (row * width + left)
        var destination = offset(left, top + row)
        for _ in left..<right {
          target[destination] = source[0]
          target[destination + 1] = source[1]
          target[destination + 2] = source[2]
          source += 3
          destination += step
        }
      }
    }
  }
}

extension RasterImage {
  /// The image turned as its orientation tag says.
  public func oriented(_ orientation: Orientation) -> RasterImage {
    guard orientation != .upright else { return self }
    let size = orientation.orientedSize(width: widthPixels, height: heightPixels)
    return RasterImage(width: size.width, height: size.height) { target in
      samples.withUnsafeBufferPointer { source in
        guard let rows = source.baseAddress, let start = target.baseAddress else { return }
        orientation.copy(
          rows: rows, top: 0, count: heightPixels, width: widthPixels, height: heightPixels,
          to: start)
      }
    }
  }
}
