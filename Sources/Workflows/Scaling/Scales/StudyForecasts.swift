public import Documents
public import Domain
public import Scaling

/// Forecasts the votes and observers that reach a wanted interval width.
public struct StudyForecasts: Sendable {
  private let width: Double
  private let settings: ScalingSettings

  /// Plans forecasts.
  ///
  /// - Parameters:
  ///   - width: the wanted median width of the 95 % intervals, in JOD.
  ///   - settings: how votes become scales.
  public init(width: Double, settings: ScalingSettings) {
    (self.width, self.settings) = (width, settings)
  }

  /// What a running study still needs, scene by scene.
  ///
  /// - Parameters:
  ///   - votes: the path of the votes so far.
  ///   - observer: hears remarks on the file.
  /// - Returns: a row for each scene.
  /// - Throws: an error when the votes can't be read or a scene not be scaled.
  public func running(
    votes: String, observer: WorkflowObserver = .silent
  ) throws -> TextTable {
    var rows: [[String]] = []
    let plan = ScalingPlan(settings: settings)
    for scene in try SceneVotes.read(votes, observer: observer) {
      let scaled = try scaleScene(
        scene, settings: settings, simulation: plan.simulation(of: scene))
      let forecast = try forecastStudy(scene, scaled: scaled, target: JOD(width))
      rows.append(Self.row("\(scene.scene), \(scene.attribute)", forecast))
    }
    return table(rows)
  }

  /// What a study to come needs.
  ///
  /// - Parameters:
  ///   - photos: the number of photos.
  ///   - range: the expected distance from the worst to the best photo, in JOD.
  ///   - votesPerObserver: how often one observer votes.
  /// - Returns: one row about the study.
  /// - Throws: `InputError` for numbers that make no study.
  public func planned(photos: Int, range: Double, votesPerObserver: Int) throws -> TextTable {
    let forecast = try planStudy(
      photos: photos, range: JOD(range), votesPerObserver: votesPerObserver, target: JOD(width),
      settings: settings)
    return table([Self.row("\(photos) photos over \(range) JOD", forecast)])
  }

  private func table(_ rows: [[String]]) -> TextTable {
    TextTable(
      caption: "Median 95 % interval \(width) JOD wide.",
      columns: [
        "Study", "Votes", "Width now", "Votes needed", "left", "Observers needed", "left",
        "Reached",
      ], rows: rows)
  }

  private static func row(_ name: String, _ forecast: StudyForecast) -> [String] {
    [
      name, "\(forecast.votes)", NumberFormat.fixed(forecast.width?.value, 2),
      "\(forecast.votesNeeded)", "\(forecast.votesLeft)", "\(forecast.observersNeeded)",
      "\(forecast.observersLeft)", forecast.isReached ? "yes" : "no",
    ]
  }
}
