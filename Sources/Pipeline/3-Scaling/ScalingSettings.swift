public import Domain

/// The psychometric model that turns counts into a scale.
public enum ScalingModel: String, Sendable, Hashable, Codable, CaseIterable {
  /// Thurstone's Case V: the chance of a choice is Φ(Δ/1.4826).
  case thurstone
  /// Bradley and Terry: the chance of a choice is logistic in the distance.
  case bradleyTerry = "bradley-terry"
  /// TrueSkill by expectation propagation, with the prior that ASAP uses.
  case trueSkill = "trueskill"
}

/// What is believed about the scale before any vote is seen.
public enum ScalePrior: Sendable, Hashable, Codable {
  /// Nothing: plain maximum likelihood, which has no answer for separable or disconnected designs.
  case none
  /// The distance prior of pwcmp (Perez-Ortiz and Mantiuk 2017), as its public code and published
  /// scales have it.
  case pwcmp
  /// The same without two defects: a single vote is not turned round, and votes on identical photos
  /// don't count.
  case pwcmpRepaired
  /// Every photo is normal around 0 with this variance in squared JOD.
  case gaussian(varianceJOD2: Double)

  /// The prior used unless another one is asked for: a standard deviation of 5 JOD.
  ///
  /// It keeps unanimous photos finite, takes back most of the outward bias of maximum likelihood,
  /// and leaves a 14 JOD range its slope (0.99 with 60 photos and 3,540 votes; see
  /// docs/psychometrics.md).
  public static let standard = Self.gaussian(varianceJOD2: 25)

  /// The prior in words, for results and reports.
  public var label: String {
    switch self {
    case .none: "none (maximum likelihood)"
    case .pwcmp: "pwcmp's distance prior"
    case .pwcmpRepaired: "pwcmp's distance prior, repaired"
    case .gaussian(let variance): "normal around 0 with \(variance.squareRoot()) JOD"
    }
  }
}

/// What an answer «neither» means.
public enum TieRule: String, Sendable, Hashable, Codable, CaseIterable {
  /// Half a vote for each photo.
  case halfVotes = "half-votes"
  /// A third answer with a chance of its own (Davidson 1970); extends Bradley and Terry's model.
  case davidson
}

/// What to do with groups of photos that were never compared with one another.
public enum DisconnectedPolicy: String, Sendable, Hashable, Codable, CaseIterable {
  /// Throw ``ScalingError/disconnected(groups:suggestion:)``.
  case refuse
  /// Let the prior place the groups, each around 0; the result says so.
  case usePrior = "use-prior"
}

/// Where the intervals of single photos come from; differences always come from the joint
/// estimates.
public enum IntervalRule: String, Sendable, Hashable, Codable, CaseIterable {
  /// Plain percentiles of the replicates, as in pwcmp and in the published data sets.
  case percentile
  /// The joint estimates: the deviance on either side, the spread between observers, Student's t;
  /// the same with and without a bootstrap.
  case joint
}

/// What a scale takes its observers for.
public enum ObserverRule: String, Sendable, Hashable, Codable, CaseIterable {
  /// All alike, as Thurstone's Case V has it.
  case alike
  /// Each with a side bias and a sensitivity, all with a lapse rate; see ``ObserverModel``.
  case model
}

/// How the scale of a scene is computed.
public struct ScalingSettings: Sendable, Hashable, Codable {
  /// The psychometric model.
  public var model = ScalingModel.thurstone
  /// The prior.
  public var prior = ScalePrior.standard
  /// The meaning of ties.
  public var ties = TieRule.halfVotes
  /// The treatment of groups that were never compared.
  public var disconnected = DisconnectedPolicy.refuse
  /// What observers are taken for.
  public var observers = ObserverRule.alike
  /// The unit of the result.
  public var convention = ScaleConvention.jod
  /// The number of bootstrap replicates; 0 draws none.
  public var bootstraps = 1000
  /// The number of replicates of the study's own choice of pairs, where earlier answers chose them;
  /// 0 skips them.
  public var replays = 200
  /// Studies with fewer observers take votes as independent: they cannot show how observers differ.
  public var minimumObservers = 10
  /// The intervals' rule; nil takes plain percentiles with pwcmp's prior or PIQ23's convention, the
  /// joint estimates otherwise.
  public var intervalRule: IntervalRule?
  /// The probability that an interval covers the true value.
  public var confidenceLevel = 0.95
  /// The seed of all randomness.
  public var seed: UInt64 = 1
  /// The number of threads, nil for one each processor; the numbers don't depend on it.
  public var threads: Int?

  /// Makes the default settings.
  public init() {}

  /// The intervals' rule that these settings lead to.
  public var effectiveIntervalRule: IntervalRule {
    if let intervalRule { return intervalRule }
    return prior == .pwcmp || prior == .pwcmpRepaired || convention == .piq23
      ? .percentile : .joint
  }

  /// Refuses settings that have no meaning.
  func validate() throws {
    func refuse(_ subject: String, _ problem: String, _ remedy: String) -> InputError {
      InputError(subject, problem, remedy: remedy)
    }
    if case .gaussian(let variance) = prior, !(variance > 0 && variance.isFinite) {
      throw refuse("prior", "\(variance) JOD² is not a variance", "give one above 0")
    }
    if !(confidenceLevel > 0 && confidenceLevel < 1) {
      throw refuse("confidence level", "\(confidenceLevel) is not within 0…1", "give 0.95")
    }
    if bootstraps < 0 || bootstraps == 1 {
      throw refuse(
        "bootstrap", "\(bootstraps) replicates give no interval", "give 0, or some hundred")
    }
    if replays < 0 {
      throw refuse("replay", "\(replays) is not a number of replicates", "give 0, or some hundred")
    }
    if observers == .model,
      model == .trueSkill || prior == .pwcmp || prior == .pwcmpRepaired || ties == .davidson
    {
      throw InputError(
        Setting("observers"),
        "observers are modeled with the likelihoods of Thurstone and of Bradley and Terry only",
        remedy: "choose one of the two with half votes and the prior gaussian or none")
    }
    if ties == .davidson, model != .bradleyTerry {
      throw refuse(
        "ties", "Davidson's ties extend Bradley and Terry's model only",
        "choose the model bradley-terry, or count ties as half votes")
    }
    if prior == .pwcmp || prior == .pwcmpRepaired, model != .thurstone {
      throw refuse(
        "prior", "pwcmp's prior is defined for Thurstone's model only",
        "choose the model thurstone, or a Gaussian prior")
    }
  }
}

/// How a long computation reports and is stopped.
public struct ScalingProgress: Sendable {
  /// Told the number of finished replicates and their total, on any thread.
  public let advanced: @Sendable (_ finished: Int, _ total: Int) -> Void
  /// Asked often; `true` stops with `CancellationError`.
  public let isCancelled: @Sendable () -> Bool

  /// Makes a reporter.
  public init(
    advanced: @Sendable @escaping (_ finished: Int, _ total: Int) -> Void = { _, _ in },
    isCancelled: @Sendable @escaping () -> Bool = { false }
  ) {
    self.advanced = advanced
    self.isCancelled = isCancelled
  }
}
