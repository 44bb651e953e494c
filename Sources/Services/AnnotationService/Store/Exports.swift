public import Domain
import Files
import Foundation
import GRDB
import Studies

extension AnnotationStudy {
  /// The votes that count, as judgements: the input of scaling.
  public func judgements() throws -> [Judgement] {
    try voteRecords().map(\.judgement)
  }

  /// The votes that count as text of `votes.csv`, each with everything that is known of it.
  public func votesCSV() throws -> String {
    let columns = VoteColumn.all
    return Self.text(
      columns: columns.map(\.name),
      rows: try voteRecords().map { record in columns.map { $0.value(record) } })
  }

  /// The live scale in the data set's columns.
  ///
  /// Levels and clusters are the finished study's business and stay empty here.
  public func scoresCSV() throws -> String {
    let rows = try pool.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT s.*, i.photo, i.scene AS photo_scene, i.condition, t.name, t.attribute,
            (SELECT count(DISTINCT o.scene) FROM annotation_task o
              WHERE o.scene < i.scene) AS scene_index
          FROM annotation_score s JOIN annotation_image i ON i.id = s.image
          JOIN annotation_task t ON t.id = s.task WHERE i.state = 'active'
          ORDER BY t.attribute, t.name, i.photo
          """
      ).map { row in
        let attribute = Attribute(row["attribute"]).title
        let photo: String = row["photo"]
        let low: Double = row["low"]
        let high: Double = row["high"]
        return [
          "\(attribute)\\\(photo)", "\(row["mu"] as Double)", "\(row["sigma"] as Double)",
          "\(low)", "\(high)", "\(high - low)", "", "", "\(row["comparisons"] as Int)", photo,
          row["name"] as String, attribute, "\(row["scene_index"] as Int)",
          row["condition"] as String? ?? "",
        ]
      }
    }
    return Self.text(columns: ScoresFile.columns, rows: rows)
  }

  /// Rows as the text of a CSV file.
  static func text(columns: [String], rows: [[String]]) -> String {
    var table = CSVWriter(columns: columns)
    for row in rows { table.append(row.map(inert)) }
    return String(decoding: table.bytes, as: UTF8.self)
  }

  /// A field that no spreadsheet takes for a formula, since names come from outside; numbers stay
  /// numbers.
  ///
  /// Source: OWASP, CSV Injection.
  static func inert(_ field: String) -> String {
    guard let first = field.unicodeScalars.first, "=+-@\t\r".unicodeScalars.contains(first),
      Double(field) == nil
    else { return field }
    return "'" + field
  }

  /// One line of the raw export.
  private struct RawVote: Encodable {
    var vote: Int64
    var lease: String
    var clientKey: String
    var observer: String
    var task: String
    var attribute: String
    var kind: LeaseKind
    var left: String
    var right: String
    var leftSHA256: String
    var rightSHA256: String
    var choice: VoteChoice
    var criterion: String?
    var batch: Int?
    var responseMilliseconds: Int?
    var view: String?
    var guidelines: String?
    var scale: Double?
    var isBelowScale: Bool?
    var pixelsPerDegree: Double?
    var pixelRatio: Double?
    var station: String?
    var check: [String]?
    var at: Int64
    var session: String
    var voided: String?
    var observerWithdrew: Bool
    var observerExcluded: Bool
    var setAside: Bool
  }

  /// Every vote that was ever cast on photos still in the study, training and voided ones included,
  /// a JSON object a line.
  public func votesJSONLines() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var text = ""
    try pool.read { db in
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT v.*, l.kind, l.left_is_low, l.session, l.criterion, l.batch, o.pseudonym,
            o.withdrawn_at, o.excluded_at, s.calibration, y.task IS NOT NULL AS aside, t.name,
            t.attribute, a.photo AS low_photo, b.photo AS high_photo, ra.sha256 AS low_sha,
            rb.sha256 AS high_sha, x.reason
          FROM annotation_vote v JOIN annotation_lease l ON l.id = v.lease
          JOIN annotation_observer o ON o.id = l.observer
          JOIN annotation_task t ON t.id = l.task JOIN annotation_session s ON s.id = l.session
          JOIN annotation_image a ON a.id = l.low AND a.state = 'active'
          JOIN annotation_image b ON b.id = l.high AND b.state = 'active'
          LEFT JOIN annotation_pair_aside y ON y.task = l.task AND y.low = l.low AND y.high = l.high
          JOIN annotation_roi ra ON ra.image = l.low AND ra.attribute = t.attribute
          JOIN annotation_roi rb ON rb.image = l.high AND rb.attribute = t.attribute
          LEFT JOIN annotation_vote_void x ON x.vote = v.id ORDER BY v.id
          """)
      while let row = try rows.next() {
        let leftIsLow: Bool = row["left_is_low"]
        let (left, right) = leftIsLow ? ("low", "high") : ("high", "low")
        let withdrawn: Int64? = row["withdrawn_at"]
        let excluded: Int64? = row["excluded_at"]
        let calibration: String? = row["calibration"]
        let raw = RawVote(
          vote: row["id"], lease: row["lease"], clientKey: row["client_key"],
          observer: row["pseudonym"], task: row["name"], attribute: row["attribute"],
          kind: row["kind"], left: row["\(left)_photo"], right: row["\(right)_photo"],
          leftSHA256: row["\(left)_sha"], rightSHA256: row["\(right)_sha"],
          choice: row["choice"], criterion: row["criterion"], batch: row["batch"],
          responseMilliseconds: row["response_ms"], view: row["view"],
          guidelines: row["guidelines"], scale: row["scale"], isBelowScale: row["below_scale"],
          pixelsPerDegree: row["pixels_per_degree"], pixelRatio: row["pixel_ratio"],
          station: row["station"], check: calibration.flatMap(ViewingCheck.stored)?.failures,
          at: row["at"], session: row["session"], voided: row["reason"],
          observerWithdrew: withdrawn != nil, observerExcluded: excluded != nil,
          setAside: row["aside"])
        text += String(decoding: try encoder.encode(raw), as: UTF8.self) + "\n"
      }
    }
    return text
  }
}
