internal import Domain
internal import Pixels

/// Draws frames, images and numbers into an image; what lies outside isn't drawn.
struct Canvas {
  private(set) var image: RasterImage

  /// Starts with an image.
  init(_ image: RasterImage) { self.image = image }

  /// The width in pixels.
  var width: Int { image.widthPixels }

  /// Digits of five by seven dots, one row in the low bits of each number.
  private static let digits: [[UInt8]] = [
    [14, 17, 19, 21, 25, 17, 14], [4, 12, 4, 4, 4, 4, 14], [14, 17, 1, 2, 4, 8, 31],
    [31, 2, 4, 2, 1, 17, 14], [2, 6, 10, 18, 31, 2, 2], [31, 16, 30, 1, 1, 17, 14],
    [6, 8, 16, 30, 17, 17, 14], [31, 1, 2, 4, 8, 8, 8], [14, 17, 17, 14, 17, 17, 14],
    [14, 17, 17, 15, 1, 2, 12],
  ]

  /// Fills a rectangle.
  mutating func fill(x: Int, y: Int, width: Int, height: Int, _ colour: [UInt8]) {
    let area = PixelRectangle(x: x, y: y, width: width, height: height)
    guard let inside = area.clipped(width: image.widthPixels, height: image.heightPixels) else {
      return
    }
    for row in inside.y..<(inside.y + inside.height) {
      for column in inside.x..<(inside.x + inside.width) {
        let offset = 3 * (row * image.widthPixels + column)
        for band in 0..<3 { image.samples[offset + band] = colour[band] }
      }
    }
  }

  /// Draws a frame of two pixels around a box that is given at another scale.
  mutating func frame(_ box: FaceBox, scale: Double, _ colour: [UInt8]) {
    let left = Int((box.x * scale).rounded())
    let top = Int((box.y * scale).rounded())
    let width = max(2, Int((box.width * scale).rounded()))
    let height = max(2, Int((box.height * scale).rounded()))
    fill(x: left, y: top, width: width, height: 2, colour)
    fill(x: left, y: top + height - 2, width: width, height: 2, colour)
    fill(x: left, y: top, width: 2, height: height, colour)
    fill(x: left + width - 2, y: top, width: 2, height: height, colour)
  }

  /// Pastes an image that fits.
  mutating func paste(_ other: RasterImage, x: Int, y: Int) {
    let area = PixelRectangle(x: x, y: y, width: other.widthPixels, height: other.heightPixels)
    guard area.isInside(width: image.widthPixels, height: image.heightPixels) else { return }
    let count = 3 * other.widthPixels
    for row in 0..<other.heightPixels {
      let target = 3 * ((y + row) * image.widthPixels + x)
      image.samples.replaceSubrange(
        target..<(target + count), with: other.samples[(row * count)..<((row + 1) * count)])
    }
  }

  /// Writes a number in white on black.
  mutating func number(_ number: Int, x: Int, y: Int) {
    let figures = String(number).compactMap(\.wholeNumberValue)
    fill(x: x, y: y, width: 12 * figures.count + 4, height: 18, [0, 0, 0])
    for (place, figure) in figures.enumerated() {
      for (row, dots) in Self.digits[figure].enumerated() {
        for column in 0..<5 where dots >> UInt8(4 - column) & 1 == 1 {
          fill(
            x: x + 3 + 12 * place + 2 * column, y: y + 2 + 2 * row, width: 2, height: 2,
            [255, 255, 255])
        }
      }
    }
  }
}
