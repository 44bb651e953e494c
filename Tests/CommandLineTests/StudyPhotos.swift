import Domain
import Files
import Foundation
import Pixels
import Studies
import Testing

/// Photos and folders for tests of the study commands.
enum StudyPhotos {
  /// A small photo with content of its own.
  static func image(_ number: Int, width: Int = 96, height: Int = 72) throws -> RasterImage {
    var samples: [UInt8] = []
    samples.reserveCapacity(3 * width * height)
    for row in 0..<height {
      for column in 0..<width {
        for band in 0..<3 {
          samples.append(UInt8(truncatingIfNeeded: row * 3 + column * (number + 1) + 40 * band))
        }
      }
    }
    return try #require(RasterImage(widthPixels: width, heightPixels: height, samples: samples))
  }

  /// Writes photos `scene/number.jpg`, all different, and returns the folder.
  static func write(
    to folder: String, scenes: [String], each: Int, width: Int = 96, height: Int = 72
  ) throws {
    for (index, scene) in scenes.enumerated() {
      try AtomicFile.makeFolder("\(folder)/\(scene)")
      for number in 0..<each {
        try image(100 * index + number, width: width, height: height)
          .write(to: "\(folder)/\(scene)/\(number).jpg", as: .jpeg(quality: 90))
      }
    }
  }

  /// Everything of a study that must not depend on how often its making was interrupted.
  static func state(_ study: String) throws -> String {
    let opened = try StudyStore.open(study)
    let photos = try opened.photos().map { "\($0)" }
    let regions = try opened.regions().sorted { $0.key < $1.key }.flatMap { _, own in
      own.sorted { $0.key < $1.key }.map { "\($0.value)" }
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: "\(study)/files").sorted()
    let table = (try? String(contentsOfFile: "\(study)/regions.csv", encoding: .utf8)) ?? ""
    let damage = try opened.verify().damage
    try opened.close()
    return (photos + regions + files + [table] + damage).joined(separator: "\n")
  }

  /// The lines in which the states of two studies differ, `-` those of the first and `+` those of
  /// the second.
  static func differences(_ first: String, _ second: String) throws -> [String] {
    let (one, two) = try (state(first), state(second))
    let lines = [one, two].map { $0.split(separator: "\n", omittingEmptySubsequences: false) }
    return lines[1].difference(from: lines[0]).map { change in
      switch change {
      case .remove(_, let line, _): "- \(line)"
      case .insert(_, let line, _): "+ \(line)"
      }
    }
  }
}

/// Runs a test in a folder of its own.
func inFolder(_ body: (String) throws -> Void) throws {
  let folder = try Program.temporaryFolder()
  defer { try? FileManager.default.removeItem(atPath: folder) }
  try body(folder)
}
