import ArgumentParser
import Comparison
import Domain
import Files
import Unification

/// Adds new photos to scaled scenes.
struct Extend: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract:
      "Extend scenes by new photos: old and new votes together, the old scores' shift tested.",
    discussion: """
      A likelihood-ratio test tells whether the new votes see the old photos differently (other observers, screens or \
      habits). CSV on standard output: scene,attribute,image,before,after,shift,shift_sd. The votes of both files together \
      go into `vernier scale`.
      """)

  @Option(help: "The votes so far.")
  var old: String
  @Option(help: "The new votes, on new and old photos.")
  var new: String
  @Option(help: "Warn below this p-value.")
  var alarm = 0.01

  func run() throws {
    let before = SceneJudgements.grouping(try VotesFile.read(old))
    var table = CSVWriter(columns: [
      "scene", "attribute", "image", "before", "after", "shift", "shift_sd",
    ])
    for added in SceneJudgements.grouping(try VotesFile.read(new)) {
      guard
        let scene = before.first(where: {
          $0.scene == added.scene && $0.attribute == added.attribute
        })
      else {
        throw InputError(
          "\(new), scene \(added.scene), \(added.attribute)", "it has no votes in \(old)",
          remedy: "scale new scenes with `vernier scale`")
      }
      let result = try extendScene(old: scene, by: added, alarm: alarm) { try Posterior.of($0) }
      for shift in result.shifts {
        table.append([
          added.scene.text, added.attribute.text, shift.photo.text, "\(shift.before.value)",
          "\(shift.after.value)", "\(shift.shift.value)", CSVWriter.text(shift.standardDeviation),
        ])
      }
      Messages.say(
        "\(added.scene), \(added.attribute): \(result.added.count) new photos; old photos moved by "
          + "\(result.rootMeanSquareShift) (root mean square), p = \(result.pValue)")
      for warning in result.warnings { Messages.say("Note: \(warning)") }
    }
    print(String(decoding: table.bytes, as: UTF8.self), terminator: "")
  }
}
