import ArgumentParser
import EvaluationWorkflow

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
  @Option(help: "The report's title.")
  var title = "Portrait quality"
  @Option(
    help: "A notice at the top, for example that votes are simulated; may be given several times.")
  var notice: [String] = []
  @Option(help: "The HTML file to write.")
  var out: String

  func run() throws {
    var files = StudyReport.Files()
    (files.scales, files.cross, files.unified) = (scales, cross, unified)
    (files.coefficients, files.runs, files.images) = (coefficients, runs, images)
    try StudyReport(files: files, title: title, notices: notice).write(to: out)
    Messages.say("Report: \(out)")
  }
}
