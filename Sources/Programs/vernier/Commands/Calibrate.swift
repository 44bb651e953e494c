import ArgumentParser
import Documents
import Domain
import Evaluation
import EvaluationWorkflow
import Files
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
    guard (0.5..<1).contains(level) else {
      throw InputError("--level", "\(level) is out of range", remedy: "give 0.5 to 0.999")
    }
    let sources = try options.sources()
    guard sources.count == 1, options.scale.count < 2 else {
      throw InputError("calibrate", "it takes one model and one scale", remedy: "give one of each")
    }
    guard options.split != nil || sources[0].isRun else {
      throw InputError(
        "--split", "the validation photos are not known",
        remedy: "give --split, or a run with --run")
    }
    func samples(_ part: SplitPart) throws -> (rows: [CalibrationSample], photos: [ScenePhoto]) {
      var options = options
      options.part = part
      let set = try options.sets(sources)[0]
      guard
        let found = try set.match(
          sources[0], isOnlyScale: true, skipsMissing: options.skipMissing), found.model.hasUnit
      else {
        throw InputError(
          sources[0].path, "its scores have another unit than the scale",
          remedy: "calibrate a model that was trained on this scale")
      }
      return CalibrationSample.of(found)
    }
    let calibration = try IntervalCalibration(samples(.valid).rows, level: level, design: design)
    let test = try samples(.test)
    let table = CoverageTable.table(
      calibration, valid: try samples(.valid).rows, test: test.rows, level: level)
    print(table.terminalText(), terminator: "")
    try AtomicFile.write(CanonicalJSON.document(calibration), to: out)
    try options.provenance("calibrate").write(beside: out)
    Messages.say("Calibration: \(out)")
    guard let apply else { return }
    try CoverageTable.write(calibration, test.rows, test.photos, to: apply)
    Messages.say("Scores with intervals: \(apply)")
  }
}
