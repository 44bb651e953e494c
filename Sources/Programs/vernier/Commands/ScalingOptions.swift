import ArgumentParser
import Domain
import Scaling
import ScalingWorkflow

/// The options of every command that computes a scale from votes.
struct ScalingOptions: ParsableArguments {
  @Option(
    help: """
      The number of bootstrap replicates; with 0, intervals come from the observed information.
      """)
  var bootstrap = 1000
  @Option(help: "Seed of the bootstrap: the same seed gives the same intervals.")
  var seed: UInt64 = 1
  @Option(help: "The model; thurstone is Case V.")
  var model = ScalingModel.thurstone
  @Option(
    help: """
      The prior: gaussian (5 JOD wide, the default), gaussian:SD in JOD, none (maximum \
      likelihood), pwcmp or pwcmp-repaired. A Gaussian prior that is given explicitly also places \
      photos that were never compared.
      """)
  var prior: ScalePrior?
  @Option(help: "How ties count; davidson requires bradley-terry.")
  var ties = TieRule.halfVotes
  @Option(help: "The unit: jod (1 = seen by 75 %), or piq23 (the data set's z-scored unit).")
  var convention = ScaleConvention.jod
  @Option(
    help: """
      The number of quality levels: upper-limit (from the lowest score to the highest upper limit, \
      in median interval widths), range (from the lowest to the highest score), range+1, or a \
      number.
      """)
  var rule = LevelRule.upperLimit
  @Option(help: "The clusters: joint (statistically valid) or piq23 (as the data set's).")
  var clusters = ClusterMode.standard
  @Option(
    help: """
      If earlier answers chose the pairs, the number of simulated repetitions of that choice, \
      which correct positions and intervals; 0 leaves both uncorrected.
      """)
  var replay = 200
  @Option(
    help: "The criterion that chose the pairs, for votes without the columns criterion and batch.")
  var pairsChosenBy: PairCriterion?
  @Option(help: "With --pairs-chosen-by: the number of pairs chosen at a time.")
  var batchSize: Int?

  /// The settings of the scaling stage.
  func settings() throws -> ScalingSettings {
    var settings = ScalingSettings()
    settings.bootstraps = bootstrap
    settings.seed = seed
    settings.replays = replay
    (settings.model, settings.ties, settings.convention) = (model, ties, convention)
    settings.prior = prior ?? .standard
    if case .gaussian = prior { settings.disconnected = .usePrior }
    return settings
  }

  /// The settings with levels and clusters.
  func plan() throws -> ScalingPlan {
    ScalingPlan(
      settings: try settings(), levels: rule, clusters: clusters,
      choice: try pairsChosenBy.map {
        try StatedPairChoice(criterion: $0, batch: batchSize)
      })
  }
}
