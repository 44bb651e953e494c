import ArgumentParser
import Comparison
import Domain
import Files

/// Looks at every observer through the scale of the others.
struct Screen: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Flag observers who answer unlike the others; deletes nothing.",
    discussion: """
      Likelihood distance, agreement, repeat agreement, side bias, lapses and implausibly fast answers, each with its \
      probability, and the effect on the scale of leaving the observer out. CSV on standard output, flags in words on \
      standard error.
      """)

  @Option(help: "The votes.")
  var votes: String
  @Option(help: "Flag from this likelihood distance on, in quartile ranges.")
  var distance = 1.5
  @Option(help: "An answer faster than this is implausible, in milliseconds.")
  var fast = 300.0

  func run() throws {
    let scenes = try SceneChoice.scenes(votes, only: nil)
    let screening = try screenObservers(
      scenes, limits: ScreeningLimits(distance: distance, fastMilliseconds: fast)
    ) { try Posterior.of($0) }
    var table = CSVWriter(columns: [
      "observer", "judgements", "log10_likelihood", "distance", "agreement", "expected_agreement",
      "agreement_p", "repeat_agreement", "side_a", "side_a_p", "lapse_rate", "lapse_p", "median_ms",
      "fast_share", "flags", "rms_shift_jod", "largest_shift_jod", "spearman_without",
    ])
    for row in screening.observers {
      let found = row.statistics
      table.append([
        found.observer.text, "\(found.judgements)", CSVWriter.text(found.logLikelihood),
        CSVWriter.text(found.distance), CSVWriter.text(found.agreement.found),
        CSVWriter.text(found.agreement.expected), CSVWriter.text(found.agreement.pValue),
        CSVWriter.text(found.repeatAgreement?.found), CSVWriter.text(found.sideA.found),
        CSVWriter.text(found.sideA.pValue), CSVWriter.text(found.lapseRate),
        CSVWriter.text(found.lapsePValue), CSVWriter.text(found.medianMilliseconds),
        CSVWriter.text(found.fastShare), row.flags.map(\.concern.rawValue).joined(separator: " "),
        CSVWriter.text(row.effect.rootMeanSquareShift.value),
        CSVWriter.text(row.effect.largestShift.value), CSVWriter.text(row.effect.spearman),
      ])
      for flag in row.flags { Messages.say("\(found.observer): \(flag.sentence)") }
    }
    print(String(decoding: table.bytes, as: UTF8.self), terminator: "")
  }
}
