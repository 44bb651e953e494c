public import Domain
import Statistics

/// Places the photos of one scene on the JOD scale.
///
/// Thurstone's Case V and Bradley and Terry's model are fitted by maximum likelihood, or by the mode under a prior,
/// TrueSkill by expectation propagation. In all of them 1 JOD is the distance at which 75 % of the observers (of those who
/// decide) choose the better photo.
///
/// Source: Perez-Ortiz and Mantiuk 2017, arXiv:1712.03686.
///
/// - Parameters:
///   - comparisons: The preference counts of one scene and one attribute.
///   - model: The psychometric model.
///   - prior: What is believed before the votes; TrueSkill has its own and ignores it.
///   - ties: What an answer «neither» means.
///   - disconnected: What to do with groups that were never compared.
///   - names: The photos, for error messages; `photo 1`, `photo 2` … when left out.
///   - selfVotes: The votes of each photo against itself, from pairs of identical photos; only pwcmp's prior uses them.
///   - start: Positions to start the search from, such as those of an earlier fit.
/// - Returns: Positions in JOD in the order of `comparisons`, with mean 0, and their covariance.
/// - Throws: ``ScalingError`` for designs without a finite scale, `InputError` for counts or settings without a meaning.
public func fitScale(
  _ comparisons: ComparisonMatrix, model: ScalingModel = .thurstone,
  prior: ScalePrior = .standard, ties: TieRule = .halfVotes,
  disconnected: DisconnectedPolicy = .refuse, names: [PhotoID]? = nil,
  selfVotes: [Double] = [], startingAt start: [Double]? = nil
) throws -> ScaleFit {
  var settings = ScalingSettings()
  (settings.model, settings.prior, settings.ties) = (model, prior, ties)
  settings.disconnected = disconnected
  try settings.validate()
  let pairs = try PairCounts(comparisons, ties: ties, selfVotes: selfVotes)
  let design = try checkDesign(pairs, settings: settings, names: names)
  let begin = start?.count == pairs.count ? start : nil
  let fit = try PairFitter(settings).fit(pairs, from: begin)
  // pwcmp's prior is bounded, so that it holds most separable designs, but not all: one unanimous pair drifts off.
  let isFlat = fit.standardDeviations.contains { !($0 < 20) }
  if isFlat, prior == .pwcmp || prior == .pwcmpRepaired {
    try design.checkBounded(names: names)
  }
  return fit
}

/// Refuses a design that has no finite scale under a model and a prior.
///
/// - Returns: The design, for further questions.
@discardableResult
func checkDesign(
  _ pairs: PairCounts, settings: ScalingSettings, names: [PhotoID]?
) throws -> DesignGraph {
  guard pairs.count > 1, pairs.pairs > 0 else {
    throw ScalingError.nothingToScale(photos: pairs.count, comparisons: pairs.pairs)
  }
  let design = DesignGraph(pairs)
  let isPlain = settings.prior == .none && settings.model != .trueSkill
  if settings.disconnected == .refuse || isPlain { try design.checkConnected(names: names) }
  if isPlain { try design.checkBounded(names: names) }
  return design
}

/// Chooses the solver of a model and a prior.
struct PairFitter: Sendable {
  let settings: ScalingSettings

  init(_ settings: ScalingSettings) { self.settings = settings }

  /// The inverse of the prior's variance, 0 for other priors.
  var ridge: Double {
    if case .gaussian(let variance) = settings.prior { 1 / variance } else { 0 }
  }

  func fit(_ pairs: PairCounts, from start: [Double]? = nil) throws -> ScaleFit {
    switch (settings.model, settings.prior, settings.ties) {
    case (.trueSkill, _, _):
      try TrueSkill(pairs).converged()
    case (.thurstone, .pwcmp, _), (.thurstone, .pwcmpRepaired, _):
      try PwcmpPrior(pairs, repaired: settings.prior != .pwcmp).maximum(from: start)
    case (.thurstone, _, _):
      try LikelihoodFit<ThurstoneLink>(pairs: pairs, ridge: ridge).maximum(from: start)
    case (.bradleyTerry, _, .davidson):
      try DavidsonFit(pairs: pairs, ridge: ridge).maximum(from: start)
    case (.bradleyTerry, _, .halfVotes):
      try LikelihoodFit<LogisticLink>(pairs: pairs, ridge: ridge).maximum(from: start)
    }
  }

  /// The positions alone, for replicates of a study that need no covariance of their own.
  func positions(_ pairs: PairCounts, near full: ScaleFit) throws -> [Double] {
    if settings.model == .trueSkill { return try TrueSkill(pairs).converged(tolerance: 1e-6).jod }
    guard settings.model == .thurstone, settings.prior == .pwcmp || settings.prior == .pwcmpRepaired
    else { return try fit(pairs, from: full.jod).jod }
    let prior = PwcmpPrior(pairs, repaired: settings.prior != .pwcmp)
    let found = try prior.search(from: full.jod, inverseHessian: full.covariance).0.position
    let mean = found.reduce(0, +) / Double(found.count)
    return found.map { $0 - mean }
  }
}
