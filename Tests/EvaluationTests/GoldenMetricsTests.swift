import Domain
import Evaluation
import Foundation
import Testing

/// The values of `Fixtures/metrics.json`, made by SciPy with `Scripts/golden/evaluation.py`.
private struct Golden: Decodable {
  struct Case: Decodable {
    let name: String
    let measured, predicted, low, high: [Double]?
    let srcc, plcc, krcc, mae, rmse, fittedPLCC, fittedMAE, fittedRMSE: Double
    let pairs: Int?
    let pairAccuracy: Double?
  }
  let cases: [Case]

  static func load() throws -> Golden {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/metrics.json")
    return try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
  }
}

@Suite struct GoldenMetricsTests {
  private func predictions(_ golden: Golden.Case) -> [Prediction] {
    let (measured, predicted) = (golden.measured ?? [], golden.predicted ?? [])
    return measured.indices.map { index in
      var interval: ConfidenceInterval?
      if let low = golden.low, let high = golden.high {
        interval = ConfidenceInterval(low: low[index], high: high[index])
      }
      return Prediction(
        photo: PhotoID("\(index)"), scene: "s", part: .test, measured: measured[index],
        predicted: predicted[index], measuredInterval: interval)
    }
  }

  @Test func everyMetricIsSciPys() throws {
    let cases = try Golden.load().cases
    #expect(cases.count == 5)
    for golden in cases {
      let metrics = AgreementMetrics(predictions(golden))
      let expected: [Metric: Double] = [
        .srcc: golden.srcc, .plcc: golden.plcc, .krcc: golden.krcc, .mae: golden.mae,
        .rmse: golden.rmse, .pairAccuracy: golden.pairAccuracy ?? .nan,
      ]
      for (metric, value) in expected {
        // Sums of at most 80 numbers in another order.
        #expect(abs((metrics[metric] ?? .nan) - value) < 1e-12, "\(golden.name) \(metric)")
      }
      #expect(metrics.pairs == golden.pairs)
    }
  }

  @Test func theLogisticFitIsAtLeastAsGoodAsSciPysBestOfTwentyStarts() throws {
    for golden in try Golden.load().cases {
      let metrics = AgreementMetrics(predictions(golden))
      let error = try #require(metrics[.fittedRMSE])
      // Both stop where the sum of squares changes by less than 1e-12 of itself; ours keeps widths
      // above 1/1000 of the range, where a step between two photos may still win a little.
      #expect(error < golden.fittedRMSE * (1 + 1e-4), "\(golden.name)")
      #expect(error > golden.fittedRMSE * (1 - 1e-2), "\(golden.name)")
      let plcc = try #require(metrics[.fittedPLCC])
      #expect(plcc > golden.fittedPLCC - 1e-4 && plcc > golden.plcc - 1e-9, "\(golden.name)")
    }
  }

  @Test func theFitDoesNotTurnAWrongModelRound() throws {
    let rows = (0..<30).map { index in
      Prediction(
        photo: PhotoID("\(index)"), scene: "s", part: .test, measured: Double(index),
        predicted: -Double(index))
    }
    let metrics = AgreementMetrics(rows)
    #expect(metrics[.fittedPLCC] == nil)
    #expect(abs((metrics.srcc ?? 0) + 1) < 1e-12)
  }

  @Test func anExactLogisticIsFoundToTheLastDigits() throws {
    let rows = (0..<60).map { index in
      let x = Double(index) / 6
      return Prediction(
        photo: PhotoID("\(index)"), scene: "s", part: .test,
        measured: -3 + 5 / (1 + exp(-(x - 4) / 0.7)), predicted: x)
    }
    let metrics = AgreementMetrics(rows)
    // The sum of squares goes to 0 as fast as rounding allows: 1e-7 is the root of 1e-14.
    #expect((metrics[.fittedRMSE] ?? 1) < 1e-7)
    #expect(abs((metrics[.fittedPLCC] ?? 0) - 1) < 1e-12)
  }

  @Test func scoresOfAnotherUnitHaveNoRawErrors() throws {
    let rows = try predictions(#require(Golden.load().cases.first))
    let metrics = AgreementMetrics(rows, hasUnit: false)
    #expect(metrics.mae == nil && metrics.rmse == nil && metrics[.fittedMAE] != nil)
  }
}
