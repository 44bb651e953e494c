import Foundation
import GRDB
import Studies

/// How a pair was looked at when it was judged; kept in the vote's columns.
struct VoteCircumstances: Sendable {
  /// The version of the guidelines that the page showed, such as `en-3`.
  var guidelines: String?
  /// The largest scale at which the pair was looked at.
  var scale: Double?
  /// The picture's pixels per degree at 1:1, by the screen's check.
  var pixelsPerDegree: Double?
  /// The screen's pixels for each CSS pixel.
  var pixelRatio: Double?
  /// The registered station.
  var station: String?
  /// Whether the scale was below the one that the study wants; nil where it wants none.
  var isBelowScale: Bool?
}

extension AnnotationStudy {
  /// What a vote records beside the answer: what the page says of the view, and what the session
  /// knows of the screen.
  func circumstances(
    _ db: Database, _ lease: Row, _ request: VoteRequest
  ) throws -> VoteCircumstances {
    let known = try db.row(
      sql: """
        SELECT s.calibration, t.attribute FROM annotation_session s
        JOIN annotation_task t ON t.id = s.task WHERE s.id = ?
        """, arguments: [lease["session"] as String])
    let calibration: String? = known?["calibration"]
    let check = calibration.flatMap(ViewingCheck.stored)
    let view = request.view
    var result = VoteCircumstances(
      scale: view.map { Self.sound(max($0.scale, $0.largestScale ?? 0)) },
      pixelsPerDegree: check?.pixelsPerDegree,
      pixelRatio: view?.pixelRatio.map(Self.sound), station: check?.station)
    guard let attribute: String = known?["attribute"] else { return result }
    if let version = request.guidelines, try Self.isVersion(db, version, of: attribute) {
      result.guidelines = version
    }
    let kind: LeaseKind = lease["kind"]
    if kind != .training, settings.wantedScale > 0, try Self.isJudgedOnFace(db, attribute) {
      result.isBelowScale = (result.scale ?? 0) < settings.wantedScale - 1e-6
    }
    return result
  }

  /// A number of a page as it is kept: finite, and within what screens can do.
  private static func sound(_ value: Double) -> Double {
    value.isFinite ? min(max(value, 0), 100) : 0
  }
}
