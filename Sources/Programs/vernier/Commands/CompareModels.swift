import ArgumentParser
import Domain
import Evaluation
import EvaluationWorkflow

/// Compares models on the same photos.
struct CompareModels: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare-models",
    abstract: "Compare models on the same photos: the papers' tables, and tests with Holm.",
    discussion: """
      Tables in the shape of the papers: mean SRCC over scenes with its margin, median \
      SRCC/PLCC/KRCC/MAE, and on a unified scale the global SROCC and MAE. Every pair of models is \
      tested by a paired bootstrap over scenes and by Wilcoxon's signed ranks over scenes, both \
      with Holm's correction. Several scales make one column each.
        vernier compare-models --scale Scores_Details.csv --split split.csv --scores ours=a.csv \
      --scores niqe=b.csv
      """)

  @OptionGroup var options: EvaluationOptions
  @Option(
    name: .customLong("metric"), help: "A metric to test models by.")
  var metrics: [Metric] = [.srcc, .plcc, .krcc, .mae]
  @Option(help: "A CSV of published numbers to show beside yours (Examples/published.csv).")
  var published: String?
  @Option(help: "The protocol of the published numbers, such as device-split.")
  var `protocol`: String?
  @OptionGroup var tables: TableOptions

  func run() throws {
    guard (published == nil) == (`protocol` == nil) else {
      throw InputError(
        "--published", "it goes together with --protocol", remedy: "give both or neither")
    }
    let numbers = try published.map { path throws(InputError) in
      try PublishedNumbers(path: path, protocol: `protocol` ?? "")
    }
    let plan = try options.plan()
    let screen = Screen()
    let comparisons = try plan.comparisons(metrics: metrics, observer: screen.observer)
    screen.end()
    let made = ComparisonTables(comparisons, published: numbers)
    var notices = comparisons.flatMap(\.notes)
    if numbers != nil {
      notices.append(
        "Rows marked «published» are other people's numbers on the data set's own photos: they "
          + "compare only with models that were scored on those photos and this split")
    }
    try tables.write(
      made.all() + [made.tidy()], title: "Comparison of models", notices: notices,
      provenance: plan.provenance("compare-models"))
  }
}
