import Domain
import Pixels
import Scoring

/// Where a model sees the quality change between two photos: blue where the candidate gains, orange
/// where it loses.
///
/// The two maps are laid over each other by the regions' borders: the regions show the same part at
/// about the same size, and the map is as coarse as the model's crops.
struct DifferenceMap {
  private static let shownSide = 520
  private static let cells = 12

  private let region: RasterImage
  private let columns: Int
  private let rows: Int
  private let differences: [Double?]

  /// Compares two regions; nil where no cell is scored in both.
  init?(
    _ old: (region: RasterImage, parts: PatchScores),
    _ new: (region: RasterImage, parts: PatchScores)
  ) {
    region = new.region
    let ratio = Double(region.widthPixels) / Double(max(1, region.heightPixels))
    columns = ratio >= 1 ? Self.cells : max(1, Int((Double(Self.cells) * ratio).rounded()))
    rows = ratio >= 1 ? max(1, Int((Double(Self.cells) / ratio).rounded())) : Self.cells
    let (columns, rows) = (columns, rows)
    func map(_ side: (region: RasterImage, parts: PatchScores)) -> [Double?] {
      QualityMap(
        side.parts.patches, widthPixels: side.region.widthPixels,
        heightPixels: side.region.heightPixels, columns: columns, rows: rows
      ).values
    }
    differences = zip(map(old), map(new)).map { before, after in
      before.flatMap { before in after.map { $0 - before } }
    }
    guard differences.contains(where: { $0 != nil }) else { return nil }
  }

  /// The picture as a JPEG file's bytes, and what it shows.
  func encoded() throws(PhotoError) -> (picture: [UInt8], meaning: String) {
    let known = differences.compactMap { $0 }
    let largest = known.map { abs($0) }.max() ?? 0
    let factor = Double(Self.shownSide) / Double(region.longSidePixels)
    var shown = region.resizedBicubic(
      widthPixels: max(1, Int(Double(region.widthPixels) * factor)),
      heightPixels: max(1, Int(Double(region.heightPixels) * factor)))
    let (width, height) = (shown.widthPixels, shown.heightPixels)
    for y in 0..<height {
      for x in 0..<width {
        let cell = (y * rows / height) * columns + x * columns / width
        let place = 3 * (y * width + x)
        let gray =
          0.299 * Double(shown.samples[place]) + 0.587 * Double(shown.samples[place + 1])
          + 0.114 * Double(shown.samples[place + 2])
        let colour: [Double] =
          (differences[cell] ?? 0) >= 0 ? [47, 138, 234] : [232, 110, 28]
        let share = largest > 0 ? 0.7 * abs(differences[cell] ?? 0) / largest : 0
        for band in 0..<3 {
          shown.samples[place + band] = UInt8((1 - share) * gray + share * colour[band])
        }
      }
    }
    let worst = text(known.min() ?? 0)
    let best = text(known.max() ?? 0)
    return (
      try shown.encoded(as: .jpeg(quality: 88)),
      "Where the model sees a change: blue gains, orange loses; from \(worst) to \(best) in the model's unit."
    )
  }

  private func text(_ value: Double) -> String {
    let hundredths = Int((abs(value) * 100).rounded())
    let rest = hundredths % 100
    let sign = hundredths == 0 ? "" : value < 0 ? "\u{2212}" : "+"
    return "\(sign)\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
