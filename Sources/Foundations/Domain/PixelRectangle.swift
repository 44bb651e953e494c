/// A rectangle of whole pixels; it may reach over an image's border until it is used for cutting.
public struct PixelRectangle: Hashable, Sendable, Codable {
  /// The left edge.
  public let x: Int
  /// The top edge.
  public let y: Int
  /// The width.
  public let width: Int
  /// The height.
  public let height: Int

  /// Makes a rectangle.
  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
  }

  /// Whether the rectangle has pixels and lies wholly inside an image of this size.
  public func isInside(width imageWidth: Int, height imageHeight: Int) -> Bool {
    x >= 0 && y >= 0 && width > 0 && height > 0 && width <= imageWidth && height <= imageHeight
      && x <= imageWidth - width && y <= imageHeight - height
  }

  /// The part that lies inside an image of this size, or nil when there is none.
  public func clipped(width imageWidth: Int, height imageHeight: Int) -> Self? {
    let left = max(0, x)
    let top = max(0, y)
    let right = min(imageWidth, x.addingReportingOverflow(width).partialValue)
    let bottom = min(imageHeight, y.addingReportingOverflow(height).partialValue)
    guard right > left, bottom > top else { return nil }
    return Self(x: left, y: top, width: right - left, height: bottom - top)
  }
}
