public import ArgumentParser
import Comparison
public import Domain
public import Scaling
public import ScalingWorkflow
public import Statistics

extension MultipleTesting: ExpressibleByArgument {}
extension ScalingModel: ExpressibleByArgument {}
extension TieRule: ExpressibleByArgument {}
extension ScaleConvention: ExpressibleByArgument {}
extension PairCriterion: ExpressibleByArgument {}
extension AlignmentErrors: ExpressibleByArgument {}
extension OpinionFormat: ExpressibleByArgument {}

extension LevelRule: ExpressibleByArgument {
  /// Reads `upper-limit` (or `reach`, its name in version 0.1.0), `range`, `range+1` or a number
  /// from 1.
  public init?(argument: String) {
    switch argument {
    case "upper-limit", "reach": self = .upperLimit
    case "range": self = .range
    case "range+1": self = .rangePlusOne
    default:
      guard let count = Int(argument), count >= 1 else { return nil }
      self = .fixed(count)
    }
  }

  /// The rule as the option takes it.
  public var defaultValueDescription: String { label }
}

extension ClusterMode: ExpressibleByArgument {
  /// Reads `joint` or `piq23`.
  public init?(argument: String) {
    switch argument {
    case "joint": self = .standard
    case "piq23": self = .piq23(bootstraps: 300)
    default: return nil
    }
  }

  /// The mode as the option takes it.
  public var defaultValueDescription: String { label }
}

extension ScalePrior: ExpressibleByArgument {
  /// Reads `gaussian`, `gaussian:SD` (SD in JOD, above 0), `none`, `pwcmp` or `pwcmp-repaired`.
  public init?(argument: String) {
    switch argument {
    case "none": self = .none
    case "pwcmp": self = .pwcmp
    case "pwcmp-repaired": self = .pwcmpRepaired
    case "gaussian": self = .standard
    default:
      let parts = argument.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, parts[0] == "gaussian", let deviation = Double(parts[1]),
        deviation > 0, deviation.isFinite
      else { return nil }
      self = .gaussian(varianceJOD2: deviation * deviation)
    }
  }
}
