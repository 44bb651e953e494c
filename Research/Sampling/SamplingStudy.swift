import Comparison
import Documents
import Domain
import Foundation
import Scaling
import Statistics

/// Error against votes for several ways to choose pairs.
enum SamplingStudy {
  enum Method: String, CaseIterable {
    case random = "Random trees"
    case swiss = "Swiss rounds"
    case asap = "ASAP, approximate gain"
    case gain = "Information gain"
    case error = "Error reduction"
  }

  struct Design {
    let photos: Int
    let range: Double
    let batches: Int
    let studies: Int
  }

  static let designs = [
    Design(photos: 20, range: 5, batches: 30, studies: 60),
    Design(photos: 50, range: 8, batches: 30, studies: 40),
    Design(photos: 100, range: 8, batches: 30, studies: 24),
  ]

  /// How good a scale is; both lists have mean 0.
  struct Measure {
    /// The root mean square error in JOD.
    let error: Double
    /// The same after the best straight line: what is left when the unit is not asked for.
    let linearError: Double
    /// The slope of the scores against the truth; 1 when the unit is right.
    let slope: Double
    /// 1 − Spearman's rank correlation.
    let rankError: Double

    init(scores: [Double], truth: [Double]) {
      let n = Double(truth.count)
      let squares = zip(scores, truth).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      let own = scores.reduce(0) { $0 + $1 * $1 }
      let both = zip(scores, truth).reduce(0) { $0 + $1.0 * $1.1 }
      let true2 = truth.reduce(0) { $0 + $1 * $1 }
      error = (squares / n).squareRoot()
      linearError = (max(0, true2 - (own > 0 ? both * both / own : 0)) / n).squareRoot()
      slope = both / true2
      rankError = 1 - Correlation.spearman(scores, truth)
    }
  }

  /// The measures after every batch of one study with one method.
  static func errors(_ method: Method, _ design: Design, seed: UInt64) throws -> [Measure] {
    let n = design.photos
    let root = SeededGenerator(seed: seed)
    // Truth and pairs have streams of their own, so that all methods judge the same photos.
    var truths = root.stream(1)
    let truth = (0..<n).map { _ in design.range * truths.uniform() }
    var generator = root.stream(2)
    var answers = root.stream(3)
    var pairs: [ComparisonMatrix.Pair] = []
    var met: [PhotoPair: Int] = [:]
    var surplus = [Int](repeating: 0, count: n)
    var means = [Double](repeating: 0, count: n)
    var posterior: QualityPosterior?
    var result: [Measure] = []
    for _ in 0..<design.batches {
      let constraints = PairConstraints(sideSurplus: surplus)
      var batch: [PlannedPair]
      switch (method, posterior) {
      case (.random, _), (_, nil):
        batch = try randomPairs(
          photos: n, count: n - 1, constraints: constraints, using: &generator)
      case (.gain, let posterior?):
        batch = try nextPairs(
          posterior: posterior, count: n - 1, criterion: .informationGain,
          constraints: constraints, using: &generator)
      case (.error, let posterior?):
        batch = try nextPairs(
          posterior: posterior, count: n - 1, criterion: .errorReduction,
          constraints: constraints, using: &generator)
      case (.asap, _?):
        let scale = asapScale(ComparisonMatrix(count: n, pairs: pairs))
        let gains = PairGains.asapApproximate(means: scale.means, variances: scale.variances)
        batch = try nextPairs(
          gains: gains, count: n - 1, constraints: constraints, using: &generator)
      case (.swiss, _?):
        batch = []
        var seen = met
        while batch.count < n - 1 {
          let round = try swissPairs(means: means, met: seen, using: &generator)
          for pair in round.prefix(n - 1 - batch.count) {
            batch.append(pair)
            seen[pair.pair, default: 0] += 1
          }
        }
      }
      for planned in batch {
        let difference = truth[planned.a] - truth[planned.b]
        let wins = difference + JOD.differenceSigma * answers.normal() > 0
        let firstWins = wins == (planned.a < planned.b)
        pairs.append(
          .init(
            first: planned.pair.first, second: planned.pair.second,
            firstWins: firstWins ? 1 : 0, secondWins: firstWins ? 0 : 1))
        met[planned.pair, default: 0] += 1
        surplus[planned.a] += 1
        surplus[planned.b] -= 1
      }
      let fit = try fitScale(ComparisonMatrix(count: n, pairs: pairs), startingAt: means)
      means = fit.jod
      posterior = try QualityPosterior(means: fit.jod, covariance: fit.covariance)
      let middle = Descriptive.mean(truth)
      result.append(Measure(scores: means, truth: truth.map { $0 - middle }))
    }
    return result
  }

  static func run(into folder: URL, studies: Int?) throws {
    var csv =
      "photos,range_jod,method,votes,votes_per_photo,studies,error_jod,low95,high95,"
      + "linear_error_jod,slope,rank_error\n"
    for design in designs {
      let count = studies ?? design.studies
      var curves: [Method: [[Measure]]] = [:]
      for method in Method.allCases {
        curves[method] = try Parallel.map(count: count) { study in
          try errors(method, design, seed: UInt64(10_000 * design.photos + study))
        }
      }
      var series: [LineChart.Series] = []
      for method in Method.allCases {
        let runs = curves[method] ?? []
        var line: [Double] = []
        var intervals: [Span?] = []
        let votes = (1...design.batches).map { Double($0 * (design.photos - 1)) }
        for batch in 0..<design.batches {
          let summary = Summary(runs.map { $0[batch].error })
          line.append(summary.mean)
          intervals.append(Span(summary.low, summary.high))
          csv +=
            "\(design.photos),\(design.range),\(method.rawValue.replacing(",", with: ""))"
            + ",\(Int(votes[batch])),\(2 * Int(votes[batch]) / design.photos),\(count)"
            + ",\(summary.mean.digits(4)),\(summary.low.digits(4)),\(summary.high.digits(4))"
            + ",\(Descriptive.mean(runs.map { $0[batch].linearError }).digits(4))"
            + ",\(Descriptive.mean(runs.map { $0[batch].slope }).digits(4))"
            + ",\(Descriptive.mean(runs.map { $0[batch].rankError }).digits(4))\n"
        }
        series.append(
          .init(
            method.rawValue, x: votes.map { 2 * $0 / Double(design.photos) }, y: line,
            intervals: intervals))
        report(design, method, runs, against: curves[.random] ?? [])
      }
      let chart = LineChart(
        title:
          """
          Error against votes with 95 % intervals, \(design.photos) photos over \
          \(Int(design.range)) JOD
          """,
        xAxis: Axis("Votes per photo"),
        yAxis: Axis("Error", unit: "JOD", ends: Axis.Ends(0, 2)), series: series, size: .regular)
      try Data(chart.svgDocument().utf8).write(
        to: folder.appending(path: "active-sampling-\(design.photos).svg"))
    }
    try Data(csv.utf8).write(to: folder.appending(path: "active-sampling.csv"))
  }

  /// The difference to random trees in the same studies, with its interval, after a third, two
  /// thirds and at the end.
  private static func report(
    _ design: Design, _ method: Method, _ runs: [[Measure]], against random: [[Measure]]
  ) {
    for batch in [9, 19, design.batches - 1] {
      let own = Summary(runs.map { $0[batch].error })
      let difference = Summary(zip(runs, random).map { $0[batch].error - $1[batch].error })
      let linear = Summary(runs.map { $0[batch].linearError })
      let slope = Summary(runs.map { $0[batch].slope })
      print(
        "| \(design.photos) | \(2 * (batch + 1) * (design.photos - 1) / design.photos) "
          + "| \(method.rawValue) | \(own.mean.digits(3)) "
          + "| \(difference.mean.digits(3)) [\(difference.low.digits(3)), "
          + "\(difference.high.digits(3))] | \(linear.mean.digits(3)) "
          + "| \(slope.mean.digits(2)) |")
    }
  }
}

/// A mean with its 95 % interval by Student's t.
struct Summary {
  let mean: Double
  let low: Double
  let high: Double

  init(_ values: [Double]) {
    mean = Descriptive.mean(values)
    let n = Double(values.count)
    let error = values.count > 1 ? Descriptive.standardDeviation(values) / n.squareRoot() : 0
    let t = values.count > 1 ? StudentT(degreesOfFreedom: n - 1).quantile(0.975) : 0
    low = mean - t * error
    high = mean + t * error
  }
}

extension Double {
  /// The number with a fixed number of decimals.
  func digits(_ count: Int) -> String { String(format: "%.\(count)f", self) }
}
