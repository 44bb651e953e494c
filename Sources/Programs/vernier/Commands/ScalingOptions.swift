import ArgumentParser
import Domain
import Scaling
import ScalingWorkflow

/// The options of every command that computes a scale from votes.
struct ScalingOptions: ParsableArguments {
  @Option(
    help: """
      Settings under one name; options beside it take precedence. piq23: the data set's protocol, \
      which is TrueSkill on pairs by ASAP's gain (next-pairs --criterion asap), 300 replicates with \
      plain percentiles, convention, rule and clusters of the data set, and no correction for the \
      choice of pairs.
      """)
  var preset: ScalingPreset?
  @Option(
    help: """
      The number of bootstrap replicates; with 0, intervals come from the observed information. \
      (default: 1000, and 0 for scenes of more than 2,000 photos or 2,000,000 votes)
      """)
  var bootstrap: Int?
  @Option(help: "Seed of the bootstrap: the same seed gives the same intervals.")
  var seed: UInt64 = 1
  @Option(help: "The model; thurstone is Case V. (default: thurstone)")
  var model: ScalingModel?
  @Option(
    help: """
      The prior: gaussian (5 JOD wide, the default), gaussian:SD in JOD, none (maximum \
      likelihood), pwcmp or pwcmp-repaired. A Gaussian prior that is given explicitly also places \
      photos that were never compared.
      """)
  var prior: ScalePrior?
  @Option(help: "How ties count; davidson requires bradley-terry.")
  var ties = TieRule.halfVotes
  @Option(
    help: """
      The observers: alike, or model, which estimates side biases, sensitivities and a lapse rate \
      together with the scale.
      """)
  var observers = ObserverRule.alike
  @Option(
    help: """
      The unit: jod (1 = seen by 75 %), or piq23 (the data set's z-scored unit). (default: jod)
      """)
  var convention: ScaleConvention?
  @Option(
    help: """
      The rule of the intervals: joint (from the joint estimates), or percentile (of the \
      replicates). (default: percentile with pwcmp's prior or convention piq23, else joint)
      """)
  var intervals: IntervalRule?
  @Option(
    help: """
      The number of quality levels: upper-limit (from the lowest score to the highest upper limit, \
      in median interval widths), range (from the lowest to the highest score), range+1, or a \
      number. (default: upper-limit)
      """)
  var rule: LevelRule?
  @Option(
    help: """
      The clusters: joint (statistically valid) or piq23 (as the data set's). (default: joint)
      """)
  var clusters: ClusterMode?
  @Option(
    help: """
      If earlier answers chose the pairs, the number of simulated repetitions of that choice, \
      which correct positions and intervals; 0 leaves both uncorrected. (default: 200)
      """)
  var replay: Int?
  @Option(
    help: "The criterion that chose the pairs, for votes without the columns criterion and batch.")
  var pairsChosenBy: PairCriterion?
  @Option(help: "With --pairs-chosen-by: the number of pairs chosen at a time.")
  var batchSize: Int?

  /// The settings of the scaling stage.
  func settings() throws -> ScalingSettings { try plan().settings }

  private func settings(of start: ScalingPlan) -> ScalingSettings {
    var settings = start.settings
    settings.seed = seed
    (settings.ties, settings.observers) = (ties, observers)
    settings.bootstraps = bootstrap ?? settings.bootstraps
    settings.replays = replay ?? settings.replays
    settings.model = model ?? settings.model
    settings.convention = convention ?? settings.convention
    settings.intervalRule = intervals ?? settings.intervalRule
    settings.prior = prior ?? settings.prior
    if case .gaussian = prior { settings.disconnected = .usePrior }
    return settings
  }

  /// The settings with levels and clusters.
  func plan() throws -> ScalingPlan {
    let start = preset?.plan(replicates: bootstrap) ?? ScalingPlan()
    return ScalingPlan(
      settings: settings(of: start), levels: rule ?? start.levels,
      clusters: clusters ?? start.clusters,
      choice: try pairsChosenBy.map {
        try StatedPairChoice(criterion: $0, batch: batchSize)
      }, asksForBootstraps: bootstrap != nil, preset: preset)
  }
}
