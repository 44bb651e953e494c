import Comparison
public import Domain
public import Scaling

/// How the pairs of votes were chosen, stated by hand for votes that do not say it themselves.
public struct StatedPairChoice: Hashable, Sendable {
  /// What chose the pairs.
  public let criterion: PairCriterion
  /// How many pairs were chosen at a time.
  public let batch: Int

  /// States a choice.
  ///
  /// - Throws: `InputError` for a batch below 1.
  public init(criterion: PairCriterion, batch: Int?) throws(InputError) {
    guard let batch, batch > 0 else {
      throw InputError(
        Setting("batchSize"), "the size of the batches is missing",
        remedy: "say how many pairs were chosen at a time, such as the batch given to next-pairs")
    }
    (self.criterion, self.batch) = (criterion, batch)
  }
}

extension ScalingPlan {
  /// The choice of pairs of a scene's votes, to be run again on simulated answers.
  ///
  /// - Returns: nil where the pairs were chosen beforehand, or the votes do not say.
  public func simulation(of judgements: SceneJudgements) -> StudySimulation? {
    guard let choice else { return PairReplay(judgements)?.simulation }
    return choice.criterion.isAdaptive
      ? PairReplay(judgements, criterion: choice.criterion, batch: choice.batch).simulation : nil
  }

  /// Scales a scene as planned, corrected for its choice of pairs.
  ///
  /// - Throws: what ``scaleScene(_:settings:simulation:progress:)`` throws.
  public func scaled(_ judgements: SceneJudgements) throws -> ScaledScene {
    try scaleScene(judgements, settings: settings, simulation: simulation(of: judgements))
  }

  /// A remark on votes that look as if earlier answers had chosen their pairs and do not say so;
  /// nil for others.
  ///
  /// - Parameters:
  ///   - judgements: The votes.
  ///   - positions: The positions that they give.
  ///   - taken: What the scale took the choice of pairs for.
  /// - Returns: The remark.
  func remark(
    _ judgements: SceneJudgements, positions: [Double], taken: PairChoice
  ) -> String? {
    guard choice == nil, taken == .beforehand,
      judgements.votes.contains(where: { $0.origin == nil }),
      let diagnosis = DesignDiagnosis(judgements, positions: positions),
      diagnosis.looksAdaptive
    else { return nil }
    let percent = Int((100 * (1 - diagnosis.closeness)).rounded())
    return "The pairs look chosen by earlier answers (\(percent) % closer on the scale than "
      + "unrelated pairs), and the votes do not say so: positions may be stretched and intervals too "
      + "narrow. Add the columns criterion and batch of `vernier next-pairs` to the votes, or give "
      + "\(Setting("pairsChosenBy")) and \(Setting("batchSize"))."
  }
}
