import Domain
import Files
import Foundation
import GRDB
import Studies

/// A vote with everything that is known of it.
struct VoteRecord: Sendable {
  let judgement: Judgement
  let vote: Int64
  let kind: LeaseKind
  let session: String
  let at: Int64
  let view: ViewingStatistics?
  let circumstances: VoteCircumstances
  let check: ViewingCheck?
  let hashes: (a: String, b: String)
}

/// One column of the table of votes; its meaning goes into the codebook.
struct VoteColumn: Sendable {
  let name: String
  let meaning: String
  let value: @Sendable (VoteRecord) -> String

  init(_ name: String, _ meaning: String, _ value: @escaping @Sendable (VoteRecord) -> String) {
    (self.name, self.meaning, self.value) = (name, meaning, value)
  }

  /// What `vernier scale` reads comes first; it passes the others over.
  static let all: [VoteColumn] = [judged, stored, looked, screen, hashes].flatMap { $0 }

  private static let stored = [
    VoteColumn("vote", "number of the vote in the study") { "\($0.vote)" },
    VoteColumn("kind", "active: counted in the scale") { $0.kind.rawValue },
    VoteColumn("session", "block of work of the observer on one task") { $0.session },
    VoteColumn("time", "when the vote was stored, ISO 8601 in UTC") {
      Date(timeIntervalSince1970: Double($0.at) / 1000).ISO8601Format()
    },
    VoteColumn(
      "guidelines", "version that was shown: language-number, or program-language-hash"
    ) { $0.circumstances.guidelines ?? "" },
  ]

  private static let hashes = [
    VoteColumn("sha256_a", "SHA-256 of the region shown on the left") { $0.hashes.a },
    VoteColumn("sha256_b", "SHA-256 of the region shown on the right") { $0.hashes.b },
  ]

  private static let judged = [
    VoteColumn("observer", "pseudonym of the observer") { $0.judgement.observer.text },
    VoteColumn("scene", "scene, or the name of a cross-scene set") { $0.judgement.scene.text },
    VoteColumn("attribute", "what was judged") { $0.judgement.attribute.text },
    VoteColumn("image_a", "photo shown on the left; with its scene in a cross-scene set") {
      $0.judgement.photoA.text
    },
    VoteColumn("image_b", "photo shown on the right") { $0.judgement.photoB.text },
    VoteColumn("choice", "a: left is better; b: right is better; tie: not sure") {
      $0.judgement.choice.rawValue
    },
    VoteColumn("response_ms", "from the painted pair to the answer, in milliseconds") {
      $0.judgement.responseMilliseconds.map { "\(Int($0))" } ?? ""
    },
    VoteColumn(
      "criterion", "what chose the pair; empty for pairs of versions that did not record it"
    ) { $0.judgement.origin?.criterion.rawValue ?? "" },
    VoteColumn("batch", "number of the plan that chose the pair") {
      $0.judgement.origin.map { "\($0.batch)" } ?? ""
    },
  ]

  private static let looked = [
    VoteColumn("scale", "largest scale the pair was looked at: screen pixels for a photo's pixel") {
      number($0.circumstances.scale)
    },
    VoteColumn("scale_at_answer", "scale when the answer was given") { number($0.view?.scale) },
    VoteColumn("below_scale", "1: below the scale that the study wants; empty: it wants none") {
      $0.circumstances.isBelowScale.map { $0 ? "1" : "0" } ?? ""
    },
    VoteColumn("toggles", "how often the photos were exchanged in one place (flicker)") {
      $0.view.map { "\($0.toggles)" } ?? ""
    },
    VoteColumn("zooms", "how often the zoom was changed") { $0.view.map { "\($0.zooms)" } ?? "" },
    VoteColumn("pans", "how often the photos were moved") { $0.view.map { "\($0.pans)" } ?? "" },
  ]

  private static let screen = [
    VoteColumn("pixels_per_degree", "screen pixels for a degree of visual angle, by the check") {
      number($0.circumstances.pixelsPerDegree)
    },
    VoteColumn("pixel_ratio", "screen pixels for a CSS pixel") {
      number($0.circumstances.pixelRatio)
    },
    VoteColumn("station", "registered station; empty for a declared screen") {
      $0.circumstances.station ?? ""
    },
    VoteColumn("check", "viewing check: passed, none, or what failed, joined by +") {
      guard let check = $0.check else { return "none" }
      return check.failures.isEmpty ? "passed" : check.failures.joined(separator: "+")
    },
    VoteColumn("distance_mm", "declared distance from the eyes to the screen") {
      number($0.check?.report.distanceMillimetres)
    },
    VoteColumn("pitch_mm", "pixel pitch of the screen") { number($0.check?.pitchMillimetres) },
  ]

  /// A number as short as it reads back to four decimals; empty for none.
  private static func number(_ value: Double?) -> String {
    guard let value, value.isFinite else { return "" }
    return "\((value * 10_000).rounded() / 10_000)"
  }
}

extension AnnotationStudy {
  /// The votes that count, with everything known of each, in their order.
  func voteRecords() throws -> [VoteRecord] {
    try pool.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT v.*, o.pseudonym, t.name, t.scene, t.attribute, a.photo AS low_photo,
            b.photo AS high_photo, a.scene AS low_scene, b.scene AS high_scene, l.left_is_low,
            l.kind, l.session, l.criterion, l.batch, s.calibration, ra.sha256 AS low_sha,
            rb.sha256 AS high_sha
          \(Self.countedVotes.replacingOccurrences(
            of: "WHERE", with: """
            JOIN annotation_task t ON t.id = l.task JOIN annotation_session s ON s.id = l.session
            JOIN annotation_roi ra ON ra.image = l.low AND ra.attribute = t.attribute
            JOIN annotation_roi rb ON rb.image = l.high AND rb.attribute = t.attribute WHERE
            """)) ORDER BY v.id
          """
      ).map(Self.record)
    }
  }

  private static func record(_ row: Row) -> VoteRecord {
    let leftIsLow: Bool = row["left_is_low"]
    let (left, right) = leftIsLow ? ("low", "high") : ("high", "low")
    let scene: String? = row["scene"]
    // Photos of a cross-scene set carry their scene: names may be the same in two scenes.
    func photo(_ side: String) -> PhotoID {
      let name: String = row["\(side)_photo"]
      let owner: String = row["\(side)_scene"]
      return PhotoID(scene == nil ? "\(owner)/\(name)" : name)
    }
    let choice: VoteChoice = row["choice"]
    let view: String? = row["view"]
    let calibration: String? = row["calibration"]
    return VoteRecord(
      judgement: Judgement(
        observer: ObserverID(row["pseudonym"]), scene: SceneID(row["name"]),
        attribute: Attribute(row["attribute"]), photoA: photo(left), photoB: photo(right),
        choice: choice.choice, responseMilliseconds: row["response_ms"],
        origin: Self.origin(of: row)),
      vote: row["id"], kind: row["kind"], session: row["session"], at: row["at"],
      view: view.flatMap {
        try? JSONDecoder().decode(ViewingStatistics.self, from: Data($0.utf8))
      },
      circumstances: VoteCircumstances(
        guidelines: row["guidelines"], scale: row["scale"],
        pixelsPerDegree: row["pixels_per_degree"], pixelRatio: row["pixel_ratio"],
        station: row["station"], isBelowScale: row["below_scale"]),
      check: calibration.flatMap(ViewingCheck.stored),
      hashes: (row["\(left)_sha"], row["\(right)_sha"]))
  }
}
