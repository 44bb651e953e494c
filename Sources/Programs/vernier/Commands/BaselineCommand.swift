import ArgumentParser
import DecisionsWorkflow
import Domain
import Files
import Foundation
import Preparation
import ScoringWorkflow
import Studies

/// Named baselines of a study.
struct BaselineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline",
    abstract: "Keep named baselines in a study: what later builds are compared with.",
    discussion: """
      A baseline is a group of the study's photos under a name of its own, with a model's scores of them if there are any:
        vernier baseline set release --study STUDY --group 1.9 --scores scores.csv
        vernier verdict --baseline release --candidate 2.0 --scores new.csv --study STUDY

      A verdict refuses scores of two models. After an update of the model, score the baseline again:
        vernier baseline rescore release --study STUDY --model MODEL
      """,
    subcommands: [
      BaselineSet.self, BaselineList.self, BaselineShow.self, BaselineRescore.self,
      BaselineRemove.self,
    ])
}

/// Names a group of a study's photos.
struct BaselineSet: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "set", abstract: "Name a group of the study's photos, or name another group.")

  @Argument(help: "The baseline's name.")
  var name: String
  @Option(help: "The study's folder.")
  var study: String
  @Option(help: "The group: a build, a device or a mode of the study.")
  var group: String
  @Option(help: "What groups photos instead, such as lens or a column of the manifest.")
  var by: String?
  @Option(help: "One model's scores of these photos; several files separated by commas.")
  var scores: [String] = []

  func run() throws {
    let made = try NamedBaselines.make(
      name, group: group, by: by, in: study, scores: Lists.items(scores))
    try StudyAccess.change(study) { try $0.keep(made.baseline) }
    let scored = made.baseline.scores.isEmpty ? "" : ", \(made.baseline.scores.count) scores"
    Messages.say(
      "\(name): \(made.baseline.field) \(group), \(made.photos) photos\(scored)")
  }
}

/// Lists a study's baselines.
struct BaselineList: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the study's baselines.",
    discussion: "An aligned table on a terminal, CSV in a pipe.")

  @Option(help: "The study's folder.")
  var study: String

  func run() throws {
    let baselines = try StudyAccess.read(study) { try $0.baselines() }
    TableOutput.show(
      columns: ["name", "by", "group", "scores", "model", "model_sha256"],
      rows: baselines.map {
        [
          $0.name, $0.field, $0.group, "\($0.scores.count)", $0.model?.name ?? "",
          $0.model?.sha256 ?? "",
        ]
      })
  }
}

/// Shows the scores of a baseline.
struct BaselineShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a baseline: its group, its model, its scores.",
    discussion: "The scores are CSV in a pipe; what the baseline is goes to standard error.")

  @Argument(help: "The baseline's name.")
  var name: String
  @Option(help: "The study's folder.")
  var study: String

  func run() throws {
    let baseline = try StudyAccess.read(study) { try $0.baseline(named: name) }
    Messages.say("\(name): \(baseline.field) \(baseline.group)")
    if let model = baseline.model {
      Messages.say("scored by \(model.name), SHA-256 \(model.sha256 ?? "not stated")")
    }
    TableOutput.show(
      columns: ["scene", "photo", "attribute", "score", "low", "high", "unit", "outside"],
      rows: baseline.scores.map { row in
        let score = row.score
        return [
          row.scene.text, row.photo.text, score.attribute.text, "\(score.score)",
          score.low.map { "\($0)" } ?? "", score.high.map { "\($0)" } ?? "",
          score.unit?.text ?? "", score.isOutside == true ? "yes" : "no",
        ]
      })
  }
}

/// Scores a baseline's photos again.
struct BaselineRescore: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rescore",
    abstract: "Score the baseline's photos with another model, in place of its scores.",
    discussion: """
      Scores the study's own photos. If a photo can't be scored, nothing is kept and the exit code \
      is 1; --skip-failures keeps the scores of the others.
      """)

  @Argument(help: "The baseline's name.")
  var name: String
  @Option(help: "The study's folder.")
  var study: String
  @OptionGroup(title: "Model") var model: ScoreModelOptions
  @OptionGroup var reading: PhotoReadingOptions
  @Flag(help: "Leave out photos that can't be scored.")
  var skipFailures = false

  func run() throws {
    let scorer = try model.scorer(reading: reading.decoding())
    try model.sayWhoseScores(scorer.unit)
    try scorer.limitThreads(
      processors: model.threads ?? ProcessInfo.processInfo.activeProcessorCount)
    try StudyAccess.change(study) { opened in
      var baseline = try opened.baseline(named: name)
      let photos = try NamedBaselines.photos(of: baseline, attribute: scorer.attribute, in: opened)
      guard !photos.isEmpty else {
        throw InputError(
          study, "holds no file of a photo of \(baseline.group)", remedy: "add the photos first")
      }
      var line = ProgressLine("scoring", total: photos.count)
      var failures = 0
      baseline.scores = []
      for (index, photo) in photos.enumerated() {
        do {
          let region = photo.isRegion ? RegionChoice.full : .automatic
          var score = try scorer.score(
            PhotoRequest(photo: photo.path), region: region, wantsMap: false
          ).score
          score.photo = "\(photo.scene)/\(photo.photo)"
          baseline.model = StudyBaseline.Model(name: score.model, sha256: score.modelSHA256)
          baseline.scores.append(
            StudyBaseline.Score(scene: photo.scene, photo: photo.photo, score: score))
        } catch {
          line.clear()
          failures += 1
          Messages.say("Error: \(photo.scene)/\(photo.photo): \(error)")
        }
        line.update(index + 1)
      }
      line.finish()
      guard failures == 0 || skipFailures, !baseline.scores.isEmpty else {
        Messages.say("\(failures) of \(photos.count) photos failed; the scores are as they were")
        throw ExitCode.failure
      }
      try opened.keep(baseline)
      Messages.say(
        "\(name): \(baseline.scores.count) photos scored by \(baseline.model?.name ?? "the model")")
    }
  }
}

/// Removes a baseline.
struct BaselineRemove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Remove a baseline; its photos stay in the study.")

  @Argument(help: "The baseline's name.")
  var name: String
  @Option(help: "The study's folder.")
  var study: String

  func run() throws {
    try StudyAccess.change(study) { opened in
      let baseline = try opened.baseline(named: name)
      try opened.removeBaseline(baseline.name)
    }
  }
}

extension StudyStore {
  /// The baseline of a name.
  ///
  /// - Throws: `InputError` when the study has none of this name.
  fileprivate func baseline(named name: String) throws -> StudyBaseline {
    let all = try baselines()
    guard let found = all.first(where: { $0.name == name }) else {
      throw InputError(
        folder, "has no baseline «\(name)»",
        remedy: all.isEmpty
          ? "make one with vernier baseline set"
          : "give one of \(all.map(\.name).joined(separator: ", "))")
    }
    return found
  }
}
