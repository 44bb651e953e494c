import ArgumentParser
import Documents
import Domain
import Laboratory
import Storage

/// Evaluates a training run on the photos that it never saw.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate a training run on its test scenes: SRCC, PLCC, KRCC and MAE.",
    discussion: """
      Per scene, then the mean over scenes; over all photos only for runs on a unified scale. The row of a model that \
      always answers 0 stands below. Tables on standard output, and in DIR as CSV and Markdown.
      """)

  @Option(name: .customLong("run"), help: "The folder of a run of `vernier train`.")
  var folder: String
  @Option(help: "The part to evaluate: test, valid or train.")
  var part = "test"
  @Option(help: "The folder to write to.")
  var out: String

  func run() throws {
    guard let part = SplitPart(rawValue: part.lowercased()) else {
      throw InputError("--part", "«\(self.part)» is no part", remedy: "give test, valid or train")
    }
    let record = try RunRecord.read(folder)
    let rows = try PredictionsFile.read("\(folder)/predictions.csv").map(\.prediction)
      .filter { $0.part == part }
    let tables = try EvaluationReport.tables(
      model: record.architecture, rows, isUnified: record.isUnified)
    try AtomicFile.makeFolder(out)
    for table in tables {
      try AtomicFile.write(table.table.csv(), to: "\(out)/\(table.name).csv")
      try AtomicFile.write(table.table.markdown(), to: "\(out)/\(table.name).md")
      print(table.table.terminalText())
    }
  }
}
