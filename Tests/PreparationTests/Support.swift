import Domain
import Foundation
import Pixels
import Preparation
import Testing

/// A detector that reports given boxes, as parts of the image's sides, and counts how often it is
/// asked.
final class StubDetector: FaceDetector {
  /// The boxes: x, y, width, height as parts of the sides, and the score.
  private let boxes: [[Double]]
  /// Whether an image of this size shows them.
  private let isSeen: (RasterImage) -> Bool
  /// The sizes that were asked for.
  private(set) var sizes: [Int] = []

  init(_ boxes: [[Double]], isSeen: @escaping (RasterImage) -> Bool = { _ in true }) {
    self.boxes = boxes
    self.isSeen = isSeen
  }

  func faces(in image: RasterImage) -> [FaceBox] {
    sizes.append(image.longSidePixels)
    guard isSeen(image) else { return [] }
    let width = Double(image.widthPixels)
    let height = Double(image.heightPixels)
    return boxes.map {
      FaceBox(
        x: $0[0] * width, y: $0[1] * height, width: $0[2] * width, height: $0[3] * height,
        score: $0[4])
    }
  }
}

/// A folder of its own that is removed afterwards.
func withTemporaryFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
  let folder = FileManager.default.temporaryDirectory
    .appendingPathComponent("preparation-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(at: folder) }
  return try body(folder.path)
}

/// The path of what the set-up fetches, such as `.deps/portraits`; skips the test where it hasn't
/// run.
func dependency(_ name: String) throws -> String {
  let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()
  let path = root.appendingPathComponent(".deps/\(name)").path
  guard FileManager.default.fileExists(atPath: path) else {
    try Test.cancel(".deps/\(name) is missing; run Scripts/setup")
  }
  return path
}

/// A smooth image with some texture.
func texture(_ width: Int, _ height: Int) throws -> RasterImage {
  var samples: [UInt8] = []
  samples.reserveCapacity(3 * width * height)
  for row in 0..<height {
    for column in 0..<width {
      let wave = sin(Double(column) / 9) * cos(Double(row) / 7)
      for band in 0..<3 { samples.append(UInt8(128 + 50 * wave + 10 * Double(band))) }
    }
  }
  guard let image = RasterImage(widthPixels: width, heightPixels: height, samples: samples) else {
    throw InputError("texture", "has no pixels", remedy: "ask for some")
  }
  return image
}
