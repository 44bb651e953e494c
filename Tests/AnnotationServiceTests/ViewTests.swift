import AnnotationService
import Domain
import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

/// Fine detail shows at 1:1 only: each vote says how it was looked at.
@Suite struct ViewTests {
  private func vote(
    _ visitor: Visitor, _ lease: String, scale: Double, largest: Double
  ) async throws -> TestResponse {
    try await visitor.send(
      .put, "/api/v1/leases/\(lease)/vote",
      """
      {"clientKey":"\(UUID().uuidString)","choice":"left","responseMilliseconds":900,
      "view":{"toggles":0,"zooms":1,"pans":2,"scale":\(scale),"largestScale":\(largest),
      "pixelRatio":1.5}}
      """)
  }

  static func check(_ day: String = "2027-01-02") -> String {
    """
    {"action":"calibration","check":{"cardCSSPixels":462.7,"devicePixelRatio":1,
    "screenWidthCSS":3840,"screenHeightCSS":2160,"isFullScreen":true,"distanceMillimetres":650,
    "darkSeen":4,"darkShown":4,"brightSeen":5,"brightShown":5,"gamut":"srgb","ambient":"dim",
    "whitePoint":"d65","luminance":120,"calibrationDate":"\(day)"}}
    """
  }

  @Test func votesBelowTheWantedScaleAreMarkedAndCounted() async throws {
    let lab = try Laboratory { $0.gate = .advisory }
    let tokens = (
      try lab.study.invite().token, try lab.study.invite(isOwner: true).token
    )
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, tokens.0)
      let session = try await visitor.begin()
      let uri = "/api/v1/sessions/\(session)"
      let view = try await visitor.json(.patch, uri, Self.check())
      #expect(view["opensAtOne"] as? Bool == true)
      #expect((view["wantedScale"] as? NSNumber)?.doubleValue == 1)
      _ = try await visitor.json(.patch, uri, #"{"action":"trained"}"#)
      for (scale, largest) in [(0.4, 0.4), (0.4, 1.0)] {
        let lease = try #require(try await visitor.leases(session).leases.first)
        #expect(
          try await vote(visitor, lease.id, scale: scale, largest: largest).status == .created)
      }
      let chief = try await Visitor.enter(client, tokens.1, page: "/owner")
      let text = String(buffer: try await chief.send(.get, "/api/v1/admin/coverage").body)
      #expect(text.contains(#""below":1"#))
    }
    let lines = try lab.study.votesJSONLines().split(separator: "\n")
    #expect(lines.count == 2)
    #expect(lines[0].contains(#""isBelowScale":true"#) && lines[0].contains(#""scale":0.4"#))
    #expect(lines[1].contains(#""isBelowScale":false"#) && lines[1].contains(#""scale":1,"#))
    // 650 mm at a pitch of 0.185 mm.
    #expect(lines[0].contains(#""pixelsPerDegree":61.3"#))
    #expect(lines[0].contains(#""pixelRatio":1.5"#))
    #expect(try lab.study.verify().isEmpty)
    // What a vote says of its view is sealed with it.
    try await lab.study.pool.write { db in
      try db.execute(sql: "DROP TRIGGER annotation_vote_no_update")
      try db.execute(sql: "UPDATE annotation_vote SET below_scale = 0")
    }
    let damage = try lab.study.verify()
    #expect(damage.count == 1)
    #expect(damage.first?.contains("vote 1 differs from the audit trail") == true)
  }

  @Test func theStrictGateRefusesThem() async throws {
    let lab = try Laboratory { $0.gate = .strict }
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let uri = "/api/v1/sessions/\(session)"
      _ = try await visitor.json(.patch, uri, Self.check())
      _ = try await visitor.json(.patch, uri, #"{"action":"trained"}"#)
      let lease = try #require(try await visitor.leases(session).leases.first)
      #expect(
        try await vote(visitor, lease.id, scale: 0.4, largest: 0.4).status
          == .unprocessableContent)
      #expect(try await visitor.vote(lease.id).status == .unprocessableContent)
      #expect(try await visitor.leases(session).leases.first == lease, "the pair stays")
      #expect(try await vote(visitor, lease.id, scale: 1, largest: 1).status == .created)
    }
    #expect(try lab.study.judgements().count == 1)
  }

  @Test func anOldCalibrationFails() async throws {
    let lab = try Laboratory { $0.gate = .advisory }
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      // The test's day is 2027-01-15.
      let days = [
        ("1999-01-01", false), ("2026-06-01", false), ("2027-02-01", false), ("soon", false),
        ("2026-09-01", true),
      ]
      for (day, isGood) in days {
        let view = try await visitor.json(
          .patch, "/api/v1/sessions/\(session)", Self.check(day))
        let failures = try #require(view["failures"] as? [String])
        #expect(failures == (isGood ? [] : ["calibration"]), "\(day)")
      }
    }
  }

  @Test func theWholePhotoMayBeSmall() async throws {
    let lab = try Laboratory(photos: 0)
    let regions = try (0..<3).map { number in
      var region = try lab.region("Indoor_1", number)
      region.attribute = .overall
      return region
    }
    _ = try lab.study.add(regions)
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let view = try await visitor.json(.post, "/api/v1/sessions", "{}")
      #expect(view["opensAtOne"] as? Bool == false)
      let lease = try #require(try await visitor.leases(session).leases.first)
      _ = try await vote(visitor, lease.id, scale: 0.4, largest: 0.4)
    }
    #expect(try !lab.study.votesJSONLines().contains("isBelowScale"))
  }
}
