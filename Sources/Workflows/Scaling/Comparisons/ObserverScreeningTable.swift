import Comparison
public import Domain
public import Files

/// Compares every observer with the scale of the others; deletes nothing.
public struct ObserverScreeningTable: Sendable {
  private let votes: String
  private let distance: Double
  private let fastMilliseconds: Double

  /// Plans a screening.
  ///
  /// - Parameters:
  ///   - votes: the path of the votes.
  ///   - distance: flag from this likelihood distance on, in interquartile ranges.
  ///   - fastMilliseconds: an answer faster than this is implausible.
  public init(votes: String, distance: Double, fastMilliseconds: Double) {
    (self.votes, self.distance, self.fastMilliseconds) = (votes, distance, fastMilliseconds)
  }

  /// Screens every observer.
  ///
  /// - Parameter watcher: receives each flag as text.
  /// - Returns: one row per observer.
  /// - Throws: an error when the votes can't be read or are too few.
  public func table(observer watcher: WorkflowObserver = .silent) throws -> CSVWriter {
    let screening = try screenObservers(
      SceneVotes.read(votes, observer: watcher),
      limits: ScreeningLimits(distance: distance, fastMilliseconds: fastMilliseconds)
    ) { try SceneVotes.posterior($0) }
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
      for flag in row.flags { watcher.message("\(found.observer): \(flag.sentence)") }
    }
    return table
  }
}
