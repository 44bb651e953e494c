import Domain
import NeuralModels

/// The Markdown card of an imported model.
enum ModelCard {
  /// The card's text.
  static func text(
    _ configuration: QualityNetwork.Configuration, _ description: ModelDescription,
    numberCount: Int
  ) -> String {
    let architecture = configuration.architecture
    let attribute = description.attribute.text
    let unit = description.unit?.text ?? "not stated: the numbers of the training data"
    let origin = description.origin
    let interval =
      description.intervalHalfWidth.map { "± \($0), as given at the import" }
      ?? "none: nothing is known about this model's errors"
    var lines = [
      "# \(architecture.rawValue), \(attribute)", "",
      "\(architecture.summary.prefix(1).uppercased() + architecture.summary.dropFirst()).", "",
      "| | |", "|---|---|",
      "| Architecture | `\(architecture.rawValue)` |",
    ]
    if architecture.hasBackboneChoice {
      lines.append("| Backbone | `\(configuration.backbone.rawValue)` |")
    }
    lines.append(
      architecture.usesCrops
        ? "| Input | crops of \(configuration.cropSide) × \(configuration.cropSide) pixels of "
          + "the region, \(configuration.cropsPerImage) together |"
        : "| Input | the whole region"
          + (architecture == .musiq ? " at three scales |" : " |"))
    if architecture.usesScenes {
      let names = configuration.scenes.prefix(20).map(cell).joined(separator: ", ")
      let more = configuration.scenes.count > 20 ? ", …" : ""
      lines.append("| Scenes | \(configuration.scenes.count): \(names)\(more) |")
    }
    if architecture.rescalesByTopScenes {
      lines.append("| Scenes used | the \(configuration.topScenes) most probable |")
    }
    lines += [
      "| Numbers | \(numberCount) |", "| Attribute | \(cell(attribute)) |",
      "| Unit of the scores | \(cell(unit)) |", "| 95 % interval | \(cell(interval)) |",
      "| Weights from | \(cell(origin.source ?? "not stated")) |",
      "| License of the weights | \(cell(origin.licence ?? "not stated: ask their authors")) |",
      "| Imported from | `\(cell(origin.importedFrom ?? ""))`, SHA-256 "
        + "`\(origin.importedSHA256 ?? "")` |",
      "", "`vernier score --model <this folder> PHOTOS` scores photos;",
      "`vernier model export <this folder> --out FILE.safetensors` gives the weights back.", "",
    ]
    return lines.joined(separator: "\n")
  }

  /// Text that can't leave its cell of a table.
  private static func cell(_ text: String) -> String {
    text.map { $0 == "|" ? "\\|" : $0.isNewline ? " " : String($0) }.joined()
  }
}
