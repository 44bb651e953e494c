import ArgumentParser
import Scaling
import ScalingWorkflow

/// Separates quality levels from a score file alone.
struct Levels: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Recompute the quality levels of a score file from its intervals alone.",
    discussion: """
      k-means on the points (CI LOW, CI HIGH) of every scene and attribute (paper 1, section 4.2). \
      The output has one row per input row, in its order: SCENE, IMAGE, QUALITY LEVEL; level 0 is \
      the worst.
      """)

  @Option(help: "A score file in PIQ23's columns.")
  var scores: String
  @Option(help: "The CSV file to write.")
  var out: String
  @Option(help: "The rule for the number of levels: upper-limit, range, range+1 or a number.")
  var rule = LevelRule.upperLimit
  @Option(help: "Seed of k-means' starts.")
  var seed: UInt64 = 1

  func run() throws {
    try LevelsFromScores(scores: scores, rule: rule, seed: seed)
      .run(to: out, observer: Screen().observer)
  }
}
