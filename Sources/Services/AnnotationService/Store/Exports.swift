public import Domain
import Files
import Foundation
import GRDB
import Studies

extension AnnotationStudy {
  /// The votes that count, as judgements: the input of scaling.
  public func judgements() throws -> [Judgement] {
    try pool.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT o.pseudonym, t.name, t.scene, t.attribute, a.photo AS low_photo,
            b.photo AS high_photo, a.scene AS low_scene, b.scene AS high_scene, l.left_is_low,
            v.choice, v.response_ms, l.criterion, l.batch
          \(Self.countedVotes.replacingOccurrences(
            of: "WHERE", with: "JOIN annotation_task t ON t.id = l.task WHERE")) ORDER BY v.id
          """
      ).map { row in
        let leftIsLow: Bool = row["left_is_low"]
        let scene: String? = row["scene"]
        // Photos of a cross-scene set carry their scene: names may be the same in two scenes.
        func photo(_ side: String) -> PhotoID {
          let name: String = row["\(side)_photo"]
          let owner: String = row["\(side)_scene"]
          return PhotoID(scene == nil ? "\(owner)/\(name)" : name)
        }
        let choice: VoteChoice = row["choice"]
        return Judgement(
          observer: ObserverID(row["pseudonym"]), scene: SceneID(row["name"]),
          attribute: Attribute(row["attribute"]), photoA: photo(leftIsLow ? "low" : "high"),
          photoB: photo(leftIsLow ? "high" : "low"),
          choice: choice.choice, responseMilliseconds: row["response_ms"],
          origin: Self.origin(of: row))
      }
    }
  }

  /// The votes that count as text of `votes.csv`, each with how its pair was chosen.
  public func votesCSV() throws -> String {
    let rows = try judgements().map { vote in
      [
        vote.observer.text, vote.scene.text, vote.attribute.text, vote.photoA.text,
        vote.photoB.text, vote.choice.rawValue,
        vote.responseMilliseconds.map { "\(Int($0))" } ?? "",
        vote.origin?.criterion.rawValue ?? "", vote.origin.map { "\($0.batch)" } ?? "",
      ]
    }
    return Self.text(
      columns: [
        "observer", "scene", "attribute", "image_a", "image_b", "choice", "response_ms",
        "criterion", "batch",
      ], rows: rows)
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
  private static func text(columns: [String], rows: [[String]]) -> String {
    var table = CSVWriter(columns: columns)
    for row in rows { table.append(row.map(inert)) }
    return String(decoding: table.bytes, as: UTF8.self)
  }

  /// A field that no spreadsheet takes for a formula, since names come from outside; numbers stay
  /// numbers.
  ///
  /// Source: OWASP, CSV Injection.
  private static func inert(_ field: String) -> String {
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
    var at: Int64
    var session: String
    var voided: String?
    var observerWithdrew: Bool
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
          SELECT v.*, l.kind, l.left_is_low, l.session, l.criterion, l.batch, o.pseudonym, o.withdrawn_at, t.name,
            t.attribute, a.photo AS low_photo, b.photo AS high_photo, ra.sha256 AS low_sha,
            rb.sha256 AS high_sha, x.reason
          FROM annotation_vote v JOIN annotation_lease l ON l.id = v.lease
          JOIN annotation_observer o ON o.id = l.observer
          JOIN annotation_task t ON t.id = l.task
          JOIN annotation_image a ON a.id = l.low AND a.state = 'active'
          JOIN annotation_image b ON b.id = l.high AND b.state = 'active'
          JOIN annotation_roi ra ON ra.image = l.low AND ra.attribute = t.attribute
          JOIN annotation_roi rb ON rb.image = l.high AND rb.attribute = t.attribute
          LEFT JOIN annotation_vote_void x ON x.vote = v.id ORDER BY v.id
          """)
      while let row = try rows.next() {
        let leftIsLow: Bool = row["left_is_low"]
        let (left, right) = leftIsLow ? ("low", "high") : ("high", "low")
        let withdrawn: Int64? = row["withdrawn_at"]
        let raw = RawVote(
          vote: row["id"], lease: row["lease"], clientKey: row["client_key"],
          observer: row["pseudonym"], task: row["name"], attribute: row["attribute"],
          kind: row["kind"], left: row["\(left)_photo"], right: row["\(right)_photo"],
          leftSHA256: row["\(left)_sha"], rightSHA256: row["\(right)_sha"],
          choice: row["choice"], criterion: row["criterion"], batch: row["batch"],
          responseMilliseconds: row["response_ms"], view: row["view"],
          guidelines: row["guidelines"], scale: row["scale"], isBelowScale: row["below_scale"],
          pixelsPerDegree: row["pixels_per_degree"], pixelRatio: row["pixel_ratio"],
          station: row["station"],
          at: row["at"], session: row["session"], voided: row["reason"],
          observerWithdrew: withdrawn != nil)
        text += String(decoding: try encoder.encode(raw), as: UTF8.self) + "\n"
      }
    }
    return text
  }
}
