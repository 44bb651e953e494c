import Foundation
import Pixels
import Testing

struct WorkerCommandTests {
  @Test(.needsSetup) func aWorkerScoresAndEndsWithItsInput() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let photo = "\(Program.root)/.deps/portraits/astronaut.png"
    let requests = """
      {"id":1,"path":"\(photo)"}
      {"id":2,"path":"none.png"}
      {"id":3,"path":"tiny.png"}
      """
    try RasterImage(widthPixels: 4, heightPixels: 4, red: 9, green: 9, blue: 9)
      .write(to: "\(folder)/tiny.png", as: .png())
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(Program.root)/.build/release/vernier")
    process.arguments = ["worker", "--model", "niqe"]
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    try input.fileHandleForWriting.write(contentsOf: Data(requests.utf8))
    try input.fileHandleForWriting.close()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    let lines = try text.split(separator: "\n").map { line in
      try #require(JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }
    try #require(lines.count == 4)
    #expect(lines[0]["type"] as? String == "ready")
    #expect(lines[0]["direction"] as? String == "lowerIsBetter")
    let scored = try Program.run(
      ["score", "--model", "niqe", "--json", photo], in: folder)
    let record = try #require(
      JSONSerialization.jsonObject(with: Data(scored.output.utf8)) as? [String: Any])
    #expect(lines[1]["score"] as? Double == record["score"] as? Double)
    #expect((lines[2]["error"] as? [String: Any])?["kind"] as? String == "missing")
    let tiny = try #require(lines[3]["error"] as? [String: Any])
    #expect(tiny["kind"] as? String == "photo")
    #expect((tiny["message"] as? String)?.hasPrefix("tiny.png: 4×4 pixels is too small") == true)
  }

  @Test(.needsSetup) func sigtermEndsAWaitingWorker() throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(Program.root)/.build/release/vernier")
    process.arguments = ["worker", "--model", "niqe"]
    let (input, output) = (Pipe(), Pipe())
    process.standardInput = input
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    // The first line says that the worker waits.
    #expect(!output.fileHandleForReading.availableData.isEmpty)
    process.terminate()
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
    withExtendedLifetime(input) {}
  }
}
