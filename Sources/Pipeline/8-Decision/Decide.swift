public import Domain
import Statistics

/// Says whether a candidate is better than a baseline.
///
/// Per attribute, with p-values corrected by Holm for the number of attributes:
///
/// 1. **equivalent** if two one-sided tests at 5 % place the difference inside plus and minus the
///   margin,
/// 2. else **better** or **worse** if the two-sided 95 % interval holds only differences above or
///   below 0,
/// 3. else **inconclusive**; also where the scenes are a sample of one.
///
/// The gate «no worse» passes an attribute that is better or equivalent, and one whose lower 95 %
/// bound (one-sided) lies above minus the margin; it fails one that is worse. All attributes must
/// pass, so this test needs no correction (Berger 1982, doi:10.1080/00401706.1982.10487790). The
/// gate «better» passes when the whole is better and fails when it is worse or equivalent.
///
/// - Parameters:
///   - evidence: The differences, one attribute each.
///   - slices: The differences of parts of the photos.
///   - baseline: What is compared with.
///   - candidate: What is judged.
///   - source: Where the differences come from.
///   - settings: The margin, what is visible, the gate.
/// - Returns: The verdict.
/// - Throws: `InputError` for settings without a meaning, or no evidence.
public func decide(
  _ evidence: [AttributeEvidence], slices: [SliceEvidence] = [], baseline: String,
  candidate: String, source: Verdict.Source, settings: DecisionSettings
) throws(InputError) -> Verdict {
  try settings.validate()
  guard !evidence.isEmpty else {
    throw InputError(
      "\(candidate) against \(baseline)", "there is no attribute to judge",
      remedy: "give votes or scores of photos of both")
  }
  let evidence = evidence.sorted { $0.attribute < $1.attribute }
  let tests = evidence.map { Tested($0, settings: settings) }
  let corrected = CorrectedTests(tests)
  let attributes = evidence.indices.map { index in
    attributeVerdict(
      evidence[index], at: index, tests: tests, corrected: corrected, settings: settings)
  }
  let outcome = overall(attributes.map(\.outcome))
  let result = gateResult(attributes, outcome: outcome, rule: settings.gate)
  let sliced = sliceVerdicts(slices, wholes: zip(evidence, tests), settings: settings)
  return Verdict(
    baseline: baseline, candidate: candidate, source: source, outcome: outcome,
    gate: settings.gate, gateResult: result, inconclusive: settings.inconclusive,
    exitCode: result.exitCode(settings.inconclusive),
    sentence: sentence(attributes, outcome: outcome, baseline: baseline, candidate: candidate),
    marginJOD: settings.margin, visibleJOD: settings.visible,
    confidenceLevel: settings.confidenceLevel, scenesAre: settings.scenes,
    isSequential: settings.isSequential, attributes: attributes, slices: sliced,
    notices: notices(attributes, slices: sliced),
    notes: notes(attributes, settings: settings))
}

/// The outcome over all attributes.
func overall(_ outcomes: [Outcome]) -> Outcome {
  for outcome in [Outcome.worse, .inconclusive, .better] where outcomes.contains(outcome) {
    return outcome
  }
  return .equivalent
}

private func gateResult(
  _ attributes: [AttributeVerdict], outcome: Outcome, rule: GateRule
) -> GateResult {
  switch rule {
  case .better:
    switch outcome {
    case .better: .pass
    case .worse, .equivalent: .fail
    case .inconclusive: .inconclusive
    }
  case .noWorse:
    attributes.contains { $0.gateResult == .fail }
      ? .fail : attributes.allSatisfy { $0.gateResult == .pass } ? .pass : .inconclusive
  }
}

private func attributeVerdict(
  _ evidence: AttributeEvidence, at index: Int, tests: [Tested?], corrected: CorrectedTests,
  settings: DecisionSettings
) -> AttributeVerdict {
  let outcome = shownOutcome(of: index, tests, corrected, settings)
  var verdict = AttributeVerdict(
    attribute: evidence.attribute, outcome: outcome,
    gateResult: attributeGate(outcome, tests[index], settings: settings),
    reason: "No scene shows both sides.")
  (verdict.observers, verdict.directVotes) = (evidence.observers, evidence.directVotes)
  (verdict.votes, verdict.excluded) = (evidence.votes, evidence.excluded)
  verdict.scenes = evidence.scenes.map { scene in
    let ends = scene.effect.interval(level: settings.confidenceLevel)
    return SceneEffect(
      scene: scene.scene, difference: scene.effect.value, low: ends.low, high: ends.high,
      votes: scene.votes, baselinePhotos: scene.baselinePhotos,
      candidatePhotos: scene.candidatePhotos)
  }
  verdict.scenesFor = verdict.scenes.count { $0.difference > 0 }
  verdict.scenesAgainst = verdict.scenes.count { $0.difference < 0 }
  guard let test = tests[index] else { return verdict }
  let finding = test.finding(
    adjustedP: corrected.p[index], adjustedEquivalenceP: corrected.equivalenceP[index],
    settings: settings)
  verdict.finding = finding
  verdict.heterogeneity = test.pooled.analysis.map { analysis in
    let ends = analysis.predictionInterval(level: settings.confidenceLevel)
    return Heterogeneity(
      tau: analysis.tau, share: analysis.heterogeneityShare, p: analysis.heterogeneityP,
      newSceneLow: ends.low, newSceneHigh: ends.high)
  }
  verdict.reason = reason(outcome, finding, isDecidable: test.isDecidable, settings: settings)
  let forecast = EvidenceForecast(evidence, test.pooled, settings: settings)
  verdict.power = forecast.power
  if outcome == .inconclusive { verdict.missing = forecast.missing }
  verdict.pivotalScene = pivotalScene(
    evidence, at: index, outcome: outcome, tests: tests, settings: settings)
  return verdict
}

private func shownOutcome(
  of index: Int, _ tests: [Tested?], _ corrected: CorrectedTests, _ settings: DecisionSettings
) -> Outcome {
  tests[index]?.outcome(
    adjustedP: corrected.p[index], adjustedEquivalenceP: corrected.equivalenceP[index],
    settings: settings) ?? .inconclusive
}

private func attributeGate(
  _ outcome: Outcome, _ test: Tested?, settings: DecisionSettings
) -> GateResult {
  switch (settings.gate, outcome) {
  case (_, .better): .pass
  case (_, .worse), (.better, .equivalent): .fail
  case (.noWorse, .equivalent): .pass
  case (.better, .inconclusive): .inconclusive
  case (.noWorse, .inconclusive):
    test.map { $0.isDecidable && $0.nonInferiorityP < settings.significance } == true
      ? .pass : .inconclusive
  }
}

/// The scene whose absence changes the outcome most, among at least four.
private func pivotalScene(
  _ evidence: AttributeEvidence, at index: Int, outcome: Outcome, tests: [Tested?],
  settings: DecisionSettings
) -> PivotalScene? {
  guard evidence.scenes.count > 3, let mean = tests[index]?.inference.value else { return nil }
  let order = evidence.scenes.indices.sorted {
    abs(evidence.scenes[$0].effect.value - mean) > abs(evidence.scenes[$1].effect.value - mean)
  }
  for scene in order {
    var others = tests
    others[index] = Tested(evidence.without(scene), settings: settings)
    let without = shownOutcome(of: index, others, CorrectedTests(others), settings)
    if without != outcome {
      return PivotalScene(scene: evidence.scenes[scene].scene, outcomeWithout: without)
    }
  }
  return nil
}
