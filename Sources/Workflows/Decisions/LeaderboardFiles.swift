public import Domain
public import Files
import Reporting

/// Where a leaderboard is written; nil for nowhere.
public struct LeaderboardFiles: Sendable, Hashable {
  /// One row a group, attribute and slice.
  public var csv: String?
  /// Everything, for programs.
  public var json: String?
  /// One self-contained page.
  public var report: String?
  /// The page's title.
  public var title = "Leaderboard"

  /// Writes nothing.
  public init() {}

  /// Writes what was asked for.
  ///
  /// - Parameters:
  ///   - leaderboard: what came out.
  ///   - provenance: what it depends on, kept beside every file.
  /// - Throws: `InputError` when a file can't be written.
  public func write(
    _ leaderboard: Leaderboard, provenance: Provenance
  ) throws(InputError) {
    if let csv { try Self.table(leaderboard).write(to: csv) }
    if let json { try AtomicFile.write(CanonicalJSON.document(leaderboard), to: json) }
    if let report {
      try AtomicFile.write(
        LeaderboardReport(leaderboard, title: title).html(), to: report)
    }
    for path in [csv, json, report].compactMap({ $0 }) { try provenance.write(beside: path) }
  }

  /// The rows of all boards.
  static func table(_ leaderboard: Leaderboard) -> CSVWriter {
    var table = CSVWriter(columns: [
      "attribute", "slice", "group", "score_jod", "low", "high", "rank_best", "rank_worst",
      "letters", "scenes", "photos", "votes", "few_scenes", "below_reference_jod", "below_low",
      "below_high", "below_scenes",
    ])
    for board in leaderboard.boards {
      for row in board.rows {
        let below = board.belowReferences.first { $0.group == row.group }
        table.append([
          board.attribute.text, board.slice ?? "", row.group, CSVWriter.text(row.score),
          CSVWriter.text(row.low), CSVWriter.text(row.high), "\(row.bestRank)",
          "\(row.worstRank)", row.letters, "\(row.scenes)", "\(row.photos)", "\(row.votes)",
          row.hasFewScenes ? "yes" : "no", CSVWriter.text(below?.difference),
          CSVWriter.text(below?.low), CSVWriter.text(below?.high),
          below.map { "\($0.scenes)" } ?? "",
        ])
      }
    }
    return table
  }
}

extension Leaderboard {
  /// The boards as a person reads them on a terminal.
  public var text: String { terminalText }
}
