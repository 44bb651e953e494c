import Domain
import Foundation
import Scaling
import Statistics

/// Coverage of 95 % intervals, and slope and error under several priors: the tables of
/// docs/validation.md, part «Scaling».
///
/// Photos lie evenly over a range, pairs are drawn at random, observers take turns, answers follow
/// Case V. All seeds are fixed; it takes some minutes.
enum ScaleAccuracyStudy {
  /// Prints both tables as Markdown.
  static func run(studies: Int) throws {
    try coverage(studies: studies)
    print()
    try priors()
  }

  /// Votes of observers with opinions of their own.
  ///
  /// `spread` is the standard deviation, in JOD, of each observer's opinion of each photo around
  /// the truth; single answers then vary less, so that the spread over observers and answers stays
  /// that of Case V.
  private static func votes(
    _ truth: [Double], count: Int, observers: Int, spread: Double, seed: UInt64
  ) -> SceneJudgements {
    var random = SeededGenerator(seed: seed)
    let n = truth.count
    let opinions = (0..<observers).map { _ in truth.map { $0 + spread * random.normal() } }
    let variance = JOD.differenceSigma * JOD.differenceSigma - 2 * spread * spread
    let noise = max(0, variance).squareRoot()
    let list = (0..<count).map { vote -> SceneJudgements.Vote in
      let observer = vote % observers
      let a = random.index(below: n)
      var b = random.index(below: n - 1)
      if b >= a { b += 1 }
      let percept = opinions[observer][a] - opinions[observer][b] + noise * random.normal()
      return SceneJudgements.Vote(observer: observer, a: a, b: b, choice: percept > 0 ? .a : .b)
    }
    return SceneJudgements(
      scene: "Simulated", attribute: .details, photos: (0..<n).map { PhotoID("photo\($0)") },
      observers: (0..<observers).map { ObserverID("o\($0)") }, votes: list)
  }

  private struct Tally: Sendable {
    var covered = 0.0
    var percentile = 0.0
    var information = 0.0
    var width = 0.0
    var slope = 0.0
    var squaredError = 0.0
    var count = 0.0
    var studies = 0.0
  }

  private static func tally(
    photos: Int, votes: Int, observers: Int, range: Double, spread: Double, studies: Int,
    prior: ScalePrior, bootstraps: Int
  ) throws -> Tally {
    let truth = (0..<photos).map { (Double($0) / Double(photos - 1) - 0.5) * range }
    let parts = try Parallel.map(count: studies) { seed -> Tally in
      let judgements = self.votes(
        truth, count: votes, observers: observers, spread: spread, seed: UInt64(seed) + 1000)
      var settings = ScalingSettings()
      (settings.prior, settings.bootstraps, settings.threads) = (prior, bootstraps, 1)
      settings.disconnected = .usePrior
      settings.seed = UInt64(seed)
      var tally = Tally()
      guard let scaled = try? scaleScene(judgements, settings: settings) else { return tally }
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

  private static func percent(_ share: Double) -> String { String(format: "%.1f", 100 * share) }

  private static func coverage(studies: Int) throws {
    print(
      "| photos | votes | observers | range JOD | own opinion JOD | corrected % | percentile % "
        + "| information % | width JOD |")
    print("|---|---|---|---|---|---|---|---|---|")
    for (photos, votes, observers) in [
      (24, 300, 15), (24, 1000, 30), (24, 1000, 12), (60, 3540, 30), (100, 4000, 30),
    ] {
      for range in [2.0, 5, 8, 14] {
        for spread in [0, 0.5] {
          let sum = try tally(
            photos: photos, votes: votes, observers: observers, range: range, spread: spread,
            studies: studies, prior: .standard, bootstraps: 400)
          print(
            "| \(photos) | \(votes) | \(observers) | \(range) | \(spread) "
              + "| \(percent(sum.covered / sum.count)) | \(percent(sum.percentile / sum.count)) "
              + "| \(percent(sum.information / sum.count)) "
              + "| \(String(format: "%.2f", sum.width / sum.count)) |")
        }
      }
    }
  }

  private static func priors() throws {
    print("| photos | votes | range JOD | prior | slope | RMS error JOD | answered |")
    print("|---|---|---|---|---|---|---|")
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
          print(
            "| \(photos) | \(votes) | \(range) | \(prior.label) | \(answer) "
              + "| \(Int(sum.studies)) of 20 |")
        }
      }
    }
  }
}
