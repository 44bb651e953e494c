import ArgumentParser
import DecisionsWorkflow
import Documents
import Domain
import EvaluationWorkflow
import Studies

/// Makes one self-contained HTML report.
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make one self-contained HTML report from scores, scales and runs.",
    discussion: """
      Every input is optional; sections without data are omitted. Pictures and charts are \
      embedded, so the file needs no network.
      """)

  @Option(help: "Per-scene scores (Scores_<Attribute>.csv).")
  var scales: String?
  @Option(help: "Cross-scene scores.")
  var cross: String?
  @Option(help: "Scores_Unified.csv.")
  var unified: String?
  @Option(help: "coefficients.csv of `vernier unify`.")
  var coefficients: String?
  @Option(name: .customLong("run"), help: "A training run's folder; may be given several times.")
  var runs: [String] = []
  @Option(help: "The folder of the regions, for pictures.")
  var images: String?
  @Option(
    help: """
      The study's folder: what its photos cover and, with --scales, how far devices stand below the \
      photos that are marked as references.
      """)
  var study: String?
  @Option(help: "With --study: what groups photos instead of build, device or mode.")
  var by: String?
  @Option(
    help: """
      The groups instead of a study, for the same comparison with references: a CSV with scene, \
      image, group and reference (yes or no).
      """)
  var groups: String?
  @Option(help: "The report's title.")
  var title = "Portrait quality"
  @Option(
    help: "A notice at the top, for example that votes are simulated; may be given several times.")
  var notice: [String] = []
  @Option(help: "The HTML file to write.")
  var out: String

  func validate() throws {
    guard study == nil || groups == nil else {
      throw ValidationError("Give --study or --groups, not both.")
    }
    guard groups == nil || scales != nil else {
      throw ValidationError("--groups compares the photos of --scales with references; give both.")
    }
    guard by == nil || study != nil else { throw ValidationError("--by goes with --study.") }
  }

  func run() throws {
    var files = StudyReport.Files()
    (files.scales, files.cross, files.unified) = (scales, cross, unified)
    (files.coefficients, files.runs, files.images) = (coefficients, runs, images)
    var report = try StudyReport(files: files, title: title, notices: notice)
    try addReferences(to: &report)
    if let study { report.coverage = try Self.coverage(study) }
    try report.write(to: out)
    Messages.say("Report: \(out)")
  }

  /// Adds how far devices stand below references, where it is said which photos are which.
  private func addReferences(to report: inout StudyReport) throws {
    guard let scales else { return }
    if let groups {
      report.references = try ReferencesOfScales.comparisons(scales, groups: .list(groups))
    }
    guard let study, try StudyAccess.read(study, { try $0.status().references }) > 0 else { return }
    do {
      let source = GroupSource.study(study, by: by)
      report.references = try ReferencesOfScales.comparisons(scales, groups: source)
    } catch let error as InputError {
      Messages.say("Note: devices are not compared with the references: \(error)")
    }
  }

  private static func coverage(_ study: String) throws -> TextTable {
    let values = try StudyAccess.read(study) { FactorCoverage.table(of: try $0.photos()) }
    return TextTable(
      caption: "A value is rare where fewer than one photo in twenty has it.",
      columns: ["Factor", "Value", "Photos", "Scenes", "Standing"],
      rows: values.map {
        [
          $0.factor.rawValue, $0.value, "\($0.photos)", "\($0.scenes.count)",
          $0.standing == .present ? "" : $0.standing.rawValue,
        ]
      }, alignments: [.leading, .leading, .trailing, .trailing, .leading])
  }
}
