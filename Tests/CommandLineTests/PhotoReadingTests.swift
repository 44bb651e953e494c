import Foundation
import Pixels
import Testing

@Suite struct PhotoReadingTests {
  /// A small photo whose embedded profile is for ink.
  private func write(to path: String, side: Int = 24) throws {
    let samples = (0..<(3 * side * side)).map { UInt8(truncatingIfNeeded: $0 * 7) }
    let image = try #require(
      RasterImage(widthPixels: side, heightPixels: side, samples: samples))
    var bytes = try image.encoded(as: .jpeg(quality: 95))
    var profile = [UInt8](repeating: 0, count: 144)
    profile.replaceSubrange(0..<4, with: [0, 0, 0, 144])
    profile.replaceSubrange(16..<20, with: "CMYK".utf8)
    profile.replaceSubrange(36..<40, with: "acsp".utf8)
    profile.replaceSubrange(128..<132, with: [0, 0, 0, 1])
    let block = Array("ICC_PROFILE\0".utf8) + [1, 1] + profile
    bytes.insert(
      contentsOf: [0xFF, 0xE2, UInt8((block.count + 2) >> 8), UInt8((block.count + 2) & 0xFF)]
        + block, at: 2)
    try Data(bytes).write(to: URL(fileURLWithPath: path))
  }

  @Test func theRemediesOfRefusedPhotosExist() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try write(to: "\(folder)/ink.jpg")
    let arguments = ["degrade", "ink.jpg", "--levels", "2", "--out", "graded"]
    let refused = try Program.run(arguments, in: folder)
    #expect(refused.status == 1 && refused.messages.contains("--profile srgb"))
    let taken = try Program.run(arguments + ["--profile", "srgb"], in: folder)
    #expect(taken.status == 0, "\(taken.messages)")
    let large = try Program.run(
      arguments + ["--profile", "srgb", "--max-pixels", "100"], in: folder)
    #expect(large.status == 1 && large.messages.contains("--max-pixels"))
  }

  @Test(arguments: [
    ["prepare"], ["score"], ["degrade"], ["fit", "niqe"], ["fit", "ilniqe"], ["fit", "brisque"],
    ["study", "add"], ["study", "regions"], ["study", "import-piq"], ["train"],
  ])
  func everyCommandThatReadsPhotosHasThem(command: [String]) throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let help = try Program.run(command + ["--help"], in: folder)
    #expect(help.output.contains("--profile") && help.output.contains("--max-pixels"))
    if command == ["score"] { #expect(help.output.contains("--box")) }
  }

  @Test func whatAFolderHoldsBesidePhotosIsCounted() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let inside = "\(folder)/photos"
    for name in ["photos", "photos/more"] {
      try FileManager.default.createDirectory(
        atPath: "\(folder)/\(name)", withIntermediateDirectories: true)
    }
    for name in ["notes.txt", "a.xmp", "b.xmp", "list"] {
      try Data("text".utf8).write(to: URL(fileURLWithPath: "\(inside)/\(name)"))
    }
    try write(to: "\(inside)/a.jpg")
    try FileManager.default.copyItem(atPath: "\(inside)/a.jpg", toPath: "\(inside)/by-content")
    let run = try Program.run(
      ["fit", "niqe", "--pristine", "photos", "--out", "m.json", "--profile", "srgb"], in: folder)
    #expect(
      run.messages.contains(
        "4 files passed over that can't be read as photos: 2 .xmp, "
          + "1 without a suffix, 1 .txt; 1 folder not entered"), "\(run.messages)")
  }
}
