import Documents
public import Domain
public import Files
import Scaling
import Statistics

/// Extends published scales, whose votes are not available, by new photos and votes.
public struct ScalesFromPublished: Sendable {
  private let published: String
  private let votes: String
  private let settings: ScalingSettings
  private let alarm: Double

  /// Plans an extension.
  ///
  /// - Parameters:
  ///   - published: The score file, such as the data set's `Scores_Details.csv`; with
  ///     `Covariances_Details.jsonl` beside it, errors that photos have in common are used.
  ///   - votes: The votes on new and published photos.
  ///   - plan: The prior, the ties and the level of the intervals.
  ///   - alarm: The p-value below which the published photos' shift is warned of.
  public init(
    published: String, votes: String, plan: ScalingPlan = ScalingPlan(), alarm: Double = 0.01
  ) {
    (self.published, self.votes, self.alarm) = (published, votes, alarm)
    settings = plan.settings
  }

  /// What was extended.
  public struct Outcome: Sendable {
    /// The score file that was written.
    public let path: String
    /// `scene,attribute,image,before,after,shift,shift_sd` of every published photo of an extended
    /// scene.
    public let shifts: CSVWriter
    /// The number of scenes that could not be extended.
    public let failures: Int
  }

  /// Writes the extended scores and their covariances; scenes without new votes stay as they are.
  ///
  /// - Parameters:
  ///   - folder: Where the files go.
  ///   - observer: Receives the test of every scene, warnings, and scenes that can't be extended.
  /// - Returns: The file, and how the published photos moved.
  /// - Throws: `InputError` when a file can't be read or written, or no scene can be extended.
  public func run(
    to folder: String, observer: WorkflowObserver = .silent
  ) throws -> Outcome {
    let scores = try PublishedScores(published)
    let old = scores.scales
    guard let attribute = old.first?.attribute, old.allSatisfy({ $0.attribute == attribute }) else {
      throw InputError(
        published, "it mixes attributes", remedy: "extend the file of one attribute at a time")
    }
    let scenes = try VotesFile.scenes(votes, observer: observer)
      .filter { $0.attribute == attribute }
    guard !scenes.isEmpty else {
      throw InputError(
        votes, "it has no votes on \(attribute)", remedy: "give votes on the published attribute")
    }
    var shifts = ShiftTable()
    var extended: [SceneID: AnchoredScale] = [:]
    var failures = 0
    for (index, scene) in scenes.enumerated() {
      let found = observer.attempt("\(votes), scene \(scene.scene), \(scene.attribute)") {
        guard let own = old.first(where: { $0.scene == scene.scene }) else {
          throw InputError(
            "\(votes), scene \(scene.scene), \(scene.attribute)",
            "it has no published scores in \(published)",
            remedy: "scale new scenes with `vernier scale`")
        }
        return try scaleAnchored(
          scores.published(own), votes: scene, settings: settings, alarm: alarm)
      }
      if let found {
        extended[scene.scene] = found
        report(found, scene, observer)
        for shift in found.shifts {
          shifts.append(
            scene, shift.photo, before: shift.before, after: shift.after,
            deviation: shift.standardDeviation)
        }
      } else {
        failures += 1
      }
      observer.progress("extending scenes", index + 1, of: scenes.count)
    }
    guard !extended.isEmpty else {
      throw InputError(
        votes, "no scene of \(published) can be extended", remedy: "see the lines above")
    }
    let path = "\(folder)/Scores_\(attribute.title).csv"
    let provenance = Provenance(
      command: ["extend"], seed: nil,
      settings: [
        "from": "published scores and votes",
        "extended": .text(extended.keys.sorted().map(\.text).joined(separator: ", ")),
      ], inputs: try Provenance.digests(of: [published, votes]))
    try ScoresFile.write(
      old.map { extended[$0.scene]?.scale ?? $0 }, to: path, provenance: provenance)
    try CovariancesFile.write(
      old.compactMap { scale in
        guard let found = extended[scale.scene] else { return scores.covariances[scale.scene] }
        return ScoreCovariance(found.scale, covariance: found.estimates.covariance)
      }, beside: path)
    return Outcome(path: path, shifts: shifts.writer, failures: failures)
  }

  private func report(
    _ found: AnchoredScale, _ scene: SceneJudgements, _ observer: WorkflowObserver
  ) {
    let unit = found.scale.convention == .jod ? "JOD" : "units"
    var text =
      "\(scene.scene), \(scene.attribute): \(found.added.count) new photos; published photos moved "
      + "by \(NumberFormat.short(found.rootMeanSquareShift)) \(unit) (root mean square), p = "
      + NumberFormat.fixed(found.pValue, 3)
    if found.scale.convention != .jod {
      let interval = found.jodPerUnitInterval
      text +=
        "; one unit is \(NumberFormat.short(found.jodPerUnit)) JOD "
        + "[\(NumberFormat.short(interval.low)), \(NumberFormat.short(interval.high))]"
    }
    observer.message(text)
    for warning in found.warnings { observer.note(warning) }
    let chosen = scene.votes.count { $0.origin?.criterion.isAdaptive ?? false }
    if chosen > 0 {
      observer.note(
        "\(scene.scene): earlier answers chose \(chosen) of \(scene.votes.count) pairs, which these "
          + "intervals do not allow for.")
    }
  }
}
