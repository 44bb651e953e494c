public import Domain
import Statistics

/// How many votes and observers a wanted interval width takes.
public struct StudyForecast: Sendable, Hashable, Codable {
  /// The median interval width wanted.
  public let target: JOD
  /// The median interval width now; nil before a study has begun.
  public let width: JOD?
  /// The votes so far.
  public let votes: Int
  /// The observers so far.
  public let observers: Int
  /// The votes needed altogether.
  public let votesNeeded: Int
  /// The observers needed altogether, each voting as often as those so far.
  public let observersNeeded: Int
  /// The votes still to come; 0 when the target is reached.
  public var votesLeft: Int { max(0, votesNeeded - votes) }
  /// The observers still to come; 0 when the target is reached.
  public var observersLeft: Int { max(0, observersNeeded - observers) }
  /// The stop rule: whether the median interval is narrow enough.
  public var isReached: Bool { width.map { $0 <= target } ?? false }
}

/// Forecasts what a running study still needs.
///
/// More observers who vote like those so far multiply the information of the votes; the prior's part stays. The intervals' excess
/// over the observed information, which is the spread between observers, is taken to stay in proportion.
///
/// - Parameters:
///   - judgements: The votes so far.
///   - scaled: Their scale.
///   - target: The median interval width wanted.
/// - Returns: The forecast.
/// - Throws: `InputError` when the target is not above 0, or not reachable with a hundred thousand times the votes.
public func forecastStudy(
  _ judgements: SceneJudgements, scaled: ScaledScene, target: JOD
) throws -> StudyForecast {
  let pairs = try PairCounts(ComparisonMatrix(judgements), ties: .halfVotes)
  let widths = scaled.trueWidths
  let fitter = PairFitter(scaled.settings)
  let likelihood = LikelihoodFit<ThurstoneLink>(pairs: pairs, ridge: fitter.ridge)
  let curve = WidthCurve(
    likelihood: likelihood, positions: scaled.estimates.positions,
    level: scaled.settings.confidenceLevel, observers: scaled.estimates.units)
  let now = Descriptive.median(widths)
  let excess = now / curve.width(multiple: 1)
  let multiple = try curve.multiple(reaching: target, excess: excess)
  let observers = judgements.observers.count
  let needed = (Double(observers) * multiple).rounded(.up)
  return StudyForecast(
    target: target, width: JOD(now), votes: judgements.votes.count, observers: observers,
    votesNeeded: Int((Double(judgements.votes.count) * multiple).rounded(.up)),
    observersNeeded: Int(needed))
}

/// Plans a study that has no votes yet: random pairs of photos spread evenly over a range.
///
/// - Parameters:
///   - photos: The number of photos.
///   - range: The expected distance from the worst to the best photo.
///   - votesPerObserver: How often one observer votes.
///   - target: The median interval width wanted.
///   - observerSpread: The standard deviation, in JOD, of one observer's own opinion of a photo around the common one.
///   - settings: The prior and the level of the intervals.
/// - Returns: The forecast.
/// - Throws: `InputError` for numbers without a meaning or a target out of reach.
public func planStudy(
  photos: Int, range: JOD, votesPerObserver: Int, target: JOD, observerSpread: Double = 0,
  settings: ScalingSettings = ScalingSettings()
) throws -> StudyForecast {
  try settings.validate()
  guard photos > 1, votesPerObserver > 0, range.value >= 0, observerSpread >= 0 else {
    throw InputError(
      "plan", "\(photos) photos, \(votesPerObserver) votes an observer, range \(range)",
      remedy: "give at least 2 photos, 1 vote and a range of at least 0 JOD")
  }
  let positions = (0..<photos).map { (Double($0) / Double(photos - 1) - 0.5) * range.value }
  // One observer's votes, spread over all pairs in their expected shares.
  var pairs = PairCounts(count: photos)
  let share = Double(votesPerObserver) / Double(photos * (photos - 1) / 2)
  for i in 0..<photos {
    for j in (i + 1)..<max(photos, i + 1) {
      let chance = StandardNormal.cdf((positions[i] - positions[j]) / JOD.differenceSigma)
      pairs.append(
        i, j, wins: share * chance, losses: share * (1 - chance), ties: 0, rule: .davidson)
    }
  }
  let curve = WidthCurve(
    likelihood: LikelihoodFit<ThurstoneLink>(pairs: pairs, ridge: PairFitter(settings).ridge),
    positions: positions, level: settings.confidenceLevel, observers: 1,
    spread: observerSpread)
  let multiple = try curve.multiple(reaching: target, excess: 1, from: 0.01)
  let observers = max(Int(multiple.rounded(.up)), min(settings.minimumObservers, 2))
  return StudyForecast(
    target: target, width: nil, votes: 0, observers: 0,
    votesNeeded: observers * votesPerObserver, observersNeeded: observers)
}

/// The median interval width as a function of how many times the votes there are.
private struct WidthCurve {
  let likelihood: LikelihoodFit<ThurstoneLink>
  let weights: [Double]
  let level: Double
  let observers: Int?
  let spread: Double

  init(
    likelihood: LikelihoodFit<ThurstoneLink>, positions: [Double], level: Double, observers: Int?,
    spread: Double = 0
  ) {
    self.likelihood = likelihood
    weights = likelihood.slopes(positions).weights
    self.level = level
    self.observers = observers
    self.spread = spread
  }

  func width(multiple: Double) -> Double {
    let n = likelihood.pairs.count
    let information = likelihood.information(weights: weights.map { $0 * multiple })
    guard let inverse = Cholesky(information, count: n)?.inverse() else { return .infinity }
    let fit = ScaleFit(
      centering: Array(repeating: 0, count: n), covariance: inverse, logLikelihood: 0,
      iterations: 0)
    let count = observers.map { Double($0) * multiple } ?? .infinity
    let between = spread * spread / max(count, 1)
    let deviations = fit.standardDeviations.map { ($0 * $0 + between).squareRoot() }
    return 2 * reach(count) * Descriptive.median(deviations)
  }

  /// The factor from a standard error to half an interval, for a number of observers.
  private func reach(_ observers: Double) -> Double {
    let share = (1 + level) / 2
    guard observers.isFinite else { return StandardNormal.quantile(share) }
    let degrees = max(observers - 1, 1)
    return (1 + 1 / degrees).squareRoot() * StudentT(degreesOfFreedom: degrees).quantile(share)
  }

  /// The multiple at which the median width, times the excess, meets the target.
  func multiple(reaching target: JOD, excess: Double, from least: Double = 1e-3) throws -> Double {
    guard target.value > 0, target.value.isFinite else {
      throw InputError(
        "target width", "\(target.value) JOD is not a width", remedy: "give a width above 0 JOD")
    }
    var (low, high) = (least, 1.0)
    while width(multiple: high) * excess > target.value {
      low = high
      high *= 2
      guard high < 1e5 else {
        throw InputError(
          "target width", "\(target.value) JOD takes more than 100,000 times the votes",
          remedy: "ask for a wider interval")
      }
    }
    for _ in 0..<40 where high / low > 1.0005 {
      let middle = (low * high).squareRoot()
      if width(multiple: middle) * excess > target.value { low = middle } else { high = middle }
    }
    return high
  }
}

extension ScaledScene {
  /// The interval widths in true JOD, whatever the convention of the scale.
  var trueWidths: [Double] {
    scale.photos.indices.map { photo in
      let ends = estimates.interval(
        .position(photo, of: scale.photos.count), level: settings.confidenceLevel)
      return ends.high - ends.low
    }
  }
}
