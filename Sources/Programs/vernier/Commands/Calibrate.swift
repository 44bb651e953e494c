import ArgumentParser
import Documents
import EvaluationWorkflow
import ModelLibrary

/// Calibrates the intervals of a model's scores.
struct Calibrate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Calibrate a model's intervals on validation photos, and measure their coverage.",
    discussion: """
      Conformal: an interval contains a new photo's measured quality with the stated probability. \
      --design says what the new photo has in common with the validation photos. scenes: it shows \
      a NEW scene; valid for any error distribution, but 95 % needs 19 validation scenes. \
      scene-effects: the same with few scenes, if scenes' errors are normal. photos: it shows one \
      of their scenes. Where scores have a column spread (their standard deviation over crops), \
      each interval starts from it. The table shows the coverage on the test part; do not trust a \
      calibration that fails there.
      """)

  @OptionGroup var options: EvaluationOptions
  @Option(help: "What a new photo has in common with the validation photos.")
  var design = CalibrationDesign.scenes
  @Option(help: "The probability that an interval contains the measured quality.")
  var level = 0.95
  @Option(help: "The calibration to write, as JSON.")
  var out: String
  @Option(help: "A CSV of all scores with their intervals to write: photo,scene,score,low,high.")
  var apply: String?

  func run() throws {
    let screen = Screen()
    let table = try CalibrationRun(options.plan(), level: level, design: design)
      .run(to: out, applied: apply, observer: screen.observer)
    screen.end()
    print(table.terminalText(), terminator: "")
  }
}
