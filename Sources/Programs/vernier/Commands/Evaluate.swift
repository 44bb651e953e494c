import ArgumentParser
import Domain
import Evaluation
import EvaluationWorkflow

/// Evaluates one model.
struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Evaluate a model's scores against a scale: every metric, with intervals.",
    discussion: """
      SRCC, PLCC, KRCC, MAE, RMSE, and PLCC, MAE and RMSE after a rising logistic fit; per scene, \
      then mean and median over scenes; over all photos only on a unified scale. Pair accuracy \
      counts pairs whose measured intervals are disjoint. For comparison, the tables include a \
      model that always answers 0 and a perfect model, which is limited only by the noise of the \
      labels.
        vernier evaluate --run RUN --scale Scores_Unified.csv
        vernier evaluate --scores scores.csv --scale Scores_Details.csv --split split.csv
      """)

  @OptionGroup var options: EvaluationOptions
  @OptionGroup var tables: TableOptions

  func run() throws {
    let plan = try options.plan()
    guard plan.sources.count == 1 else {
      throw InputError(
        "evaluate", "\(plan.sources.count) models are given",
        remedy: "compare them: vernier compare-models")
    }
    guard plan.scales.count < 2 else {
      throw InputError(
        "--scale", "\(plan.scales.count) scales are given", remedy: "evaluate one at a time")
    }
    let screen = Screen()
    let comparison = try plan.comparisons(metrics: [], observer: screen.observer)
    screen.end()
    try tables.write(
      comparison.flatMap { EvaluationReport.tables($0) } + [ComparisonTables(comparison).tidy()],
      title: "Evaluation of \(plan.sources[0].name)", notices: comparison.flatMap(\.notes),
      provenance: plan.provenance("evaluate"))
  }
}
