import Documents
public import Domain
public import Files
import Reporting

/// Where a verdict is written; nil for nowhere.
public struct VerdictFiles: Sendable, Hashable {
  /// Everything, for programs.
  public var json: String?
  /// Tests for continuous integration.
  public var junit: String?
  /// Text for a merge request.
  public var markdown: String?
  /// One self-contained page.
  public var report: String?
  /// The pairs to be asked next, as `vernier next-pairs` prints them.
  public var nextPairs: String?
  /// The history to be continued.
  public var history: String?

  /// Writes nothing.
  public init() {}

  /// Writes what was asked for.
  ///
  /// - Parameters:
  ///   - outcome: what came out.
  ///   - provenance: what it depends on, kept beside the JSON and the page.
  /// - Throws: `InputError` when a file can't be written.
  public func write(_ outcome: VerdictRun.Outcome, provenance: Provenance) throws(InputError) {
    let verdict = outcome.verdict
    if let json {
      try AtomicFile.write(CanonicalJSON.document(verdict), to: json)
      try provenance.write(beside: json)
    }
    if let junit { try AtomicFile.write(verdict.junit.xml(), to: junit) }
    if let markdown { try AtomicFile.write(verdict.markdown, to: markdown) }
    if let report {
      let pairs = nextPairs == nil ? 0 : outcome.nextPairCount
      let page = VerdictReport(
        verdict, trend: Self.trend(outcome.history, baseline: verdict.baseline), nextPairs: pairs)
      try AtomicFile.write(page.html(), to: report)
      try provenance.write(beside: report)
    }
    if let nextPairs, let pairs = outcome.nextPairs { try pairs.write(to: nextPairs) }
    if let history { try VerdictHistory.write(outcome.history, to: history) }
  }

  /// The latest look at every candidate, in the order in which they first came, with the steps that are shown.
  static func trend(_ history: [HistoryEntry], baseline: String) -> [VerdictReport.Past] {
    let own = history.filter { $0.baseline == baseline }
    var latest: [String: HistoryEntry] = [:]
    var order: [String] = []
    for entry in own where latest.updateValue(entry, forKey: entry.candidate) == nil {
      order.append(entry.candidate)
    }
    var before: [Attribute: HistoryEntry.Difference] = [:]
    return order.flatMap { candidate in
      (latest[candidate]?.attributes ?? []).map { found in
        let step = before.updateValue(found, forKey: found.attribute).map { $0.isStep(to: found) }
        return VerdictReport.Past(
          candidate: candidate, attribute: found.attribute, difference: found.difference,
          low: found.low, high: found.high, isChange: step ?? false)
      }
    }
  }
}

extension HistoryEntry.Difference {
  /// Whether the next candidate stands elsewhere: the distance exceeds 1.96 standard errors of both.
  ///
  /// The two share the baseline, so that the error of their distance is smaller than that of independent differences.
  fileprivate func isStep(to next: Self) -> Bool {
    let variance = standardError * standardError + next.standardError * next.standardError
    return abs(next.difference - difference) > 1.96 * variance.squareRoot()
  }
}

extension VerdictRun.Outcome {
  /// The verdict as a person reads it on a terminal.
  public var terminalText: String { verdict.terminalText }
  /// The verdict as annotations of GitHub's actions, a line each.
  public var annotations: [String] { verdict.annotations }
  /// The verdict for a merge request.
  public var markdown: String { verdict.markdown }
}
