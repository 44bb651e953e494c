import ArgumentParser
import ScalingWorkflow

/// Adds new photos to scaled scenes.
struct Extend: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Extend scenes by new photos, from old votes or from published scores alone; test the shift.",
    discussion: """
      --old: old and new votes are scaled together, and a likelihood-ratio test checks whether the \
      new votes contradict the old ones on the old photos (other observers, screens or habits). \
      Give the votes of both files together to `vernier scale`.
      --published: the votes of the old photos are not available. Their published positions and \
      errors are the prior, the new votes place the new photos on the published scale, in its unit \
      and with its origin; what one unit of PIQ23's z-scores is in JOD is estimated and printed. \
      The extended scores go to --out and work in `unify`, `cross-set` and `levels`. \
      `vernier next-pairs --published` chooses the pairs.
      CSV on standard output: scene,attribute,image,before,after,shift,shift_sd.
        vernier extend --old votes.csv --new new.csv
        vernier extend --published Scores_Details.csv --new new.csv --out extended
      """)

  @Option(help: "The votes so far.")
  var old: String?
  @Option(help: "Published scores instead of old votes, such as PIQ23's Scores_Details.csv.")
  var published: String?
  @Option(help: "The new votes, on new and old photos.")
  var new: String
  @Option(help: "With --published: the folder of the extended scores.")
  var out: String?
  @Option(help: "Warn below this p-value.")
  var alarm = 0.01

  func validate() throws {
    guard (old == nil) != (published == nil) else {
      throw ValidationError("Give either --old or --published.")
    }
    guard (published == nil) == (out == nil) else {
      throw ValidationError("--out goes with --published, and the other way round.")
    }
  }

  func run() throws {
    let screen = Screen()
    if let old {
      let added = SceneExtensionTable(old: old, new: new, alarm: alarm)
      Messages.show(try added.table(observer: screen.observer))
      return
    }
    let outcome = try ScalesFromPublished(published: published ?? "", votes: new, alarm: alarm)
      .run(to: out ?? "", observer: screen.observer)
    screen.end()
    Messages.show(outcome.shifts)
    Messages.say("Scores: \(outcome.path)")
    if outcome.failures > 0 { throw ExitCode.failure }
  }
}
