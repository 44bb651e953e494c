import Foundation
import Pixels
import Testing

@Test func losslessEncodingsAreExact() throws {
  let pattern = try testPattern(width: 57, height: 31)
  for encoding in [ImageEncoding.png(), .png(compression: 9), .webpLossless()] {
    let bytes = try pattern.encoded(as: encoding)
    #expect(try RasterImage.decode(bytes: bytes, name: "pattern") == pattern)
  }
}

@Test func jpegKeepsFullChroma() throws {
  // Columns of alternating red and blue survive 4:4:4 and would melt to purple in 4:2:0.
  let stripes = try image(32, 32) { x, _, band in band == (x % 2) * 2 ? 230 : 30 }
  let decoded = try RasterImage.decode(
    bytes: stripes.encoded(as: .jpeg(quality: 97)), name: "stripes")
  #expect(try #require(largestDifference(stripes, decoded)) <= 12)
}

@Test func writingReplacesAFileOrLeavesItAlone() throws {
  try withTemporaryFolder { folder in
    let path = "\(folder)/out.png"
    let first = try testPattern(width: 5, height: 4)
    let second = try testPattern(width: 6, height: 4)
    try first.write(to: path, as: .png())
    try second.write(to: path, as: .png())
    #expect(try RasterImage.decode(path) == second)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out.png"])
  }
}

@Test func whatCannotBeWrittenIsAnErrorOfThePhoto() throws {
  let image = try testPattern(width: 5, height: 4)
  #expect(errorKind { try image.write(to: "/dev/full", as: .png()) } == .unwritable)
  #expect(errorKind { try image.write(to: "", as: .png()) } == .unwritable)
  try withTemporaryFolder { folder in
    // A folder can't be replaced by a file.
    #expect(errorKind { try image.write(to: folder, as: .png()) } == .unwritable)
    let siblings = try FileManager.default.contentsOfDirectory(
      atPath: URL(fileURLWithPath: folder).deletingLastPathComponent().path)
    #expect(!siblings.contains { $0.hasPrefix(".vernier-") })
  }
}
