import Domain
import Files
import Foundation
import ModelLibrary
import NeuralModels
import Tensors
import Testing

/// Networks as graphs in ONNX, run by ONNX Runtime beside ours.
@Suite(.serialized) struct ONNXExportTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().appending(path: "../..").standardized.path

  private static let script = """
    import json, sys
    import numpy, onnxruntime
    session = onnxruntime.InferenceSession(sys.argv[1], providers=["CPUExecutionProvider"])
    given = {}
    for port, file in zip(session.get_inputs(), sys.argv[2:]):
        given[port.name] = numpy.fromfile(file, "<f4").reshape(port.shape)
    print(json.dumps(session.run(["score"], given)[0].tolist()))
    """

  /// The scores that ONNX Runtime computes; skips the test where it isn't there.
  private static func run(_ graph: String, _ pictures: [String]) throws -> [Double] {
    let python = "\(root)/.deps/python/bin/python"
    guard FileManager.default.isExecutableFile(atPath: python) else {
      try Test.cancel(".deps/python is missing; run Scripts/setup --python")
    }
    let process = Process()
    process.executableURL = URL(filePath: python)
    process.arguments = ["-c", script, graph] + pictures
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = try output.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    try #require(process.terminationStatus == 0)
    return try JSONDecoder().decode([Double].self, from: text)
  }

  /// A picture with edges, slopes and noise, `[crops, height, width, 3]`, 0…255.
  private static func picture(_ crops: Int, _ height: Int, _ width: Int) throws -> Tensor {
    var state: UInt32 = 7
    var values: [Float] = []
    for crop in 0..<crops {
      for y in 0..<height {
        for x in 0..<width {
          for channel in 0..<3 {
            state = state &* 1_664_525 &+ 1_013_904_223
            let noise = Float(state >> 24) / 8
            let slope = Float((x + 2 * y + 40 * channel + 60 * crop) % 200)
            values.append((slope + noise + ((x / 16 + y / 16) % 2 == 0 ? 20 : 0)).rounded())
          }
        }
      }
    }
    return try Tensor(values, shape: [crops, height, width, 3])
  }

  /// Writes a picture as the graph takes it.
  private static func write(_ picture: Tensor, to path: String) throws {
    let outside = try (picture * (1.0 / 255)).permuted([0, 3, 1, 2]).contiguous()
    try AtomicFile.write(outside.rawBytes(), to: path)
  }

  private static func inFolder<Output>(_ body: (String) throws -> Output) throws -> Output {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    try AtomicFile.makeFolder(folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try body(folder)
  }

  private static var installation: Installation {
    get throws {
      try Installation(
        environment: ["VERNIER_DEPS": "\(root)/.deps"], executable: nil, workingFolder: root)
    }
  }

  @Test(arguments: Architecture.allCases.filter { !$0.traits.needsScene })
  func theGraphScoresAsTheNetwork(architecture: Architecture) throws {
    try Self.inFolder { folder in
      let crops = architecture.traits.readsCropsTogether ? 2 : 1
      let configuration = QualityNetwork.Configuration(
        architecture: architecture, cropsPerImage: crops,
        scenes: architecture.usesScenes ? ["a", "b", "c"] : [], topScenes: 2, scoreOffset: 50,
        scoreScale: 10)
      let network = try QualityNetwork(
        Weights(initialising: RandomSource(seed: 5)), configuration)
      let description = ModelDescription(
        architecture: architecture.rawValue, attribute: .overall, unit: ScoreUnit(.jod(.unstated)))
      try network.save(to: "\(folder)/model", description, card: "# A test\n")
      // An odd height and an even width, where any size will do.
      let size = architecture.usesCrops ? nil : (height: 97, width: 130)
      let export = try ONNXExport(
        model: "\(folder)/model", installation: try Self.installation, size: size)
      try AtomicFile.write(export.bytes, to: "\(folder)/model.onnx")
      let shape = export.inputs[0].shape
      let image = try Self.picture(shape[0], shape[2], shape[3])
      var input = QualityNetwork.Input(crops: try image.unsqueezed(0))
      try Self.write(image, to: "\(folder)/image")
      var pictures = ["\(folder)/image"]
      if architecture.needsCompleteImage {
        let complete = try Self.picture(1, export.inputs[1].shape[2], export.inputs[1].shape[3])
        input.completeImages = complete
        try Self.write(complete, to: "\(folder)/complete")
        pictures.append("\(folder)/complete")
      }
      let expected = try withoutGradient { try network(input) }.scores.item()
      let score = try Self.run("\(folder)/model.onnx", pictures)
      #expect(score.count == 1)
      // Offset 50, scale 10: 1e-4 of the network's own numbers.
      #expect(abs(score[0] - expected) <= 1e-3, "\(score) instead of \(expected)")
    }
  }

  @Test(arguments: ["photo-overall", "portrait-details"])
  func theModelsThatComeWithItAreGraphsToo(name: String) throws {
    let installation = try Self.installation
    let folder = "\(Self.root)/Models/\(name)"
    guard FileManager.default.fileExists(atPath: "\(Self.root)/.deps/models") else {
      try Test.cancel(".deps/models is missing; run Scripts/setup")
    }
    try Self.inFolder { scratch in
      let export = try ONNXExport(
        model: folder, installation: installation, size: (height: 150, width: 225))
      try AtomicFile.write(export.bytes, to: "\(scratch)/model.onnx")
      let image = try Self.picture(1, 150, 225)
      try Self.write(image, to: "\(scratch)/image")
      let score = try Self.run("\(scratch)/model.onnx", ["\(scratch)/image"])
      let expected: Double
      if name == "photo-overall" {
        expected = try QualityNetwork.load(folder)(.init(crops: image.unsqueezed(0))).scores.item()
      } else {
        let regressor = try MultiDepthRegressor.load(folder)
        let weights = try Weights(
          loading: Checkpoint.read(installation.model(ScoringFiles.backbone)), for: .training())
        expected = try regressor.scores(
          MultiDepthRegressor.features(
            EfficientNetLite0.normalized(image), backbone: EfficientNetLite0(weights)))[0]
      }
      #expect(abs(score[0] - expected) <= 2e-3, "\(score) instead of \(expected)")
    }
  }

  @Test func whatCannotBeAGraphIsNamed() throws {
    try Self.inFolder { folder in
      let configuration = QualityNetwork.Configuration(
        architecture: .semHyperIQASceneOnly, cropsPerImage: 2, scenes: ["a", "b"])
      let network = try QualityNetwork(
        Weights(initialising: RandomSource(seed: 5)), configuration)
      let description = ModelDescription(
        architecture: configuration.architecture.rawValue, attribute: .overall,
        unit: ScoreUnit(.jod(.unstated)))
      try network.save(to: folder, description, card: "# A test\n")
      #expect(throws: InputError.self) {
        try ONNXExport(model: folder, installation: try Self.installation)
      }
    }
  }

  @Test(arguments: ["photo-overall", "portrait-details"], [8, 4000])
  func aSizeOutOfRangeIsNamed(model: String, height: Int) throws {
    let error = #expect(throws: InputError.self) {
      try ONNXExport(
        model: "\(Self.root)/Models/\(model)", installation: try Self.installation,
        size: (height: height, width: 225))
    }
    #expect(error?.problem.contains("out of range") == true)
  }
}
