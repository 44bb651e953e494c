import ArgumentParser
import Domain
import Files
import Scaling

/// The options of every command that computes a scale from votes.
struct ScalingOptions: ParsableArguments {
  @Option(
    help: "The number of bootstrap replicates; 0 takes intervals from the observed information.")
  var bootstrap = 1000
  @Option(help: "Seed of the bootstrap: the same seed gives the same intervals.")
  var seed: UInt64 = 1
  @Option(help: "The model: thurstone (Case V), bradley-terry or trueskill.")
  var model = "thurstone"
  @Option(
    help: """
      The prior: gaussian (5 JOD wide, the default), gaussian:SD in JOD, none (maximum likelihood), pwcmp or \
      pwcmp-repaired. A Gaussian that is asked for also places photos that were never compared.
      """)
  var prior: String?
  @Option(help: "What a tie means: half-votes, or davidson (with bradley-terry).")
  var ties = "half-votes"
  @Option(help: "The unit: jod (1 = seen by 75 %), or piq23 (the data set's z-scored unit).")
  var convention = "jod"
  @Option(help: "The quality levels' rule: reach, range, range+1 or a number of levels.")
  var rule = "reach"
  @Option(help: "The clusters: joint (valid default) or piq23 (compatible with the data set).")
  var clusters = "joint"

  /// The settings of the scaling stage.
  func settings() throws -> ScalingSettings {
    var settings = ScalingSettings()
    settings.bootstraps = bootstrap
    settings.seed = seed
    settings.model = try choice(model, "--model")
    settings.ties = try choice(ties, "--ties")
    settings.convention = try choice(convention, "--convention")
    settings.prior = try parsedPrior()
    if case .gaussian = settings.prior, prior != nil { settings.disconnected = .usePrior }
    return settings
  }

  /// The rule of the number of levels.
  func levelRule() throws -> LevelRule { try Self.levelRule(rule) }

  /// Reads a rule of the number of levels.
  static func levelRule(_ text: String) throws -> LevelRule {
    switch text {
    case "reach": return .reach
    case "range": return .range
    case "range+1": return .rangePlusOne
    default:
      guard let count = Int(text), count >= 1 else {
        throw InputError(
          "--rule", "«\(text)» is no rule", remedy: "give reach, range, range+1 or a number from 1")
      }
      return .fixed(count)
    }
  }

  /// How clusters are found.
  func clusterMode() throws -> ClusterMode {
    switch clusters {
    case "joint": return .standard
    case "piq23": return .piq23(bootstraps: 300)
    default:
      throw InputError(
        "--clusters", "«\(clusters)» is no way to cluster", remedy: "give joint or piq23")
    }
  }

  /// The settings as provenance keeps them.
  func record(_ settings: ScalingSettings) -> [String: SettingValue] {
    [
      "model": .text(model), "prior": .text(settings.prior.label), "ties": .text(ties),
      "bootstrap": .integer(bootstrap), "convention": .text(convention), "rule": .text(rule),
      "clusters": .text(clusters), "minimum-observers": .integer(settings.minimumObservers),
      "intervals": .text(settings.effectiveIntervalRule.rawValue),
    ]
  }

  private func parsedPrior() throws -> ScalePrior {
    switch prior {
    case "none": return .none
    case "pwcmp": return .pwcmp
    case "pwcmp-repaired": return .pwcmpRepaired
    case nil, "gaussian": return .standard
    case let prior?:
      let parts = prior.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0] == "gaussian", let deviation = Double(parts[1]),
        deviation > 0, deviation.isFinite
      else {
        throw InputError(
          "--prior", "«\(prior)» is no prior",
          remedy: "give gaussian, gaussian:SD (SD in JOD, above 0), none, pwcmp or pwcmp-repaired")
      }
      return .gaussian(varianceJOD2: deviation * deviation)
    }
  }

  /// Reads one of the names of a closed list.
  private func choice<Value: RawRepresentable & CaseIterable>(
    _ text: String, _ option: String
  ) throws -> Value where Value.RawValue == String {
    guard let value = Value(rawValue: text) else {
      let names = Value.allCases.map(\.rawValue).joined(separator: ", ")
      throw InputError(option, "«\(text)» is not known", remedy: "give one of \(names)")
    }
    return value
  }
}
