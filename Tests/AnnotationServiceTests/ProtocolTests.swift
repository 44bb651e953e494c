import AnnotationService
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@Suite struct ProtocolTests {
  @Test func aVoteCountsOnceHoweverOftenItIsSent() async throws {
    let lab = try Laboratory()
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let lease = try #require(try await visitor.leases(session).leases.first)
      let first = try await visitor.vote(lease.id, "left", key: "key-0123456789abcdef")
      #expect(first.status == .created)
      for key in ["key-0123456789abcdef", "another-key-for-the-same-vote"] {
        let again = try await visitor.vote(lease.id, "left", key: key)
        #expect(again.status == .ok)
        #expect(again.body == first.body)
      }
      #expect(try await visitor.vote(lease.id, "right").status == .conflict)
      let other = try #require(try await visitor.leases(session).leases.first)
      #expect(other.id != lease.id)
      let reused = try await visitor.vote(other.id, "left", key: "key-0123456789abcdef")
      #expect(reused.status == .conflict)
    }
    #expect(try lab.study.judgements().count == 1)
    #expect(try lab.study.verify().isEmpty)
  }

  @Test func aReloadFindsTheSamePairs() async throws {
    let lab = try Laboratory()
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let before = try await visitor.leases(session).leases
      #expect(before.count == 2)
      _ = try await visitor.json(.patch, "/api/v1/sessions/\(session)", #"{"action":"leave"}"#)
      #expect(try await visitor.begin() == session)
      #expect(try await visitor.leases(session).leases == before)
    }
  }

  @Test func anAbandonedPairGoesToSomebodyElseAndItsLateVoteIsRefused() async throws {
    let lab = try Laboratory(photos: 3) { $0.leaseSeconds = 90 }
    let tokens = try (0..<2).map { _ in try lab.study.invite().token }
    try await lab.test { client in
      let first = try await Visitor.enter(client, tokens[0])
      let second = try await Visitor.enter(client, tokens[1])
      let held = try await first.leases(try await first.begin()).leases
      lab.clock.advance(91)
      let session = try await second.begin()
      let taken = try await second.leases(session).leases
      let lost = held.filter { lease in taken.contains { $0.pair == lease.pair } }
      let kept = held.filter { lease in !taken.contains { $0.pair == lease.pair } }
      #expect(!lost.isEmpty)
      for lease in lost { #expect(try await first.vote(lease.id).status == .gone) }
      // Late, but nobody else holds the pair: it counts.
      for lease in kept { #expect(try await first.vote(lease.id).status == .created) }
      for lease in taken { #expect(try await second.vote(lease.id).status == .created) }
    }
    #expect(try lab.study.verify().isEmpty)
  }

  @Test func aLateVoteCountsWhileNobodyElseHoldsThePair() async throws {
    let lab = try Laboratory { $0.blockSeconds = 100_000 }
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let lease = try #require(
        try await visitor.leases(try await visitor.begin()).leases.first)
      lab.clock.advance(3600)
      #expect(try await visitor.vote(lease.id).status == .created)
    }
  }

  @Test func activityKeepsThePair() async throws {
    let lab = try Laboratory(photos: 3) { $0.leaseSeconds = 90 }
    let tokens = try (0..<2).map { _ in try lab.study.invite().token }
    try await lab.test { client in
      let first = try await Visitor.enter(client, tokens[0])
      let second = try await Visitor.enter(client, tokens[1])
      let session = try await first.begin()
      let held = Set(try await first.leases(session).leases.map(\.pair))
      lab.clock.advance(60)
      // The page asks again while somebody moves on it.
      #expect(Set(try await first.leases(session).leases.map(\.pair)) == held)
      lab.clock.advance(60)
      let other = Set(try await second.leases(try await second.begin()).leases.map(\.pair))
      #expect(!other.isEmpty && other.isDisjoint(with: held))
    }
  }

  @Test func undoAppendsAVoidAndBringsThePairBack() async throws {
    let lab = try Laboratory()
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let lease = try #require(try await visitor.leases(session).leases.first)
      let body = try await visitor.vote(lease.id, "left").body
      let receipt = try JSONSerialization.jsonObject(with: Data(body.readableBytesView))
      let vote = try #require((receipt as? [String: Any])?["vote"] as? Int)
      for _ in 0..<2 {
        // The second is a repetition of the same request: it voids nothing more.
        let undo = try await visitor.send(.delete, "/api/v1/votes/last?vote=\(vote)")
        #expect(undo.status == .ok)
      }
      let back = try #require(try await visitor.leases(session).leases.first)
      #expect(back.left == lease.left && back.right == lease.right && back.id != lease.id)
      #expect(try await visitor.vote(back.id, "right").status == .created)
      #expect(try await visitor.send(.delete, "/api/v1/votes/last?vote=9999").status == .conflict)
    }
    let votes = try lab.study.judgements()
    #expect(votes.map(\.choice) == [.b])
    let raw = try lab.study.votesJSONLines().split(separator: "\n")
    #expect(raw.count == 2)
    #expect(raw[0].contains(#""voided":"undo""#))
    #expect(try lab.study.verify().isEmpty)
  }

  @Test func consentAndTheStrictCheckComeBeforeThePairs() async throws {
    let lab = try Laboratory { $0.gate = .strict }
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      var view = try await visitor.json(.post, "/api/v1/sessions", "{}")
      #expect(view["step"] as? String == "consent")
      #expect(view["session"] == nil)
      let session = try await visitor.begin()
      #expect(try await visitor.leases(session).status == "check")
      func report(distance: Int, bright: Int) -> String {
        // A 0.185 mm pitch: the card is 85.60 / 0.185 = 462.7 pixels wide.
        """
        {"action":"calibration","check":{"cardCSSPixels":462.7,"devicePixelRatio":1,
        "screenWidthCSS":3840,"screenHeightCSS":2160,"isFullScreen":true,
        "distanceMillimetres":\(distance),"darkSeen":4,"darkShown":4,"brightSeen":\(bright),
        "brightShown":5,"gamut":"srgb","ambient":"dim","whitePoint":"d65","luminance":120,
        "calibrationDate":"2026-11-01"}}
        """
      }
      view = try await visitor.json(
        .patch, "/api/v1/sessions/\(session)", report(distance: 500, bright: 3))
      #expect(view["failures"] as? [String] == ["density", "bright"])
      #expect(try await visitor.leases(session).status == "check")
      view = try await visitor.json(
        .patch, "/api/v1/sessions/\(session)", report(distance: 650, bright: 5))
      #expect(view["failures"] as? [String] == [])
      #expect(try await visitor.leases(session).status == "trained")
      view = try await visitor.json(
        .patch, "/api/v1/sessions/\(session)", #"{"action":"trained"}"#)
      #expect(view["step"] as? String == "compare")
      #expect(try await visitor.leases(session).leases.count == 2)
    }
  }

  @Test func blocksEndInABreakAndPausesStopTheClock() async throws {
    let lab = try Laboratory {
      $0.blockSeconds = 300
      $0.breakSeconds = 60
    }
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      _ = try await visitor.leases(session)
      lab.clock.advance(100)
      var view = try await visitor.json(
        .patch, "/api/v1/sessions/\(session)", #"{"action":"pause"}"#)
      #expect(view["step"] as? String == "paused")
      lab.clock.advance(86_400)
      #expect(try await visitor.leases(session).status == "paused")
      view = try await visitor.json(
        .patch, "/api/v1/sessions/\(session)", #"{"action":"resume"}"#)
      #expect(view["secondsLeft"] as? Int == 200)
      lab.clock.advance(201)
      #expect(try await visitor.leases(session).status == "rest")
      view = try await visitor.json(.post, "/api/v1/sessions", "{}")
      #expect(view["step"] as? String == "rest")
      #expect(view["secondsLeft"] as? Int == 59)
      lab.clock.advance(60)
      view = try await visitor.json(.post, "/api/v1/sessions", "{}")
      #expect(view["session"] as? String != session)
    }
  }

  @Test func aPairGivenBackIsNotGivenStraightBack() async throws {
    let lab = try Laboratory { $0.blockSeconds = 100_000 }
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let before = Set(try await visitor.leases(session).leases.map(\.pair))
      for action in ["pause", "resume"] {
        _ = try await visitor.json(
          .patch, "/api/v1/sessions/\(session)", #"{"action":"\#(action)"}"#)
      }
      let after = Set(try await visitor.leases(session).leases.map(\.pair))
      #expect(before.isDisjoint(with: after))
    }
  }

  @Test func trainingVotesStayOutOfTheScale() async throws {
    let lab = try Laboratory { $0.trainingPairs = 2 }
    for number in 0..<2 {
      try lab.study.addGoldenPair(
        scene: "Indoor_1", attribute: .details, better: PhotoID("\(2 * number)_Indoor_1.png"),
        worse: PhotoID("\(2 * number + 1)_Indoor_1.png"))
    }
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let batch = try await visitor.leases(session)
      #expect(batch.leases.count == 2)
      var feedback = 0
      for lease in batch.leases {
        let text = String(buffer: try await visitor.vote(lease.id).body)
        if text.contains("isRight") { feedback += 1 }
      }
      #expect(feedback == 1)
      #expect(try await visitor.leases(session).status == "trained")
    }
    #expect(try lab.study.judgements().isEmpty)
    #expect(try lab.study.votesJSONLines().split(separator: "\n").count == 2)
  }

  @Test func practiceCanNotBeSkipped() async throws {
    let lab = try Laboratory(photos: 4) { $0.trainingPairs = 2 }
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let uri = "/api/v1/sessions/\(session)"
      let skip = #"{"action":"trained"}"#
      #expect(try await visitor.send(.patch, uri, skip).status == .badRequest)
      let lease = try #require(try await visitor.leases(session).leases.first)
      #expect(try await visitor.vote(lease.id).status == .created)
      #expect(try await visitor.send(.patch, uri, skip).status == .badRequest)
      // Pairs that a pause gave back were not practised.
      for action in ["pause", "resume"] {
        _ = try await visitor.send(.patch, uri, #"{"action":"\#(action)"}"#)
      }
      #expect(try await visitor.send(.patch, uri, skip).status == .badRequest)
      let next = try #require(try await visitor.leases(session).leases.first)
      #expect(try await visitor.vote(next.id).status == .created)
      #expect(try await visitor.leases(session).status == "trained")
      #expect(try await visitor.json(.patch, uri, skip)["step"] as? String == "compare")
    }
  }

  @Test func exportsCarryTheDataSetsColumns() async throws {
    let lab = try Laboratory(photos: 4)
    let token = try lab.study.invite().token
    let owner = try lab.study.invite(isOwner: true).token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      while true {
        let batch = try await visitor.leases(session)
        guard let lease = batch.leases.first else { break }
        _ = try await visitor.vote(lease.id)
      }
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      let base = "/api/v1/studies/\(lab.study.id)/export"
      var scores = ""
      for _ in 0..<30_000 {
        scores = String(buffer: try await chief.send(.get, base + ".csv").body)
        if scores.split(separator: "\n").count == 5 { break }
        try await Task.sleep(for: .milliseconds(20))
      }
      let lines = scores.split(separator: "\n")
      let head = lines.first.map(String.init)
      #expect(
        head
          == "IMAGE PATH,JOD,JOD STD,CI LOW,CI HIGH,CI RANGE,QUALITY LEVEL,CLUSTER,"
          + "TOTAL COMPARISONS,IMAGE,SCENE,ATTRIBUTE,SCENE IDX,CONDITION")
      #expect(lines.count == 5)
      #expect(lines.dropFirst().first?.hasPrefix("Details\\0_Indoor_1.png,") == true)
      let votes = String(buffer: try await chief.send(.get, base + ".csv?table=votes").body)
      // Four photos have six pairs, and one observer judges each once.
      #expect(votes.split(separator: "\n").count == 7)
      #expect(
        votes.hasPrefix(
          "observer,scene,attribute,image_a,image_b,choice,response_ms,criterion,batch,vote,"))
      #expect(try await visitor.send(.get, base + ".csv").status == .forbidden)
      #expect(try await chief.send(.get, "/api/v1/studies/other/export.csv").status == .notFound)
    }
  }

  @Test func crossSceneTasksAndNewPhotosGetVotes() async throws {
    let lab = try Laboratory(photos: 2, scenes: ["A", "B"])
    try lab.study.addCrossSceneTask(
      "Cross", attribute: .details, photos: [("A", "0_A.png"), ("B", "0_B.png")])
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      func work() async throws {
        for _ in 0..<4 {
          guard let session = try? await visitor.begin() else { return }
          while let lease = try await visitor.leases(session).leases.first {
            _ = try await visitor.vote(lease.id)
          }
        }
      }
      try await work()
      #expect(Set(try lab.study.judgements().map(\.scene)) == ["A", "B", "Cross"])
      #expect(try lab.study.judgements().count == 3)
      _ = try lab.study.add([try lab.region("A", 2)])
      try await work()
      #expect(try lab.study.judgements().count == 5)
    }
  }
}
