import Domain
import Foundation
import GRDB
import Studies

/// A screen that its owner measured: what no browser can see is known for it.
struct Station: Codable, Sendable {
  var name: String
  /// The pixel pitch in millimetres.
  var pitchMillimetres: Double
  var widthPixels: Int
  var heightPixels: Int
  /// Of white, in cd/m².
  var luminance: Double
  /// `d65` or `other`.
  var whitePoint: String
  /// `dark`, `dim` or `bright`.
  var ambient: String
  /// The day of the calibration, as `2026-11-21`.
  var calibrated: String
  /// How long the calibration holds.
  var validDays: Int

  /// Whether the calibration holds at a time.
  func isValid(at time: Date) -> Bool {
    Self.isValid(calibrated, days: validDays, at: time)
  }

  /// Whether a day, as `2026-11-21`, is neither to come nor more days ago than a calibration holds.
  static func isValid(_ day: String, days: Int, at time: Date) -> Bool {
    guard let day = try? Date(day + "T00:00:00Z", strategy: .iso8601) else { return false }
    let age = time.timeIntervalSince(day)
    return age >= -86_400 && age <= Double(days + 1) * 86_400
  }
}

/// A station with what its row knows beside it.
struct StationRow: Sendable {
  let id: Int64
  let station: Station
  let isRetired: Bool
}

extension AnnotationStudy {
  /// Registers a station; the token of its link is shown once and opened in the station's browser.
  func register(_ station: Station, actor: String) async throws -> String {
    guard (1...64).contains(station.name.count) else {
      throw InputError("name", "a name has 1 to 64 characters", remedy: "choose another name")
    }
    guard (0.02...2).contains(station.pitchMillimetres) else {
      throw InputError(
        "pitch", "the pixel pitch lies between 0.02 and 2 mm",
        remedy: "divide the width of the picture area by its pixels")
    }
    guard (1...32_768).contains(station.widthPixels), (1...32_768).contains(station.heightPixels),
      (1...10_000).contains(station.luminance), (1...3650).contains(station.validDays),
      ["d65", "other"].contains(station.whitePoint),
      ["dark", "dim", "bright"].contains(station.ambient),
      (try? Date(station.calibrated + "T00:00:00Z", strategy: .iso8601)) != nil
    else {
      throw InputError(station.name, "a value is out of range", remedy: "check the form")
    }
    let token = Token.random()
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let facts = String(decoding: try encoder.encode(station), as: UTF8.self)
    return try await commits.write { [self] db in
      let at = now
      // A new calibration of a station replaces the old one; its link stops working.
      try db.execute(
        sql: "UPDATE annotation_station SET retired_at = ? WHERE name = ? AND retired_at IS NULL",
        arguments: [at, station.name])
      try db.execute(
        sql: "INSERT INTO annotation_station (name, token_hash, facts) VALUES (?, ?, ?)",
        arguments: [station.name, Token.hash(token), facts])
      try AuditTrail.append(db, at, actor: actor, .station, ["facts": facts])
      return token
    }
  }

  /// Takes a station out of use.
  func retire(station id: Int64, actor: String) async throws {
    try await commits.write { [self] db in
      try db.execute(
        sql: "UPDATE annotation_station SET retired_at = ? WHERE id = ? AND retired_at IS NULL",
        arguments: [now, id])
      guard db.changesCount > 0 else { return }
      try AuditTrail.append(db, now, actor: actor, .stationRetired, ["station": "\(id)"])
    }
  }

  /// The station of a browser's cookie.
  func station(token: String?) async throws -> Station? {
    guard let token else { return nil }
    let hash = Token.hash(token)
    return try await pool.read { db in
      try db.value(
        String.self,
        sql: "SELECT facts FROM annotation_station WHERE token_hash = ? AND retired_at IS NULL",
        arguments: [hash]
      ).flatMap { try? JSONDecoder().decode(Station.self, from: Data($0.utf8)) }
    }
  }

  /// Every station, the newest first.
  func stations() async throws -> [StationRow] {
    try await pool.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM annotation_station ORDER BY id DESC")
        .compactMap { row in
          let facts: String = row["facts"]
          let retired: Int64? = row["retired_at"]
          return (try? JSONDecoder().decode(Station.self, from: Data(facts.utf8))).map {
            StationRow(id: row["id"], station: $0, isRetired: retired != nil)
          }
        }
    }
  }
}
