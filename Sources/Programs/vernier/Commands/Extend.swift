import ArgumentParser
import ScalingWorkflow

/// Adds new photos to scaled scenes.
struct Extend: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Extend scenes by new photos: old and new votes together, the old scores' shift tested.",
    discussion: """
      A likelihood-ratio test checks whether the new votes contradict the old ones on the old \
      photos (other observers, screens or habits). CSV on standard output: \
      scene,attribute,image,before,after,shift,shift_sd. Give the votes of both files together to \
      `vernier scale`.
      """)

  @Option(help: "The votes so far.")
  var old: String
  @Option(help: "The new votes, on new and old photos.")
  var new: String
  @Option(help: "Warn below this p-value.")
  var alarm = 0.01

  func run() throws {
    let added = SceneExtensionTable(old: old, new: new, alarm: alarm)
    Messages.show(try added.table(observer: Screen().observer))
  }
}
