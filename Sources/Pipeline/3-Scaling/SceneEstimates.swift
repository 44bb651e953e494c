import Domain
import Statistics

/// The joint estimates of one scene in true JOD, whatever the unit of its scale and whether replicates were drawn.
///
/// The spread between observers comes from their influences when there are at least `minimumObservers`; fewer cannot
/// show how observers differ, and single answers are the units then.
func sceneEstimates(
  _ judgements: SceneJudgements, pairs: PairCounts, fit: ScaleFit, influences: ObserverInfluences,
  settings: ScalingSettings
) -> Estimates {
  let enough = judgements.observers.count >= settings.minimumObservers
  let comparisons = judgements.comparisonsPerPhoto
  return Estimates(
    positions: fit.jod, information: fit.covariance,
    spread: enough ? influences.covariance(count: fit.jod.count) : nil,
    units: enough ? judgements.observers.count : nil,
    comparisons: comparisons,
    likelihood: pairLikelihood(pairs, fit: fit, settings: settings))
}

/// The likelihood around a fit that maximizes it; nil for fits that maximize something else.
///
/// pwcmp's prior is not Gaussian, expectation propagation gives means and not modes, and Davidson's ties are a third answer: their intervals are symmetric.
private func pairLikelihood(
  _ pairs: PairCounts, fit: ScaleFit, settings: ScalingSettings
) -> PairLikelihood? {
  guard settings.model != .trueSkill, settings.prior != .pwcmp, settings.prior != .pwcmpRepaired,
    settings.ties == .halfVotes
  else { return nil }
  let logit = settings.model == .bradleyTerry
  return PairLikelihood(
    mode: fit.jod, first: pairs.first, second: pairs.second, wins: pairs.wins,
    losses: pairs.losses, link: logit ? .logit : .probit,
    unit: logit ? LogisticLink.unitsPerJOD : ThurstoneLink.unitsPerJOD)
}
