import Domain
import Foundation
import NeuralModels
import Tensors
import Testing

@Suite struct StageRegressorTests {
  private static let unit = ScoreUnit(.jod(.scene("Indoor_1")), origin: .simulated)

  private func model(offset: Double = 0, scale: Double = 1) throws -> StageRegressor {
    let configuration = StageRegressor.Configuration(
      scoreOffset: offset, scoreScale: scale, backboneDigest: "abc")
    let random = try RandomSource(seed: 5)
    let model = try StageRegressor(Weights(initialising: random), configuration)
    for weights in model.weights.parameters where weights.name == "head.output.weight" {
      try withoutGradient { try weights.tensor.assign(random.normal(weights.tensor.shape)) }
    }
    return model
  }

  private func features() throws -> [Float] {
    try RandomSource(seed: 8).normal([StageRegressor.featureCount]).floats()
  }

  @Test func scoresAreInTheScalesUnit() throws {
    let plain = try model().score(features())
    let scaled = try model(offset: 10, scale: 2).score(features())
    #expect(plain != 0 && abs(10 + 2 * plain - scaled) < 1e-4)
  }

  @Test func savedModelsScoreAndDescribeThemselvesTheSame() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let model = try model(offset: 1, scale: 3)
    let description = ModelDescription(
      architecture: StageRegressor.architecture, attribute: .details, unit: Self.unit,
      sampling: .init(gridLimit: 25, smallRegions: .enlarge, longSidePixels: 612),
      intervalHalfWidth: 1.25, origin: .init(version: "1", source: "here"), notes: ["kept": "too"])
    try model.save(to: folder, description, card: "# A test\n")
    let back = try StageRegressor.load(folder)
    #expect(back.configuration == model.configuration)
    #expect(try back.score(features()) == model.score(features()))
    #expect(try ModelFolder(folder).description == description)
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        == ["README.md", "model.json", "weights.safetensors"])
  }

  /// What version 0.1.0 wrote is read, and every unit that it knew.
  @Test func descriptionsOfOldModelsAreRead() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let old: [(String, ScoreUnit)] = [
      ("JOD of Indoor_1", ScoreUnit(.jod(.scene("Indoor_1")))),
      ("PIQ23 units (z-scored) of each scene", ScoreUnit(.piq23(.eachScene))),
      ("MOS", ScoreUnit(.mos(dataSet: nil))),
      ("JOD of simulated observers", ScoreUnit(.jod(.unstated), origin: .simulated)),
    ]
    for (text, unit) in old {
      let json = """
        {"architecture": "musiq", "configuration": {}, "format": 1, "metadata": {
          "attribute": "details", "gridLimit": "9", "intervalHalfWidth": "1.5",
          "simulated": "no person judged", "unit": "\(text)", "version": "0.1.0"}}
        """
      try Data(json.utf8).write(to: folder.appending(path: "model.json"))
      let description = try ModelFolder(folder.path).description
      #expect(description.unit == unit && description.attribute == .details)
      #expect(description.sampling.gridLimit == 9 && description.intervalHalfWidth == 1.5)
      #expect(description.notes == ["simulated": "no person judged"])
      #expect(description.facts["unit"] == text)
    }
  }

  @Test func foldersWithoutAModelAreRefused() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    #expect(throws: InputError.self) { try StageRegressor.load(folder.path) }
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for text in [
      "{}", "[", #"{"format":2,"architecture":"lite0-stages","metadata":{}}"#,
      #"{"format":1,"architecture":"musiq","metadata":{}}"#,
      #"{"format":1,"architecture":"lite0-stages","metadata":{},"configuration":{}}"#,
    ] {
      try Data(text.utf8).write(to: folder.appending(path: "model.json"))
      let error = #expect(throws: InputError.self, "\(text)") {
        try StageRegressor.load(folder.path)
      }
      #expect(error?.description.contains("\n") == false)
    }
  }
}
