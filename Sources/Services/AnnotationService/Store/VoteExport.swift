import Domain
import Files
import Foundation

/// The forms in which a study's votes go out.
public enum VoteExportFormat: String, Hashable, Sendable, CaseIterable {
  /// A table: what `vernier scale` reads, and everything else that is known of a vote.
  case votes
  /// Every vote that was ever cast, practice, checks and voided ones included, one JSON object a
  /// line.
  case jsonl
  /// Battles of Chatbot Arena, as JSON.
  case arena
  /// Pair comparison as ITU-T P.910 has it: a row for each opinion of a subject.
  case p910

  /// The name of the file.
  public var fileName: String {
    switch self {
    case .votes: "votes.csv"
    case .jsonl: "votes.jsonl"
    case .arena: "arena.json"
    case .p910: "p910.csv"
    }
  }

  var mediaType: String {
    switch self {
    case .votes, .p910: "text/csv; charset=utf-8"
    case .jsonl: "application/x-ndjson"
    case .arena: "application/json"
    }
  }
}

extension AnnotationStudy {
  /// The votes as the text of a file.
  public func export(_ format: VoteExportFormat) throws -> String {
    switch format {
    case .votes: try votesCSV()
    case .jsonl: try votesJSONLines()
    case .arena: try ArenaFile.text(judgements())
    case .p910: try pairComparisons()
    }
  }

  /// Every column of every form, with its meaning: `file,column,meaning`.
  public func codebook() -> String {
    var table = CSVWriter(columns: ["file", "column", "meaning"])
    for column in VoteColumn.all {
      table.append([VoteExportFormat.votes.fileName, column.name, column.meaning])
    }
    for (format, columns) in Self.otherColumns {
      for (name, meaning) in columns { table.append([format.fileName, name, meaning]) }
    }
    return String(decoding: table.bytes, as: UTF8.self)
  }

  private static let otherColumns: [(VoteExportFormat, [(String, String)])] = [
    (
      .jsonl,
      [
        ("vote, lease, clientKey, session", "identifiers in the study"),
        ("observer, task, attribute", "who judged, where, and what"),
        ("kind", "active: the scale; repeat: again; golden: known answer; training: practice"),
        ("left, right, leftSHA256, rightSHA256", "the photos and the hashes of their regions"),
        ("choice", "left, right or tie"),
        ("criterion, batch", "what chose the pair, and the number of the plan"),
        ("responseMilliseconds", "from the painted pair to the answer"),
        ("view", "toggles, zooms, pans, scales and pixel ratio as the page sent them"),
        ("guidelines", "the version that was shown"),
        ("scale, isBelowScale", "the largest scale, and whether it is below the wanted one"),
        ("pixelsPerDegree, pixelRatio, station", "the screen, by the viewing check"),
        ("check", "what failed in the viewing check; absent without a check"),
        ("at", "milliseconds since 1970"),
        ("voided", "why the vote was taken back; absent for one that stands"),
        ("observerWithdrew, observerExcluded, setAside", "why a vote that stands does not count"),
      ]
    ),
    (
      .arena,
      [
        ("model_a, model_b", "the photos, left and right"),
        ("winner", "model_a, model_b or tie"), ("judge", "pseudonym of the observer"),
        ("scene, attribute", "where, and what was judged"),
      ]
    ),
    (
      .p910,
      [
        ("subject", "pseudonym of the observer"), ("src", "source: the scene"),
        ("attribute", "what was judged"),
        ("pvs_1, pvs_2", "processed sequences: the photos, left and right"),
        ("preference", "1: the first is preferred; 2: the second; 0: neither"),
        ("time_s", "time to the opinion in seconds"),
      ]
    ),
  ]

  /// Opinions on pairs: ITU-T P.910 (10/2023), pair comparison, keeps the order of presentation.
  private func pairComparisons() throws -> String {
    let preferences: [Choice: String] = [.a: "1", .b: "2", .tie: "0"]
    return Self.text(
      columns: ["subject", "src", "attribute", "pvs_1", "pvs_2", "preference", "time_s"],
      rows: try judgements().map { vote in
        [
          vote.observer.text, vote.scene.text, vote.attribute.text, vote.photoA.text,
          vote.photoB.text, preferences[vote.choice] ?? "0",
          vote.responseMilliseconds.map { "\($0 / 1000)" } ?? "",
        ]
      })
  }
}
