import ArgumentParser
import Documents
import Domain
import Files
import Foundation
import ModelLibrary
import NeuralModels

/// Model folders: import, export, list, show.
struct Model: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model",
    abstract: "Import, export, pack, list and show models.",
    discussion: """
      A model is a folder of model.json (architecture, settings, attribute, unit), \
      weights.safetensors and README.md, its card.
      """,
    subcommands: [
      ImportModel.self, ExportModel.self, PackModel.self, ListModels.self, ShowModel.self,
    ])
}

/// Makes a trained model ready to be given away.
struct PackModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "Write a trained network as a folder to give away, its weights in 16 bits.",
    discussion: """
      Kernels and matrices are stored in half precision; norms, biases and the calibration stay as \
      they are. What is not given is kept.
      """)

  @Argument(help: "A network's folder, or a run's.")
  var model: String
  @Option(help: "The folder to write.")
  var out: String
  @Option(help: "The unit of its scores, such as MOS of a data set.")
  var unit: String?
  @Option(help: "A Markdown file: the model's card.")
  var card: String?
  @Option(help: "The share of ordinary photos that may be called outside, such as 0.02.")
  var falseAlarms: Double?
  @Option(help: "Where the weights come from.")
  var source: String?
  @Option(help: "The license of the weights.")
  var license: String?

  func run() throws {
    if let falseAlarms, !(falseAlarms > 0 && falseAlarms < 1) {
      throw InputError(
        "--false-alarms", "\(falseAlarms) is no share", remedy: "give more than 0, less than 1")
    }
    var package = try ModelPackage(model)
    package.unit = unit.map { ScoreUnit(text: $0) }
    package.card = try card.map { String(decoding: try InputFile.read($0), as: UTF8.self) }
    (package.falseAlarms, package.source) = (falseAlarms, source)
    package.licence = license
    let description = try package.write(to: out)
    Messages.say("\(description.architecture), \(description.attribute): \(out)")
  }
}

/// Writes a model's weights as one file.
struct ExportModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model as one file for other programs: its weights, or the whole network.",
    discussion: """
      FILE.safetensors holds the weights. FILE.onnx holds the network (ONNX, operator set 21), from \
      the picture to the score in the model's unit: its input `image` is [crops, 3, height, width], \
      RGB from 0 to 1, of one size, that of the model's crops, or --size. What it does not hold: \
      reading and resizing the photo, averaging over crops, intervals and «outside». The file's \
      metadata holds the architecture and its settings.
      """)

  @Argument(help: "A model's folder, or a run's.")
  var model: String
  @Option(help: "The file to write, .safetensors or .onnx.")
  var out: String
  @Option(help: "The size of the picture that an .onnx network takes, WIDTHxHEIGHT in pixels.")
  var size: String?

  func run() throws {
    if out.lowercased().hasSuffix(".onnx") { return try writeNetwork() }
    guard size == nil else {
      throw InputError("--size", "weights have no picture", remedy: "leave it out")
    }
    let count = try ModelLibrary.export(model, to: out)
    Messages.say("\(count) tensors: \(out)")
  }

  private func writeNetwork() throws {
    let export = try ONNXExport(model: model, installation: Installation(), size: chosenSize())
    try AtomicFile.write(export.bytes, to: out)
    let inputs = export.inputs.map { input in
      "\(input.name) [\(input.shape.map(String.init).joined(separator: ", "))]"
    }
    Messages.say("Takes \(inputs.joined(separator: " and ")): \(out)")
  }

  private func chosenSize() throws -> (height: Int, width: Int)? {
    guard let size else { return nil }
    let sides = size.lowercased().split(separator: "x", omittingEmptySubsequences: false)
      .map { Int($0) }
    guard sides.count == 2, let width = sides[0], let height = sides[1] else {
      throw InputError(
        "--size", "«\(size)» is not a size", remedy: "write WIDTHxHEIGHT, as 500x375")
    }
    return (height, width)
  }
}

/// Lists the models of a folder.
struct ListModels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract:
      "List Vernier's own models and the models in a folder and its subfolders, three levels deep.")

  @Argument(help: "The folder.")
  var folder = "."
  @Flag(help: "Print one JSON object a line.")
  var json = false

  func run() throws {
    let own = ModelLibrary.ownListings()
    let models = own + (try ModelLibrary.list(folder))
    if json {
      for model in models { print(try CanonicalJSON.line(model)) }
      return
    }
    guard !models.isEmpty else { return Messages.say("There is no model in \(folder)") }
    let table = TextTable(
      columns: ["model", "architecture", "attribute", "unit", "MB"],
      rows: models.enumerated().map { index, model in
        let name = index < own.count ? ModelLibrary.name(model.path) : model.path
        guard model.problem == nil else { return [name, "damaged", "–", "–", "–"] }
        let size = model.weightsBytes.map { Double($0) / 1e6 }
        return [
          name, model.architecture ?? "–", model.attribute?.text ?? "–",
          model.unit?.text ?? "–",
          NumberFormat.fixed(size, 1),
        ]
      })
    print(table.terminalText())
    for model in models { if let problem = model.problem { Messages.say("Error: \(problem)") } }
  }
}

/// Shows one model.
struct ShowModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a model's settings, origin and card.")

  @Argument(help: "A model's folder, a run's, default, or the name of one of Vernier's own.")
  var model: String
  @Flag(help: "Print one JSON object.")
  var json = false

  func run() throws {
    let details = try ModelLibrary.details(model)
    if json { return print(try CanonicalJSON.line(details)) }
    let facts = [
      ("path", details.path), ("architecture", details.description.architecture),
      ("weights", "\(details.numberCount) numbers in \(details.tensorCount) tensors"),
      ("SHA-256", details.weightsSHA256),
    ]
    let more = details.configuration.merging(details.description.facts) { _, stated in stated }
      .sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    for (name, value) in facts + more {
      print("\(name.padding(toLength: 16, withPad: " ", startingAt: 0))\(value)")
    }
    print("")
    print(details.card, terminator: "")
  }
}
