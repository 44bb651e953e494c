import Domain
import Statistics

/// A look at votes that is judged by the same look at simulated votes without defects.
protocol VoteProbe: Sendable {
  /// What is computed of votes: always as many numbers, in the same order.
  func statistics(_ votes: ScoredVotes) -> [Double]

  /// What the statistics mean.
  ///
  /// - Parameters:
  ///   - found: The statistics of the votes.
  ///   - references: The distribution of each statistic over replicates without defects.
  ///   - study: Names, votes and fits.
  /// - Returns: Verdict, words and numbers.
  func finding(
    _ found: [Double], _ references: [ReferenceDistribution], _ study: AuditedStudy
  ) -> AuditFinding
}

/// What probes know beside their statistics.
struct AuditedStudy: Sendable {
  /// The votes with their names.
  let judgements: SceneJudgements
  /// The votes with what the scale expects.
  let votes: ScoredVotes
  /// The scale of the votes.
  let fit: ScaleFit
  /// The traits that observers share; nil where they could not be estimated.
  let common: CommonObserverTraits?
  /// The scale with its observers; nil with a single observer, or where it could not be estimated.
  let model: ObserverModel?
  /// By how much p-values are multiplied, because so many scenes are audited together.
  let scenes: Int

  /// The name of an observer.
  func observer(_ index: Int) -> String { judgements.observers[index].text }

  /// The name of a photo.
  func photo(_ index: Int) -> String { judgements.photos[index].text }

  /// The p-value as verdicts take it: corrected for the number of scenes.
  func corrected(_ p: Double) -> Double { min(1, p * Double(scenes)) }

  /// A verdict from a p-value and the size of the effect: 1 where it matters.
  ///
  /// Effects below a quarter of what matters are fine however sure they are.
  func verdict(_ p: Double, size: Double = 1) -> AuditVerdict {
    let p = corrected(p)
    if p < AuditLimits.fault, size >= 1 { return .fault }
    return p < AuditLimits.look && size >= 0.25 ? .look : .fine
  }
}

/// From where on a p-value leads to a verdict.
enum AuditLimits {
  /// Below this a person should look.
  static let look = 0.01
  /// Below this an effect that matters is a fault.
  static let fault = 0.001
}

/// Numbers in the audit's sentences.
enum AuditText {
  /// A number with some decimals.
  static func number(_ value: Double, _ decimals: Int = 2) -> String {
    var power = 1.0
    for _ in 0..<decimals { power *= 10 }
    let rounded = (value.magnitude * power).rounded()
    guard rounded.isFinite, rounded < 1e15 else { return "\(value)" }
    let whole = Int(rounded)
    let sign = value < 0 && whole != 0 ? "-" : ""
    guard decimals > 0 else { return "\(sign)\(whole)" }
    let unit = Int(power)
    let fraction = String(whole % unit)
    return "\(sign)\(whole / unit)."
      + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// A share in percent.
  static func percent(_ share: Double) -> String {
    let value = share * 100
    return number(value, value.magnitude < 9.95 && value != 0 ? 1 : 0) + " %"
  }

  /// A count with its noun.
  static func counted(_ count: Int, _ one: String, _ many: String) -> String {
    "\(count) \(count == 1 ? one : many)"
  }

  /// Some names in one line.
  static func listed(_ names: [String]) -> String {
    let shown = names.prefix(5).joined(separator: ", ")
    return names.count > 5 ? shown + " and \(names.count - 5) more" : shown
  }
}
