import ArgumentParser
import Domain
import Files
import ModelLibrary
import Studies
import StudyImportWorkflow

/// Chooses the scenes that stand best for a study.
struct StudySelectScenes: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "select-scenes",
    abstract: "Choose the scenes that represent a study best, with reasons.",
    discussion: """
      Paper 2, «Database extension». Scenes are chosen one by one so that every scene of the study \
      is close to a chosen one, by condition, lighting, skin types, lens, mode, devices, distance, \
      light, the range of published scores and what the photos look like. For each: the scenes \
      that it stands for, and the values that it is the first to have. Then what is rare or \
      missing in the study. The same study gives the same choice.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Option(help: "The number of scenes.")
  var count = 25
  @Flag(help: "Choose by metadata and scores alone, without looking at the photos.")
  var metadataOnly = false
  @Option(help: "Also write the chosen scenes to this CSV file.")
  var out: String?
  @OptionGroup var reading: PhotoReadingOptions

  func run() throws {
    let backbone = metadataOnly ? nil : try Installation().model(ScoringFiles.backbone)
    let reading = try reading.decoding()
    let selection = try StudyAccess.read(study) { opened in
      let scenes = Set(try opened.photos().map(\.scene)).count
      var line = ProgressLine("looking at scenes", total: scenes)
      return try SceneSelection(
        opened, count: count, backbone: backbone, reading: reading, progress: { line.update($0) })
    }
    let columns = ["rank", "scene", "photos", "gain", "stands_for", "adds"]
    let rows = selection.choices.enumerated().map { index, choice in
      [
        "\(index + 1)", choice.scene.text, "\(choice.photos)", CSVWriter.text(choice.gain),
        choice.represents.map(\.text).joined(separator: "; "),
        choice.adds.joined(separator: "; "),
      ]
    }
    TableOutput.show(columns: columns, rows: rows)
    if let out {
      var table = CSVWriter(columns: columns)
      for row in rows { table.append(row) }
      try table.write(to: out)
    }
    tellCoverage(selection)
  }

  /// Says what is rare or missing in the study, one line a factor.
  private func tellCoverage(_ selection: SceneSelection) {
    let chosen = Set(selection.choices.map(\.scene))
    for factor in SceneFactor.allCases {
      let own = selection.coverage.filter { $0.factor == factor }
      let missing = own.filter { $0.standing == .missing }.map(\.value)
      let rare = own.filter { $0.standing == .rare }.map { entry in
        let isChosen = !entry.scenes.isDisjoint(with: chosen)
        return "\(entry.value) (\(entry.photos) photos, in \(isChosen ? "a" : "no") chosen scene)"
      }
      for (what, values) in [("missing", missing), ("rare", rare)] where !values.isEmpty {
        Messages.say("Note: \(what) \(factor.rawValue): \(values.joined(separator: ", "))")
      }
    }
  }
}
