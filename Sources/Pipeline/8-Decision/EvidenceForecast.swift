import Domain
import Statistics

/// What a study can show, and what it lacks.
struct EvidenceForecast {
  private let settings: DecisionSettings
  private let evidence: AttributeEvidence
  private let estimate: EffectEstimate
  private let tauSquared: Double

  init(_ evidence: AttributeEvidence, _ pooled: PooledDifference, settings: DecisionSettings) {
    self.settings = settings
    self.evidence = evidence
    estimate = pooled.estimate
    let tau = pooled.analysis?.tau ?? 0
    tauSquared = tau * tau
  }

  /// The chance that enough evidence decides it.
  private static let power = 0.8

  // MARK: Power

  /// The power at the present standard error.
  var power: AchievedPower {
    let deviation = estimate.standardError
    let degrees = estimate.degreesOfFreedom
    let half = self.half(deviation, degrees, level: settings.confidenceLevel)
    guard deviation > 0 else {
      return AchievedPower(visibleDifference: 1, equivalence: 1, detectableJOD: 0)
    }
    func chance(_ x: Double) -> Double { Self.cdf(x / deviation, degrees) }
    let narrow = self.half(deviation, degrees, level: 1 - 2 * settings.significance)
    return AchievedPower(
      visibleDifference: chance(settings.visible - half) + chance(-settings.visible - half),
      equivalence: max(0, 2 * chance(settings.margin - narrow) - 1),
      detectableJOD: half + Self.quantile(Self.power, degrees) * deviation)
  }

  // MARK: What is missing

  /// The scenes or votes that would decide it, the difference being as found.
  var missing: MissingEvidence {
    let aims: [Outcome] = [estimate.value < 0 ? .worse : .better, .equivalent]
    let scenes = aims.compactMap { aim in count(towards: aim).map { (aim, $0) } }
      .min { $0.1 < $1.1 }
    let votes = aims.compactMap { aim in factor(towards: aim).map { (aim, $0) } }
      .min { $0.1 < $1.1 }
    return MissingEvidence(
      towards: scenes?.0 ?? votes?.0 ?? aims[0],
      scenes: scenes.map { $0.1 - evidence.scenes.count },
      votes: votes.map { Int((($0.1 - 1) * Double(evidence.votes)).rounded(.up)) })
  }

  /// The least number of scenes, each with as many votes as those so far, that decides it.
  private func count(towards aim: Outcome) -> Int? {
    guard settings.scenes == .sample else { return nil }
    let now = evidence.scenes.count
    let (own, shared) = evidence.errorVariance
    func decides(_ count: Int) -> Bool {
      let variance = (tauSquared + own - shared) / Double(count) + shared
      let degrees = min(Double(count - 1), evidence.errorDegreesOfFreedom)
      return shows(aim, deviation: (excess * variance).squareRoot(), degrees: degrees)
    }
    return Self.least(from: max(now + 1, 2), to: 10_000 + now, where: decides)
  }

  /// The least multiple of the votes on these scenes that decides it, up to twenty times.
  private func factor(towards aim: Outcome) -> Double? {
    guard settings.scenes == .theseScenes || evidence.scenes.count > 1, evidence.votes > 0 else {
      return nil
    }
    let count = Double(evidence.scenes.count)
    let (own, shared) = evidence.errorVariance
    func decides(_ percent: Int) -> Bool {
      let votes = ((own - shared) / count + shared) * 100 / Double(percent)
      return shows(
        aim, deviation: (excess * (tauSquared / count + votes)).squareRoot(),
        degrees: estimate.degreesOfFreedom)
    }
    return Self.least(from: 101, to: 2000, where: decides).map { Double($0) / 100 }
  }

  /// By how much the present variance exceeds that of scenes alike.
  private var excess: Double {
    let count = Double(evidence.scenes.count)
    let (own, shared) = evidence.errorVariance
    let variance = (tauSquared + own - shared) / count + shared
    let found = estimate.standardError * estimate.standardError
    return variance > 0 ? max(1, found / variance) : 1
  }

  /// Whether an estimate like the present one with another standard error shows an outcome with a
  /// chance of 80 %.
  private func shows(_ aim: Outcome, deviation: Double, degrees: Double) -> Bool {
    let distance = abs(estimate.value)
    switch aim {
    case .equivalent:
      let half = half(deviation, degrees, level: 1 - 2 * settings.significance)
      // Both tests must succeed: each with 90 %.
      let share = (1 + Self.power) / 2
      return settings.margin - distance - half >= Self.quantile(share, .infinity) * deviation
    default:
      let half = half(deviation, degrees, level: settings.confidenceLevel)
      return distance - half >= Self.quantile(Self.power, .infinity) * deviation
    }
  }

  private func half(_ deviation: Double, _ degrees: Double, level: Double) -> Double {
    settings.inference(
      EffectEstimate(value: 0, standardError: deviation, degreesOfFreedom: degrees)
    ).interval(level: level).high
  }

  /// The least number in a range that meets a condition which larger numbers meet too.
  private static func least(from low: Int, to high: Int, where holds: (Int) -> Bool) -> Int? {
    guard holds(high) else { return nil }
    var (low, high) = (low, high)
    while low < high {
      let middle = (low + high) / 2
      if holds(middle) { high = middle } else { low = middle + 1 }
    }
    return high
  }

  private static func cdf(_ x: Double, _ degrees: Double) -> Double {
    degrees.isFinite ? StudentT(degreesOfFreedom: degrees).cdf(x) : StandardNormal.cdf(x)
  }

  private static func quantile(_ share: Double, _ degrees: Double) -> Double {
    degrees.isFinite
      ? StudentT(degreesOfFreedom: degrees).quantile(share) : StandardNormal.quantile(share)
  }
}
