import Decision
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
  ///   - pictures: the photos that the page shows.
  /// - Throws: `InputError` when a file can't be written.
  public func write(
    _ outcome: VerdictRun.Outcome, provenance: Provenance, pictures: ScenePictures.Result? = nil
  ) throws(InputError) {
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
        verdict,
        trend: changePoints(TrendRun.points(outcome.history, baseline: verdict.baseline)),
        nextPairs: pairs, pictures: pictures?.pictures ?? [], missingPictures: pictures?.missing)
      try AtomicFile.write(page.html(), to: report)
      try provenance.write(beside: report)
    }
    if let nextPairs, let pairs = outcome.nextPairs { try pairs.write(to: nextPairs) }
    if let history { try VerdictHistory.write(outcome.history, to: history) }
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
