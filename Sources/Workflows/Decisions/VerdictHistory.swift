public import Domain
import Files

/// One look at one candidate, a line of a history file.
public struct HistoryEntry: Sendable, Hashable, Codable {
  /// What was compared with.
  public var baseline: String
  /// What was judged.
  public var candidate: String
  /// The whole outcome.
  public var outcome: Outcome
  /// The difference of every attribute that has one.
  public var attributes: [Difference]

  /// The difference of one attribute, in JOD.
  public struct Difference: Sendable, Hashable, Codable {
    /// The attribute.
    public var attribute: Attribute
    /// The difference.
    public var difference: Double
    /// The lower end of its interval.
    public var low: Double
    /// The upper end of its interval.
    public var high: Double
    /// Its standard error.
    public var standardError: Double
    /// The number of votes; 0 from scores.
    public var votes: Int

    private enum CodingKeys: String, CodingKey {
      case attribute
      case difference = "difference_jod"
      case low, high
      case standardError = "standard_error"
      case votes
    }
  }

  /// Takes what a verdict found.
  public init(_ verdict: Verdict) {
    (baseline, candidate, outcome) = (verdict.baseline, verdict.candidate, verdict.outcome)
    attributes = verdict.attributes.compactMap { found in
      found.finding.map {
        Difference(
          attribute: found.attribute, difference: $0.difference, low: $0.low, high: $0.high,
          standardError: $0.standardError, votes: found.votes)
      }
    }
  }
}

/// A file of looks, JSON Lines, the oldest first.
enum VerdictHistory {
  /// Reads a history; a file that isn't there yet is an empty one.
  static func read(_ path: String) throws(InputError) -> [HistoryEntry] {
    try JSONLines.readIfPresent(HistoryEntry.self, from: path)
  }

  /// The history with one more look; the same look again changes nothing.
  static func with(_ entries: [HistoryEntry], _ verdict: Verdict) -> [HistoryEntry] {
    let entry = HistoryEntry(verdict)
    return entries.contains(entry) ? entries : entries + [entry]
  }

  /// How often the two were looked at, this time included.
  static func looks(_ entries: [HistoryEntry], at verdict: Verdict) -> Int {
    with(entries, verdict).count {
      $0.baseline == verdict.baseline && $0.candidate == verdict.candidate
    }
  }

  static func write(_ entries: [HistoryEntry], to path: String) throws(InputError) {
    try JSONLines.write(entries, to: path)
  }
}
