import Documents
import Domain
import Files
import Foundation
import Training

/// The page of a run's curves, `report.html`.
enum RunPage {
  private static let largestSteps = 2000

  /// The title of a run's page.
  static func title(_ architecture: String, _ attribute: Attribute) -> String {
    "Training of \(architecture), \(attribute.title)"
  }

  /// Writes the page.
  ///
  /// - Parameters:
  ///   - folder: the run's folder, with its log.
  ///   - title: what was trained.
  ///   - unit: the unit of the scores.
  ///   - records: the epochs.
  ///   - bestEpoch: the epoch whose weights were kept.
  ///   - tables: what is to be read beside the curves.
  /// - Throws: `InputError` when the log can't be read or the page not written.
  static func write(
    to folder: String, title: String, unit: ScoreUnit, records: [EpochRecord], bestEpoch: Int?,
    tables: [TextTable]
  ) throws(InputError) {
    let epochs = records.map { Double($0.epoch) }
    var charts: [any Chart] = [
      LineChart(
        title: "Error on the validation photos", xAxis: Axis("Epoch"),
        yAxis: Axis("Mean absolute error", unit: unit.text),
        series: [
          LineChart.Series("validation", x: epochs, y: records.map(\.validationError))
        ]),
      LineChart(
        title: "Training loss of the epochs", xAxis: Axis("Epoch"),
        yAxis: Axis("Loss", unit: "standardized scores"),
        series: [LineChart.Series("training", x: epochs, y: records.map(\.trainingLoss))]),
    ]
    let steps = try RunLog.lines("\(folder)/log.jsonl").filter { $0.event == "step" }
    if !steps.isEmpty {
      let stride = max(1, steps.count / largestSteps)
      func series(_ name: String, _ value: (RunLog.Line) -> Double?) -> LineChart.Series? {
        let points = steps.enumerated().filter { $0.offset % stride == 0 }.compactMap { point in
          value(point.element).map { (Double(point.offset + 1), $0) }
        }
        guard points.contains(where: { $0.1 != 0 }) else { return nil }
        return LineChart.Series(name, x: points.map(\.0), y: points.map(\.1))
      }
      charts.append(
        LineChart(
          title: "Loss of the steps", xAxis: Axis("Step"), yAxis: Axis("Loss"),
          series: [
            series("score", { $0.scoreLoss }), series("scene", { $0.sceneLoss }),
            series("pairs", { $0.pairLoss }),
          ].compactMap { $0 }))
    }
    let rate = LineChart(
      title: "Learning rate", xAxis: Axis("Epoch"), yAxis: Axis("Learning rate"),
      series: [LineChart.Series("rate", x: epochs, y: records.map(\.learningRate))])
    charts.append(rate)
    let best = bestEpoch.map {
      "The weights of epoch \($0) were kept: validation error "
        + "\(NumberFormat.fixed(records[$0].validationError, 3)) \(unit)."
    }
    try AtomicFile.write(
      TablePage.html(
        title: title, notices: [best].compactMap { $0 }, tables: tables, charts: charts),
      to: "\(folder)/report.html")
  }
}
