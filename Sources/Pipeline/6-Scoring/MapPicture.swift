internal import Domain
import Foundation
public import Pixels

/// A quality map as one picture: the region, the map over it, the colour scale with its unit, and
/// what was done.
public struct MapPicture: Sendable {
  /// What the picture says beside the map.
  public struct Texts: Hashable, Sendable {
    /// The headline, such as the photo's name.
    public var title: String
    /// The line below, such as the score and the model.
    public var subtitle: String
    /// The unit above the colour scale.
    public var unit: String
    /// What the map's patches are.
    public var note: String

    /// Makes the texts.
    public init(title: String, subtitle: String, unit: String, note: String) {
      self.title = title
      self.subtitle = subtitle
      self.unit = unit
      self.note = note
    }
  }

  /// The longer side of the region in the picture.
  private static let shownSide = 900
  private static let margin = 28
  private static let text: [Double] = [32, 34, 38]
  private static let faint: [Double] = [96, 100, 108]
  private static let white: [Double] = [255, 255, 255]

  private let region: RasterImage
  private let patches: [PatchScore]
  private let scale: ColourScale
  private let texts: Texts

  /// Plans a picture.
  ///
  /// - Parameters:
  ///   - region: the region's pixels.
  ///   - patches: the scores of its parts.
  ///   - scale: the colours; nil for the patches' own range.
  ///   - texts: what the picture says.
  public init(
    region: RasterImage, patches: [PatchScore], scale: ColourScale? = nil, texts: Texts
  ) {
    self.region = region
    self.patches = patches
    self.scale = scale ?? ColourScale(covering: patches)
    self.texts = texts
  }

  /// Draws the picture.
  public func image() -> RasterImage {
    let shown = shownRegion()
    let (width, height) = (shown.widthPixels, shown.heightPixels)
    let title = Self.fitting(texts.title, size: 24, isBold: true, width: 2 * width)
    let subtitle = Self.fitting(texts.subtitle, size: 17, width: 2 * width)
    let margin = Self.margin
    let top = margin + 34 + 30
    let barLeft = 3 * margin + 2 * width
    let picture = (
      width: barLeft + 24 + 110 + margin, height: top + height + 20 + 24 + margin
    )
    var drawing = Drawing(width: picture.width, height: picture.height, ground: 255)
    drawing.write(title, x: margin, y: margin, Self.text)
    drawing.write(subtitle, x: margin, y: margin + 36, Self.faint)
    drawing.paste(shown, x: margin, y: top)
    let left = 2 * margin + width
    drawing.paste(overlay(on: shown), x: left, y: top)
    label(&drawing, left: left, top: top, shown: shown)
    drawBar(&drawing, x: barLeft, y: top + 30, height: height - 40)
    drawing.write(
      Self.fitting(texts.unit, size: 15, isBold: true, width: 24 + 110), x: barLeft, y: top,
      Self.text)
    var note = texts.note
    if let worst = patches.map(\.score).min(), let best = patches.map(\.score).max() {
      note += String(format: "; worst %.2f, best %.2f", worst, best)
    }
    drawing.write(
      Self.fitting(note, size: 15, width: picture.width - 2 * margin), x: margin,
      y: top + height + 20, Self.faint)
    return drawing.image
  }

  // MARK: Parts

  private func shownRegion() -> RasterImage {
    let factor = Double(Self.shownSide) / Double(region.longSidePixels)
    guard factor < 1 || region.longSidePixels < Self.shownSide / 2 else { return region }
    return region.resizedBicubic(
      widthPixels: Int((Double(region.widthPixels) * factor).rounded()),
      heightPixels: Int((Double(region.heightPixels) * factor).rounded()))
  }

  /// The region in grey under the map's colours; parts that no patch shows stay grey.
  private func overlay(on shown: RasterImage) -> RasterImage {
    var result = shown
    let map = QualityMap(
      patches, widthPixels: region.widthPixels, heightPixels: region.heightPixels,
      columns: shown.widthPixels, rows: shown.heightPixels)
    var known: [Double: [Double]] = [:]
    for (cell, value) in map.values.enumerated() {
      let place = 3 * cell
      let grey =
        0.299 * Double(shown.samples[place]) + 0.587 * Double(shown.samples[place + 1])
        + 0.114 * Double(shown.samples[place + 2])
      var colour = [grey, grey, grey]
      if let value {
        let full = known[value] ?? scale.colour(of: value)
        known[value] = full
        colour = full.map { 0.45 * grey + 0.55 * $0 }
      }
      for band in 0..<3 { result.samples[place + band] = UInt8(min(max(colour[band], 0), 255)) }
    }
    return result
  }

  /// Writes the patches' scores into them where there is room.
  private func label(_ drawing: inout Drawing, left: Int, top: Int, shown: RasterImage) {
    let factor = Double(shown.widthPixels) / Double(max(1, region.widthPixels))
    guard let pitch = pitch(), Double(pitch) * factor >= 44 else { return }
    for patch in patches {
      let area = patch.area
      guard let text = TextMask(String(format: "%.2f", patch.score), sizePixels: 14) else { return }
      let x = left + Int((Double(area.x) + Double(area.width) / 2) * factor)
      let y = top + Int((Double(area.y) + Double(area.height) / 2) * factor)
      drawing.write(
        text, x: x - text.widthPixels / 2, y: y - text.heightPixels / 2, Self.white,
        halo: [0, 0, 0])
    }
  }

  /// The smallest distance of two patches' centres along one axis.
  private func pitch() -> Int? {
    guard patches.count <= 100 else { return nil }
    var smallest = Int.max
    for (index, a) in patches.enumerated() {
      for b in patches[..<index] {
        let across = abs(2 * (a.area.x - b.area.x) + a.area.width - b.area.width) / 2
        let down = abs(2 * (a.area.y - b.area.y) + a.area.height - b.area.height) / 2
        // Labels are wider than high.
        smallest = min(smallest, max(across, 2 * down))
      }
    }
    return smallest == .max ? min(region.widthPixels, region.heightPixels) : smallest
  }

  private func drawBar(_ drawing: inout Drawing, x: Int, y: Int, height: Int) {
    let height = max(height, 40)
    func place(_ value: Double) -> Int {
      y + Int(((scale.high - value) / (scale.high - scale.low) * Double(height - 1)).rounded())
    }
    for row in 0..<height {
      let share = 1 - Double(row) / Double(height - 1)
      drawing.fill(
        x: x, y: y + row, width: 24, height: 1,
        scale.colour(of: scale.low + share * (scale.high - scale.low)))
    }
    drawing.frame(x: x, y: y, width: 24, height: height, Self.faint)
    let ticks = scale.ticks
    for value in ticks.values {
      let line = place(value)
      drawing.fill(x: x + 24, y: line, width: 6, height: 1, Self.text)
      let text = TextMask(String(format: "%.\(ticks.decimals)f", value), sizePixels: 15)
      drawing.write(text, x: x + 36, y: line - (text?.heightPixels ?? 0) / 2, Self.text)
    }
  }

  /// Text that fits a width: its middle is left out where it is too long.
  private static func fitting(
    _ text: String, size: Int, isBold: Bool = false, width: Int
  ) -> TextMask? {
    var shown = text
    var kept = text.count
    while let mask = TextMask(shown, sizePixels: size, isBold: isBold) {
      guard mask.widthPixels > width, kept > 8 else { return mask }
      kept = min(kept - 1, kept * width / mask.widthPixels)
      shown = String(text.prefix(kept / 2)) + "…" + String(text.suffix(kept / 2))
    }
    return nil
  }
}
