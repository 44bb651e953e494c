internal import Pixels

/// A picture that is painted on: rectangles, pictures and text.
struct Drawing {
  /// The picture so far.
  private(set) var image: RasterImage

  /// Starts with one color.
  init(width: Int, height: Int, ground: UInt8) {
    image = RasterImage(
      widthPixels: width, heightPixels: height, red: ground, green: ground, blue: ground)
  }

  /// Paints one pixel with an opacity of 0…1; places outside are left out.
  private mutating func blend(_ x: Int, _ y: Int, _ colour: [Double], _ opacity: Double) {
    guard x >= 0, y >= 0, x < image.widthPixels, y < image.heightPixels else { return }
    let place = 3 * (y * image.widthPixels + x)
    for band in 0..<3 {
      let old = Double(image.samples[place + band])
      let new = old + opacity * (colour[band] - old)
      image.samples[place + band] = UInt8(min(max(new.rounded(), 0), 255))
    }
  }

  /// Fills a rectangle.
  mutating func fill(x: Int, y: Int, width: Int, height: Int, _ colour: [Double]) {
    for row in y..<(y + max(0, height)) {
      for column in x..<(x + max(0, width)) { blend(column, row, colour, 1) }
    }
  }

  /// Draws the border of a rectangle, one pixel thick.
  mutating func frame(x: Int, y: Int, width: Int, height: Int, _ colour: [Double]) {
    fill(x: x, y: y, width: width, height: 1, colour)
    fill(x: x, y: y + height - 1, width: width, height: 1, colour)
    fill(x: x, y: y, width: 1, height: height, colour)
    fill(x: x + width - 1, y: y, width: 1, height: height, colour)
  }

  /// Pastes a picture whose left upper corner lies inside.
  mutating func paste(_ other: RasterImage, x: Int, y: Int) {
    let columns = min(other.widthPixels, image.widthPixels - x)
    guard x >= 0, y >= 0, columns > 0 else { return }
    for row in 0..<min(other.heightPixels, image.heightPixels - y) {
      let source = 3 * row * other.widthPixels
      let target = 3 * ((y + row) * image.widthPixels + x)
      image.samples.replaceSubrange(
        target..<(target + 3 * columns), with: other.samples[source..<(source + 3 * columns)])
    }
  }

  /// Paints text whose ink begins at a place, with a halo behind it where a color is given.
  mutating func write(
    _ text: TextMask?, x: Int, y: Int, _ colour: [Double], halo: [Double]? = nil
  ) {
    guard let text else { return }
    if let halo {
      for (dx, dy) in [(-1, -1), (0, -1), (1, -1), (-1, 0), (1, 0), (-1, 1), (0, 1), (1, 1)] {
        ink(text, x + dx, y + dy, halo)
      }
    }
    ink(text, x, y, colour)
  }

  private mutating func ink(_ text: TextMask, _ x: Int, _ y: Int, _ colour: [Double]) {
    for row in 0..<text.heightPixels {
      for column in 0..<text.widthPixels {
        let coverage = text.coverage[row * text.widthPixels + column]
        if coverage > 0 { blend(x + column, y + row, colour, Double(coverage) / 255) }
      }
    }
  }
}
