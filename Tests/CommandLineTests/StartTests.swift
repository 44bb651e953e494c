import Foundation
import Testing

/// What a start of the program needs.
struct StartTests {
  /// Stands for a machine that has no libtorch.
  private let withoutTorch = ["VERNIER_TORCH_LIBRARY": "/nowhere/libvernier-torch.so"]

  @Test func votesAreScaledWithoutLibtorch() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var votes = "observer,scene,attribute,image_a,image_b,choice\n"
    for observer in 1...4 {
      for pair in [("a", "b"), ("b", "c"), ("a", "c")] {
        votes += "o\(observer),s,details,\(pair.0).jpg,\(pair.1).jpg,\(observer > 1 ? "a" : "b")\n"
      }
    }
    try votes.write(toFile: "\(folder)/votes.csv", atomically: true, encoding: .utf8)
    let scale = try Program.run(
      ["scale", "--votes", "votes.csv", "--out", "scale"], in: folder, environment: withoutTorch)
    #expect(scale.status == 0, "\(scale.messages)")
  }

  /// NIQE's parameters come as an archive of NumPy, and whole photos need no face detector.
  @Test(
    .needsSetup,
    arguments: [
      ["score", "--model", "niqe", "--threads", "1"], ["score", "--model", "brisque"],
      ["prepare", "--attribute", "overall", "--out", "regions", "--threads", "2"],
      ["prepare", "--attribute", "details", "--box", "10,10,60,80", "--out", "regions"],
    ])
  func photosAreMeasuredWithoutLibtorch(command: [String]) throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let portraits = ["astronaut.png", "obama.jpg"]
    let outcome = try Program.run(
      command + portraits.map { "\(Program.root)/.deps/portraits/\($0)" }, in: folder,
      environment: withoutTorch)
    #expect(outcome.status == 0, "\(outcome.messages)")
  }

  @Test(
    .needsSetup, arguments: [["score"], ["prepare", "--attribute", "details", "--out", "regions"]])
  func aMissingLibraryIsNamedInOneLine(command: [String]) throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Program.run(
      command + ["\(Program.root)/.deps/portraits/astronaut.png"], in: folder,
      environment: withoutTorch)
    #expect(outcome.status != 0)
    let lines = outcome.messages.split(separator: "\n").filter { $0.contains("libtorch: ") }
    #expect(lines.count == 1, "\(outcome.messages)")
    #expect(lines.first?.contains("VERNIER_TORCH_LIBRARY: /nowhere/libvernier-torch.so") == true)
    #expect(lines.first?.contains("; run make build in Vernier's folder") == true)
    #expect(!outcome.messages.contains("damaged"))
  }
}
