import Domain
import Foundation
import Pixels
import Testing

/// Memory is measured in a process of its own: other tests, and their libraries, share this one.
@Suite struct MemoryTests {
  private static let marker = "VERNIER_MEMORY_TEST"

  @Test func aPhotoOfFiftyMegapixelsStaysUnder400MB() throws {
    if ProcessInfo.processInfo.environment[Self.marker] != nil { return try measure() }
    let child = Process()
    child.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    child.arguments = ["--testing-library", "swift-testing", "--filter", "MemoryTests"]
    child.environment = ProcessInfo.processInfo.environment.merging([Self.marker: "1"]) { $1 }
    let output = Pipe()
    child.standardOutput = output
    child.standardError = output
    try child.run()
    let text = String(
      decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    child.waitUntilExit()
    #expect(child.terminationStatus == 0 && text.contains("peak growth"), "\(text)")
    for line in text.split(separator: "\n") where line.hasPrefix("peak growth") { print(line) }
  }

  /// Decodes 50 megapixels in every way; the growth from the start to the peak must stay below 400
  /// MB.
  private func measure() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/large.jpg"
      try RasterImage(widthPixels: 8160, heightPixels: 6120, red: 90, green: 130, blue: 70)
        .write(to: path, as: .jpeg(quality: 90))
      let start = try memory("VmRSS:")
      var growth: [String] = []
      func note(_ name: String, _ body: () throws -> Void) throws {
        try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
        try body()
        let megabytes = try memory("VmHWM:") - start
        growth.append("\(name) \(megabytes)")
        #expect(megabytes < 400, "\(name)")
      }
      try note("shrunk") { _ = try RasterImage.decodeShrunk(path, longSide: 960) }
      try note("area") {
        let area = PixelRectangle(x: 100, y: 100, width: 4500, height: 6000)
        let region = try RasterImage.decodeArea(path, area: area, width: 1837, height: 2449)
        #expect(Array(region.samples.prefix(3)) == [90, 130, 70])
      }
      try note("whole") {
        let image = try RasterImage.decode(path)
        #expect(image.pixelCount == 8160 * 6120)
      }
      print("peak growth in MB:", growth.joined(separator: ", "))
    }
  }

  /// A number of this process's status, in megabytes.
  private func memory(_ field: String) throws -> Int {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix(field) }
    return try #require(line?.split(separator: " ").compactMap { Int($0) }.first) / 1024
  }
}
