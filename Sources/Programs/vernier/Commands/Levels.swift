import ArgumentParser
import Scaling
import ScalingWorkflow

/// Separates quality levels and clusters from a score file alone.
struct Levels: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recompute the quality levels and clusters of a score file from its rows alone.",
    discussion: """
      Levels: k-means on the points (CI LOW, CI HIGH) of every scene and attribute (paper 1, section \
      4.2). Clusters: paired t-tests and Louvain inside each level (section 4.3), as far as scores \
      and standard deviations determine them. The output has one row per input row, in its order: \
      SCENE, IMAGE, QUALITY LEVEL, CLUSTER; level 0 is the worst, cluster -1 is a photo alone.
      """)

  @Option(help: "A score file in PIQ23's columns.")
  var scores: String
  @Option(help: "The CSV file to write.")
  var out: String
  @Option(help: "The rule for the number of levels: upper-limit, range, range+1 or a number.")
  var rule = LevelRule.upperLimit
  @Flag(help: "Find clusters inside the levels of the file instead of recomputed ones.")
  var keepLevels = false
  @Option(help: "Seed of k-means' starts.")
  var seed: UInt64 = 1

  func run() throws {
    try LevelsFromScores(scores: scores, rule: rule, keepsLevels: keepLevels, seed: seed)
      .run(to: out, observer: Screen().observer)
  }
}
