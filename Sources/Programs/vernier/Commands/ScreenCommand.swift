import ArgumentParser
import ScalingWorkflow

/// Looks at every observer through the scale of the others.
struct ScreenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screen",
    abstract: "Flag observers who answer unlike the others; nothing is deleted.",
    discussion: """
      Likelihood distance, agreement, repeat agreement, side bias, lapses and implausibly fast \
      answers, each with its probability, and the effect on the scale of leaving the observer out. \
      CSV on standard output, flags as text on standard error.
      """)

  @Option(help: "The votes.")
  var votes: String
  @Option(help: "Flag observers beyond this likelihood distance, in interquartile ranges.")
  var distance = 1.5
  @Option(help: "An answer faster than this is implausible, in milliseconds.")
  var fast = 300.0

  func run() throws {
    let screening = ObserverScreeningTable(
      votes: votes, distance: distance, fastMilliseconds: fast)
    Messages.show(try screening.table(observer: Screen().observer))
  }
}
