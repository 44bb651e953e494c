import ArgumentParser
import Documents
import Domain
import ScalingWorkflow

/// Forecasts the votes and observers that a wanted precision takes.
struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Forecast the votes and observers that reach a wanted interval width.",
    discussion: """
      With --votes, the forecast is for a running study, scene by scene; without, for a study of \
      --photos photos whose qualities are spread evenly over --range JOD. The width is the median \
      width of the 95 % intervals.
      """)

  @Option(help: "The wanted median interval width, in JOD.")
  var width: Double
  @Option(help: "The votes so far.")
  var votes: String?
  @Option(help: "The number of photos of a planned study.")
  var photos: Int?
  @Option(help: "The expected distance from the worst to the best photo, in JOD.")
  var range = 4.0
  @Option(help: "The number of votes of one observer.")
  var votesPerObserver = 150
  @OptionGroup var options: ScalingOptions

  func run() throws {
    let forecasts = StudyForecasts(width: width, settings: try options.settings())
    if let votes {
      print(
        try forecasts.running(votes: votes, observer: Screen().observer).terminalText())
    } else if let photos {
      print(
        try forecasts.planned(photos: photos, range: range, votesPerObserver: votesPerObserver)
          .terminalText())
    } else {
      throw InputError("plan", "there is no study", remedy: "give --votes, or --photos")
    }
  }
}
