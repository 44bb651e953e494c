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

  @Test(.needsSetup) func aMissingLibraryIsNamedInOneLine() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let score = try Program.run(
      ["score", "\(Program.root)/.deps/portraits/astronaut.png"], in: folder,
      environment: withoutTorch)
    #expect(score.status != 0)
    #expect(score.messages.contains("VERNIER_TORCH_LIBRARY: /nowhere/libvernier-torch.so"))
  }
}
