internal import Domain
public import Pixels

/// One image that shows many photos with their boxes at a glance.
///
/// Cells are numbered from 1 in the order that they were added. The region is drawn green, the main
/// face orange, other faces blue; a photo that couldn't be prepared has a red frame.
public struct ContactSheet: Sendable {
  /// One photo of the sheet.
  private struct Cell: Sendable {
    let image: RasterImage
    let isFailed: Bool
  }

  /// The side of a cell in pixels.
  private let side: Int
  private var cells: [Cell] = []

  /// Makes an empty sheet for a number of photos; cells shrink so that no sheet has more than about
  /// 24 megapixels.
  public init(photos: Int) {
    let share = (24_000_000 / Double(max(1, photos))).squareRoot()
    side = min(400, max(64, Int(share)))
  }

  /// Adds a photo with the boxes of its record.
  ///
  /// - Throws: `PhotoError` when the photo can't be decoded.
  public mutating func add(_ record: RegionRecord, options: DecodingOptions = DecodingOptions())
    throws(PhotoError)
  {
    let shrunk = try RasterImage.decodeShrunk(
      record.prepared.photo, longSide: side, options: options)
    var canvas = Canvas(shrunk.image)
    let scale = Double(canvas.width) / Double(max(1, record.photoWidthPixels))
    for face in record.faces.dropFirst() { canvas.frame(face, scale: scale, [70, 140, 255]) }
    if let main = record.prepared.face { canvas.frame(main, scale: scale, [255, 150, 0]) }
    let crop = record.prepared.crop
    canvas.frame(
      FaceBox(
        x: Double(crop.x), y: Double(crop.y), width: Double(crop.width),
        height: Double(crop.height), score: 1), scale: scale, [0, 220, 90])
    cells.append(Cell(image: canvas.image, isFailed: false))
  }

  /// Adds a photo that couldn't be prepared; it is shown if it can be decoded.
  public mutating func addFailed(
    _ photo: String, options: DecodingOptions = DecodingOptions()
  ) {
    let blank = RasterImage(widthPixels: side, heightPixels: side, red: 60, green: 60, blue: 60)
    let shrunk = try? RasterImage.decodeShrunk(photo, longSide: side, options: options)
    cells.append(Cell(image: shrunk?.image ?? blank, isFailed: true))
  }

  /// Draws the sheet.
  public func image() -> RasterImage {
    let columns = max(1, Int(Double(cells.count).squareRoot().rounded(.up)))
    let rows = max(1, (cells.count + columns - 1) / columns)
    let pitch = side + 12
    var canvas = Canvas(
      RasterImage(
        widthPixels: columns * pitch + 12, heightPixels: rows * pitch + 12, red: 34, green: 34,
        blue: 36))
    for (index, cell) in cells.enumerated() {
      let left = 12 + index % columns * pitch + (side - cell.image.widthPixels) / 2
      let top = 12 + index / columns * pitch + (side - cell.image.heightPixels) / 2
      canvas.paste(cell.image, x: left, y: top)
      if cell.isFailed {
        canvas.frame(
          FaceBox(
            x: Double(left), y: Double(top), width: Double(cell.image.widthPixels),
            height: Double(cell.image.heightPixels), score: 0), scale: 1, [235, 40, 40])
      }
      canvas.number(index + 1, x: left + 4, y: top + 4)
    }
    return canvas.image
  }
}
