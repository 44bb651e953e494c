import ArgumentParser
import Domain
import Evaluation
import Foundation
import Storage

/// Evaluates a training run on the photos that it never saw.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate a training run on its test scenes: SRCC, PLCC, KRCC and MAE.",
    discussion: """
      Per scene, then mean and median over scenes; over all photos only for runs on a unified scale. The row of a model \
      that always answers 0 stands below. Tables on standard output, and in DIR as CSV and Markdown.
      """)

  @Option(help: "The folder of a run of `vernier train`.")
  var run_: String
  @Option(help: "The part to evaluate: test, valid or train.")
  var part = "test"
  @Option(help: "The folder to write to.")
  var out: String

  enum CodingKeys: String, CodingKey {
    case run_ = "run"
    case part
    case out
  }

  func run() throws {
    guard let part = SplitPart(rawValue: part.lowercased()) else {
      throw InputError("--part", "«\(self.part)» is no part", remedy: "give test, valid or train")
    }
    let record = try RunRecord.read(run_)
    let rows = try PredictionsFile.read("\(run_)/predictions.csv").map(\.prediction)
      .filter { $0.part == part }
    let tables = try EvaluationReport.tables(
      model: record.architecture, rows, isUnified: record.isUnified)
    for table in tables.tables {
      let name = "\(out)/\(table.name)"
      try AtomicFile.write(table.csv, to: "\(name).csv")
      try AtomicFile.write(table.markdown, to: "\(name).md")
      print(table.terminal)
    }
  }
}
