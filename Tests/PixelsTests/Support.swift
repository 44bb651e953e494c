import Foundation
import Pixels

/// The fixture files, made by `Scripts/golden/pixels.py`.
enum Fixture {
  /// The path of a fixture.
  static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("Fixtures/\(name)").path
  }

  /// The bytes of a fixture.
  static func bytes(_ name: String) throws -> [UInt8] {
    Array(try Data(contentsOf: URL(fileURLWithPath: path(name))))
  }
}

/// The pattern of `Scripts/golden/pixels.py`.
func testPattern(width: Int, height: Int) throws -> RasterImage {
  try image(width, height) { x, y, band in (x * 37 + y * 91 + band * 53 + x * y * 7) % 251 }
}

/// The gradient that the lossy fixtures show: red 5·x, green 7·y, blue 128.
func gradient() throws -> RasterImage {
  try image(48, 32) { x, y, band in [5 * x, 7 * y, 128][band] }
}

/// An image of levels by column, row and band.
func image(
  _ width: Int, _ height: Int, _ level: (Int, Int, Int) -> Int
) throws -> RasterImage {
  var samples: [UInt8] = []
  for row in 0..<height {
    for column in 0..<width {
      for band in 0..<3 { samples.append(UInt8(clamping: level(column, row, band))) }
    }
  }
  guard let image = RasterImage(widthPixels: width, heightPixels: height, samples: samples) else {
    throw PhotoError("pattern", .unsupported, "has no pixels", remedy: "ask for some")
  }
  return image
}

/// The largest difference of two images' samples, or nil when their sizes differ.
func largestDifference(_ left: RasterImage, _ right: RasterImage) -> Int? {
  guard left.widthPixels == right.widthPixels, left.heightPixels == right.heightPixels else {
    return nil
  }
  return zip(left.samples, right.samples).map { abs(Int($0) - Int($1)) }.max()
}

/// A folder of its own that is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("pixels-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

/// The kind of the `PhotoError` that `body` throws, or nil when it throws none.
func errorKind(_ body: () throws -> Void) -> PhotoError.Kind? {
  do {
    try body()
    return nil
  } catch {
    return (error as? PhotoError)?.kind
  }
}
