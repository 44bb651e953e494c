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
    abstract: "Import, export, list and show models.",
    discussion: """
      A model is a folder of model.json (architecture, settings, attribute, unit), \
      weights.safetensors and README.md, its card.
      """,
    subcommands: [ImportModel.self, ExportModel.self, ListModels.self, ShowModel.self])
}

/// Writes a model's weights as one file.
struct ExportModel: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a model's weights as one safetensors file, which Python can read.",
    discussion: "The file's metadata holds the architecture and its settings.")

  @Argument(help: "A model's folder, or a run's.")
  var model: String
  @Option(help: "The .safetensors file to write.")
  var out: String

  func run() throws {
    let count = try ModelLibrary.export(model, to: out)
    Messages.say("\(count) tensors: \(out)")
  }
}

/// Lists the models of a folder.
struct ListModels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract:
      "List the default model and the models in a folder and its subfolders, three levels deep.")

  @Argument(help: "The folder.")
  var folder = "."
  @Flag(help: "Print one JSON object a line.")
  var json = false

  func run() throws {
    let standard = ModelLibrary.defaultListing()
    let models = [standard].compactMap(\.self) + (try ModelLibrary.list(folder))
    if json {
      for model in models { print(try CanonicalJSON.line(model)) }
      return
    }
    guard !models.isEmpty else { return Messages.say("There is no model in \(folder)") }
    let table = TextTable(
      columns: ["model", "architecture", "attribute", "unit", "MB"],
      rows: models.enumerated().map { index, model in
        let name = index == 0 && standard != nil ? ModelLibrary.defaultName : model.path
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

  @Argument(help: "A model's folder, a run's, or default.")
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
