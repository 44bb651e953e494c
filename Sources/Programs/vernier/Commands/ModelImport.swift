import ArgumentParser
import Domain
import Files
import ModelLibrary
import NeuralModels

/// Imports weights from elsewhere.
struct ImportModel: ParsableCommand {
  private static let architectures = Architecture.allCases
    .map { "\($0.rawValue): \($0.summary)" }.joined(separator: "\n")

  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract:
      "Make a model folder from weights: .pth (zip or legacy, nested or plain) or .safetensors.",
    discussion: """
      No code in the file is executed, and anything but tensors is refused. Every key is checked: \
      missing, unexpected and misshapen ones are named. Options that are not given (backbone, \
      patch, number of scenes, crops) are inferred from the weights' shapes.

      \(architectures)
      """)

  @Argument(help: "The weights file.")
  var file: String
  @Option(help: "The architecture, one of those above.")
  var architecture: Architecture
  @Option(help: "The folder to create.")
  var out: String
  @Option(
    help: "The side of the crops in pixels; 224, 448, 672 or 1344 for HyperIQA and its family.")
  var patch: Int?
  @Option(help: "The backbone.")
  var backbone: Backbone.Kind?
  @Option(help: "The number of crops of a photo that the model evaluates together.")
  var crops: Int?
  @Option(
    help: """
      The scenes' names, comma-separated, in the order of the model's outputs; @FILE reads one per \
      line.
      """)
  var scenes: String?
  @Option(
    name: .customLong("top-k"),
    help: "The number of most probable scenes that FULL-HyperIQA uses (default: 3).")
  var topK: Int?
  @Option(help: "The attribute that the model predicts; it decides the region.")
  var attribute = "overall"
  @Option(help: "The unit of its scores, such as JOD.")
  var unit: String?
  @Option(help: "Half the width of a score's 95 % interval, if known.")
  var halfWidth: Double?
  @Option(
    help: """
      What stands before the weights' names in the file, such as ema_model., where other tensors \
      stand beside them.
      """)
  var prefix: String?
  @Option(help: "Where the weights come from, for the card.")
  var source: String?
  @Option(help: "The licence of the weights, for the card.")
  var licence: String?
  @Flag(help: "Replace an existing model.")
  var force = false

  func run() throws {
    var description = ModelImport.Description(architecture)
    (description.backbone, description.patch, description.crops) = (backbone, patch, crops)
    (description.topScenes, description.source) = (topK, source)
    description.unit = unit.map { ScoreUnit(text: $0) }
    (description.licence, description.halfWidth) = (licence, halfWidth)
    description.attribute = Attribute(attribute)
    description.scenes = try names()
    description.prefix = prefix
    if let halfWidth, !(halfWidth >= 0 && halfWidth.isFinite) {
      throw InputError("--half-width", "\(halfWidth) is not a width", remedy: "give 0 or more")
    }
    let details = try ModelImport(file: file, description: description)
      .run(to: out, replacing: force)
    let settings = details.configuration.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
      .joined(separator: ", ")
    Messages.say("\(details.numberCount) numbers in \(details.tensorCount) tensors; \(settings)")
    if description.scenes.isEmpty, details.configuration["scenes"]?.isEmpty == false {
      Messages.say("The scenes have no names and are numbered from 0; give names with --scenes")
    }
    Messages.say("Model: \(out)")
  }

  private func names() throws -> [String] {
    guard let scenes else { return [] }
    let text =
      scenes.hasPrefix("@")
      ? String(decoding: try InputFile.read(String(scenes.dropFirst())), as: UTF8.self)
      : scenes
    return text.split { $0.isNewline || !scenes.hasPrefix("@") && $0 == "," }
      .map { String($0.trimmingPrefix(while: \.isWhitespace)) }.filter { !$0.isEmpty }
  }
}
