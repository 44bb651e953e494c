import Domain
import Files
import Foundation
import NeuralModels
import Tensors
import Testing

/// `vernier model`: import, export, list, show.
@Suite struct ModelCommandTests {
  @Test func importAndExportGiveTheSameNumbersBack() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SmallModel.weights(to: "\(folder)/weights.safetensors")
    let made = try Program.run(
      [
        "model", "import", "weights.safetensors", "--architecture", "resnet50", "--patch", "64",
        "--attribute", "Details", "--unit", "JOD", "--licence", "CC0", "--out", "models/small",
      ], in: folder)
    #expect(made.status == 0, "\(made.messages)")
    let exported = try Program.run(
      ["model", "export", "models/small", "--out", "back.safetensors"], in: folder)
    #expect(exported.status == 0, "\(exported.messages)")
    let before = try Checkpoint.read("\(folder)/weights.safetensors")
    let (after, metadata) = try Checkpoint.readWithMetadata("\(folder)/back.safetensors")
    #expect(Set(before.keys) == Set(after.keys))
    for (name, tensor) in after { #expect(try tensor.rawBytes() == before[name]?.rawBytes()) }
    #expect(metadata["architecture"] == "resnet50" && metadata["backbone"] == "lite0")

    let card = try String(contentsOfFile: "\(folder)/models/small/README.md", encoding: .utf8)
    #expect(card.contains("| License of the weights | CC0 |") && card.contains("64 × 64"))
    let shown = try Program.run(["model", "show", "models/small"], in: folder)
    #expect(shown.status == 0 && shown.output.contains("cropSide        64"))
    #expect(shown.output.contains("attribute       details"))
    let listed = try Program.run(["model", "list"], in: folder)
    let rows = listed.output.split(separator: "\n").map { $0.split(separator: " ") }
    #expect(listed.status == 0)
    #expect(rows.contains { $0.prefix(3) == ["models/small", "resnet50", "details"] })
    #expect(rows.contains { $0.first == "photo-overall" })
  }

  @Test func wrappedWeightsAreUnwrappedOrTheirPlaceNamed() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SmallModel.weights(to: "\(folder)/plain.safetensors")
    let plain = try Checkpoint.read("\(folder)/plain.safetensors")
    func imported(_ tensors: [String: Tensor], _ more: [String] = []) throws -> Program.Outcome {
      try Checkpoint.write(tensors, to: "\(folder)/wrapped.safetensors")
      return try Program.run(
        [
          "model", "import", "wrapped.safetensors", "--architecture", "resnet50", "--patch", "64",
          "--force", "--out", "m",
        ] + more, in: folder)
    }
    func under(_ prefix: String) -> [String: Tensor] {
      Dictionary(uniqueKeysWithValues: plain.map { (prefix + $0, $1) })
    }
    for prefix in ["module.", "_orig_mod.", "module._orig_mod.", "model.", "module.module."] {
      let outcome = try imported(under(prefix))
      #expect(outcome.status == 0, "\(prefix): \(outcome.messages)")
    }
    // torch.optim.swa_utils counts beside the weights.
    var averaged = under("module.")
    averaged["n_averaged"] = try Tensor([Int64(3)])
    #expect(try imported(averaged).status == 0)
    // An average of weights and a counter beside them.
    var several = under("model.").merging(under("ema_model.")) { first, _ in first }
    several["steps.count"] = try Tensor([Float(7)])
    let refused = try imported(several)
    #expect(refused.status == 1 && refused.messages.contains("--prefix model."))
    #expect(try imported(several, ["--prefix", "ema_model."]).status == 0)
    let nowhere = try imported(several, ["--prefix", "x."])
    #expect(nowhere.status == 1 && nowhere.messages.contains("ema_model, model, steps"))
    // A number that 16 bits can't hold.
    var large = plain
    let name = "score.bias"
    large[name] = try Tensor([Float(1e6)]).to(.float16)
    let overflow = try imported(large)
    #expect(overflow.status == 1 && overflow.messages.contains("65,504"), "\(overflow.messages)")
  }

  @Test func aPackedModelIsHalfAsLargeAndScoresAlike() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SmallModel.weights(to: "\(folder)/weights.safetensors")
    try SmallModel.photo(to: "\(folder)/photo.png")
    try Data("# A card\n".utf8).write(to: URL(fileURLWithPath: "\(folder)/card.md"))
    let made = try Program.run(
      [
        "model", "import", "weights.safetensors", "--architecture", "resnet50", "--patch", "64",
        "--unit", "MOS", "--out", "whole",
      ], in: folder)
    #expect(made.status == 0, "\(made.messages)")
    let packed = try Program.run(
      [
        "model", "pack", "whole", "--unit", "MOS of somebody", "--card", "card.md", "--license",
        "CC0", "--out", "packed",
      ], in: folder)
    #expect(packed.status == 0, "\(packed.messages)")
    let description = try ModelFolder("\(folder)/packed").description
    #expect(description.unit?.text == "MOS of somebody" && description.origin.licence == "CC0")
    #expect(
      try String(contentsOfFile: "\(folder)/packed/README.md", encoding: .utf8) == "# A card\n")
    let sizes = try ["whole", "packed"].map {
      try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\($0)/weights.safetensors")).count
    }
    #expect(sizes[1] < sizes[0] * 11 / 20, "\(sizes)")
    let scores = try ["whole", "packed"].map { model in
      let outcome = try Program.run(
        ["score", "--model", model, "--region", "full", "photo.png", "--csv"], in: folder)
      #expect(outcome.status == 0, "\(outcome.messages)")
      let row = outcome.output.split(separator: "\n")[1]
      let fields = row.split(separator: ",", omittingEmptySubsequences: false)
      return try #require(Double(fields[3]))
    }
    // 11 bits of mantissa; the score's own size is about 1.
    #expect(abs(scores[0] - scores[1]) < 0.02 * max(1, abs(scores[0])), "\(scores)")
  }

  /// Python's own library reads an exported file, where it is installed.
  @Test func pythonReadsAnExport() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SmallModel.weights(to: "\(folder)/weights.safetensors")
    let made = try Program.run(
      [
        "model", "import", "weights.safetensors", "--architecture", "resnet50", "--patch", "64",
        "--attribute", "Details", "--unit", "JOD", "--licence", "CC0", "--out", "small",
      ], in: folder)
    #expect(made.status == 0, "\(made.messages)")
    let path = "\(folder)/back.safetensors"
    let exported = try Program.run(["model", "export", "small", "--out", path], in: folder)
    #expect(exported.status == 0, "\(exported.messages)")
    let count = try Checkpoint.read("\(folder)/weights.safetensors").count
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [
      "python3", "-c",
      """
      import sys
      try:
          from safetensors.numpy import load_file
      except ImportError:
          sys.exit(77)
      sys.exit(0 if len(load_file(sys.argv[1])) == int(sys.argv[2]) else 1)
      """, path, "\(count)",
    ]
    process.standardError = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    if process.terminationStatus == 77 || process.terminationStatus == 127 {
      try Test.cancel("Python's package safetensors isn't installed")
    }
    #expect(process.terminationStatus == 0)
  }

  @Test func wrongWeightsAreNamed() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SmallModel.weights(to: "\(folder)/w.safetensors", scenes: ["a", "b"])
    func refused(_ arguments: [String], _ parts: [String]) throws {
      let outcome = try Program.run(
        ["model", "import", "w.safetensors", "--out", "m"] + arguments, in: folder)
      #expect(outcome.status == 1)
      // One line, and nothing is left behind.
      #expect(outcome.messages.split(separator: "\n").count == 1)
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/m"))
      for part in parts { #expect(outcome.messages.contains(part), "\(outcome.messages)") }
    }
    try refused(
      ["--architecture", "hyperiqa"],
      ["missing", "res._conv_stem.weight", "unexpected", "--architecture resnet50-multitask"])
    try refused(
      ["--architecture", "resnet50-multitask", "--scenes", "a,b,c"],
      ["misshapen", "scene.weight: [2, 1280] instead of [3, 1280]", "for 2 scenes, not 3"])
    try refused(
      ["--architecture", "resnet50-multitask", "--top-k", "2"], ["--top-k", "leave it out"])
    try refused(
      ["--architecture", "resnet50-multitask", "--half-width=-1"], ["--half-width"])
    let unknown = try Program.run(
      ["model", "import", "w.safetensors", "--out", "m", "--architecture", "perceptron"],
      in: folder)
    #expect(unknown.status != 0 && unknown.messages.contains("full-hyperiqa-complete"))
    #expect(unknown.messages.contains("'perceptron' is invalid for '--architecture"))
    #expect(!FileManager.default.fileExists(atPath: "\(folder)/m"))
    // Numbers that aren't finite.
    var state = try Checkpoint.read("\(folder)/w.safetensors")
    state["score.bias"] = try Tensor([Float.nan])
    try Checkpoint.write(state, to: "\(folder)/w.safetensors")
    try refused(["--architecture", "resnet50-multitask"], ["score.bias", "finite"])
  }

  @Test func whatIsNotTensorsIsRefusedAndNeverRun() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let pwned = "\(folder)/pwned"
    // A pickle that calls posix.system, in the legacy form's place.
    var bytes: [UInt8] = [0x80, 0x02]
    bytes += Array("cposix\nsystem\n(S'touch \(pwned)'\ntR.".utf8)
    let files: [(String, [UInt8])] = [
      ("bomb.pth", bytes), ("empty.pth", []), ("text.pth", Array("hello".utf8)),
      ("zip.pth", [0x50, 0x4B, 0x05, 0x06] + [UInt8](repeating: 0, count: 18)),
      ("length.safetensors", [UInt8](repeating: 0xFF, count: 7) + [0x7F] + Array("{}".utf8)),
      ("photo.pth", [0xFF, 0xD8, 0xFF, 0xE0]),
    ]
    for (name, bytes) in files {
      try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
      let outcome = try Program.run(
        ["model", "import", name, "--architecture", "hyperiqa", "--out", "m"], in: folder)
      #expect(outcome.status == 1, "\(name)")
      #expect(outcome.messages.hasPrefix("Error: \(name): "), "\(outcome.messages)")
    }
    for name in ["missing.pth", "."] {
      let outcome = try Program.run(
        ["model", "import", name, "--architecture", "hyperiqa", "--out", "m"], in: folder)
      #expect(outcome.status == 1, "\(name)")
    }
    #expect(!FileManager.default.fileExists(atPath: pwned))
  }

  @Test func pythonsCheckpointsAreReadOrRefusedByContent() throws {
    let fixtures = "\(Program.root)/Tests/TensorsTests/Fixtures"
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Readable files of another network: their keys are named. Objects: refused.
    for (name, part) in [
      ("nested.pth", "unexpected"), ("legacy.pth", "unexpected"), ("parallel.pth", "unexpected"),
      ("object.pth", "isn't a tensor"), ("legacy-object.pth", "isn't a tensor"),
    ] {
      let outcome = try Program.run(
        ["model", "import", "\(fixtures)/\(name)", "--architecture", "dbcnn", "--out", "m"],
        in: folder)
      #expect(outcome.status == 1 && outcome.messages.contains(part), "\(outcome.messages)")
    }
  }

  @Test func modelsAreNotReplacedByAccident() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SmallModel.weights(to: "\(folder)/w.safetensors")
    let command = [
      "model", "import", "w.safetensors", "--architecture", "resnet50", "--out", "m",
    ]
    #expect(try Program.run(command, in: folder).status == 0)
    let again = try Program.run(command, in: folder)
    #expect(again.status == 1 && again.messages.contains("--force"))
    #expect(try Program.run(command + ["--force"], in: folder).status == 0)
    // A damaged model is listed as such.
    try Data("{".utf8).write(to: URL(fileURLWithPath: "\(folder)/m/model.json"))
    let listed = try Program.run(["model", "list"], in: folder)
    #expect(listed.status == 0 && listed.output.contains("damaged"))
    #expect(try Program.run(["model", "show", "m"], in: folder).status == 1)
  }
}
