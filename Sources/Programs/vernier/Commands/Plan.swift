import ArgumentParser
import Documents
import Domain
import Files
import Scaling

/// Forecasts the votes and observers that a wanted precision takes.
struct Plan: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Forecast the votes and observers that reach a wanted interval width.",
    discussion: """
      With --votes, what a running study still needs, scene by scene. Without, a study of --photos photos whose qualities \
      spread evenly over --range JOD. The width is the median width of the 95 % intervals.
      """)

  @Option(help: "The wanted median interval width, in JOD.")
  var width: Double
  @Option(help: "The votes so far.")
  var votes: String?
  @Option(help: "The number of photos of a study to come.")
  var photos: Int?
  @Option(help: "The expected distance from the worst to the best photo, in JOD.")
  var range = 4.0
  @Option(help: "How often one observer votes.")
  var votesPerObserver = 150
  @OptionGroup var options: ScalingOptions

  func run() throws {
    let settings = try options.settings()
    var rows: [[String]] = []
    if let votes {
      for scene in try SceneChoice.scenes(votes, only: nil) {
        let forecast = try forecastStudy(
          scene, scaled: scaleScene(scene, settings: settings), target: JOD(width))
        rows.append(Self.row("\(scene.scene), \(scene.attribute)", forecast))
      }
    } else if let photos {
      let forecast = try planStudy(
        photos: photos, range: JOD(range), votesPerObserver: votesPerObserver, target: JOD(width),
        settings: settings)
      rows.append(Self.row("\(photos) photos over \(range) JOD", forecast))
    } else {
      throw InputError("plan", "there is no study", remedy: "give --votes, or --photos")
    }
    print(
      TextTable(
        caption: "Median 95 % interval \(width) JOD wide.",
        columns: [
          "Study", "Votes", "Width now", "Votes needed", "left", "Observers needed", "left",
          "Reached",
        ], rows: rows
      ).terminalText())
  }

  private static func row(_ name: String, _ forecast: StudyForecast) -> [String] {
    [
      name, "\(forecast.votes)", NumberFormat.fixed(forecast.width?.value, 2),
      "\(forecast.votesNeeded)", "\(forecast.votesLeft)", "\(forecast.observersNeeded)",
      "\(forecast.observersLeft)", forecast.isReached ? "yes" : "no",
    ]
  }
}
