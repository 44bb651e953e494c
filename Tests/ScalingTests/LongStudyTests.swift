import Domain
import Foundation
import Scaling
import Statistics
import Testing

/// The simulations of docs/validation.md; `Scripts/golden/scaling_studies.py` runs them and says how.
@Suite(
  .enabled(if: ProcessInfo.processInfo.environment["VERNIER_LONG_STUDIES"] != nil), .serialized)
struct LongStudyTests {
  struct Tally: Sendable {
    var covered = 0.0
    var percentile = 0.0
    var information = 0.0
    var width = 0.0
    var slope = 0.0
    var squaredError = 0.0
    var count = 0.0
    var studies = 0.0
  }

  /// Appends a line to the file that the script named.
  func record(_ line: String) throws {
    let path = ProcessInfo.processInfo.environment["VERNIER_LONG_STUDIES"] ?? ""
    let file = try FileHandle(forWritingTo: URL(filePath: path))
    try file.seekToEnd()
    try file.write(contentsOf: Data((line + "\n").utf8))
    try file.close()
  }

  func tally(
    photos: Int, votes: Int, observers: Int, range: Double, spread: Double, studies: Int,
    prior: ScalePrior, bootstraps: Int
  ) throws -> Tally {
    let truth = SimulatedStudy.evenTruth(photos, range: range)
    let parts = try Parallel.map(count: studies) { seed -> Tally in
      let study = SimulatedStudy(
        truth: truth, votes: votes, observers: observers, seed: UInt64(seed) + 1000,
        observerSpread: spread)
      var settings = ScalingSettings()
      (settings.prior, settings.bootstraps, settings.threads) = (prior, bootstraps, 1)
      settings.disconnected = .usePrior
      settings.seed = UInt64(seed)
      var tally = Tally()
      guard let scaled = try? scaleScene(study.judgements, settings: settings) else { return tally }
      tally.studies = 1
      let columns = scaled.bootstrap
      for (photo, quality) in truth.enumerated() {
        let interval = scaled.scale.photos[photo].interval
        let error = scaled.fit.jod[photo] - quality
        tally.count += 1
        tally.covered += interval.low <= quality && quality <= interval.high ? 1 : 0
        tally.information += abs(error) < 1.959964 * scaled.fit.standardDeviations[photo] ? 1 : 0
        if let column = columns?.column(photo) {
          let low = Descriptive.quantile(column, 0.025)
          let high = Descriptive.quantile(column, 0.975)
          tally.percentile += low <= quality && quality <= high ? 1 : 0
        }
        tally.width += interval.width
        tally.squaredError += error * error
        tally.slope += scaled.fit.jod[photo] * quality / truth.reduce(0) { $0 + $1 * $1 }
      }
      return tally
    }
    return parts.reduce(into: Tally()) { sum, part in
      sum.covered += part.covered
      sum.percentile += part.percentile
      sum.information += part.information
      sum.width += part.width
      sum.slope += part.slope
      sum.squaredError += part.squaredError
      sum.count += part.count
      sum.studies += part.studies
    }
  }

  func percent(_ share: Double) -> String { String(format: "%.1f", 100 * share) }

  @Test func coverage() throws {
    try record(
      "| photos | votes | observers | range JOD | own opinion JOD | corrected % | percentile % "
        + "| information % | width JOD |")
    try record("|---|---|---|---|---|---|---|---|---|")
    for (photos, votes, observers) in [
      (24, 300, 15), (24, 1000, 30), (24, 1000, 12), (60, 3540, 30), (100, 4000, 30),
    ] {
      for range in [2.0, 5, 8, 14] {
        for spread in [0, 0.5] {
          let sum = try tally(
            photos: photos, votes: votes, observers: observers, range: range, spread: spread,
            studies: 60, prior: .standard, bootstraps: 400)
          try record(
            "| \(photos) | \(votes) | \(observers) | \(range) | \(spread) "
              + "| \(percent(sum.covered / sum.count)) | \(percent(sum.percentile / sum.count)) "
              + "| \(percent(sum.information / sum.count)) "
              + "| \(String(format: "%.2f", sum.width / sum.count)) |")
        }
      }
    }
  }

  @Test func priors() throws {
    try record("| photos | votes | range JOD | prior | slope | RMS error JOD | answered |")
    try record("|---|---|---|---|---|---|---|")
    for (photos, votes) in [(24, 300), (24, 1000), (60, 3540)] {
      for range in [2.0, 8, 14] {
        for prior in [
          ScalePrior.none, .pwcmpRepaired, .gaussian(varianceJOD2: 400),
          .gaussian(varianceJOD2: 100), .standard,
        ] where prior != .pwcmpRepaired || votes < 1001 {
          let sum = try tally(
            photos: photos, votes: votes, observers: 30, range: range, spread: 0, studies: 20,
            prior: prior, bootstraps: 0)
          let answer =
            sum.studies > 0
            ? String(
              format: "%.3f | %.2f", sum.slope / sum.studies,
              (sum.squaredError / sum.count).squareRoot()) : "– | –"
          try record(
            "| \(photos) | \(votes) | \(range) | \(prior.label) | \(answer) "
              + "| \(Int(sum.studies)) of 20 |")
        }
      }
    }
  }
}
