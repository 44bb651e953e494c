import Foundation
import Pixels
import Testing

/// Where the field data lie: where `VERNIER_FIELD_DATA` says, else beside the repository.
private let fieldFolder =
  ProcessInfo.processInfo.environment["VERNIER_FIELD_DATA"]
  ?? URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  .appendingPathComponent("../../../shared/data/field").standardized.path

/// Charts of 20 × 10 patches of known colors, as cameras and programs write them.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: fieldFolder)))
struct FieldPhotoTests {
  private struct Chart: Decodable {
    let rows: Int
    let columns: Int
    let tolerance: Double
    let srgb: [[[Double]]]
  }

  private let folder = fieldFolder

  @Test func haveTheirColours() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/expected-colours.json"))
    let charts = try JSONDecoder().decode([String: Chart].self, from: data)
    for (name, chart) in charts.sorted(by: { $0.key < $1.key }) {
      let refuses = name.contains("with-")
      if refuses {
        #expect(
          errorKind { _ = try RasterImage.decode("\(folder)/photos/\(name)") } == .brokenProfile)
      }
      let options = DecodingOptions(brokenProfile: refuses ? .assumeSRGB : .refuse)
      let image = try RasterImage.decode("\(folder)/photos/\(name)", options: options)
      var off: [String] = []
      for row in 0..<chart.rows {
        for column in 0..<chart.columns {
          let x = (2 * column + 1) * image.widthPixels / (2 * chart.columns)
          let y = (2 * row + 1) * image.heightPixels / (2 * chart.rows)
          let place = 3 * (y * image.widthPixels + x)
          let levels = (0..<3).map { Double(image.samples[place + $0]) }
          let worst = zip(levels, chart.srgb[row][column]).map { abs($0 - $1) }.max() ?? 0
          if worst > chart.tolerance { off.append("row \(row), column \(column): \(levels)") }
        }
      }
      // One color lies on sRGB's border, where one level of the stored red, lost by JPEG's
      // rounding, is 16 levels of sRGB.
      #expect(off.count <= (name == "adobergb-by-exif.jpg" ? 1 : 0), "\(name): \(off)")
    }
  }

  @Test func othersAreNamedOrRead() throws {
    #expect(
      errorKind { _ = try RasterImage.decode("\(folder)/photos/pq-by-nclx.avif") } == .unsupported)
    #expect(
      errorKind { _ = try RasterImage.decode("\(folder)/photos/truncated-profile.png") }
        == .brokenProfile)
    let taken = try RasterImage.decode(
      "\(folder)/photos/truncated-profile.png", options: DecodingOptions(brokenProfile: .assumeSRGB)
    )
    #expect(taken.widthPixels > 100)
    let latin = try RasterImage.probe("\(folder)/photos/latin1-model.jpg")
    #expect(latin.exif["Model"] == "Müller Cam®")
  }
}
