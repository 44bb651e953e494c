import AnnotationService
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

@Suite struct AssignmentTests {
  @Test func twoObserversNeverHoldOneOpenPair() async throws {
    let lab = try Laboratory(photos: 8) { $0.blockSeconds = 100_000 }
    let tokens = try (0..<6).map { _ in try lab.study.invite().token }
    try await lab.test { client in
      var visitors: [(visitor: Visitor, session: String)] = []
      for token in tokens {
        let visitor = try await Visitor.enter(client, token)
        visitors.append((visitor, try await visitor.begin()))
      }
      for round in 0..<12 {
        var open: [Set<String>] = []
        var leases: [[Visitor.Lease]] = []
        for (visitor, session) in visitors {
          let batch = try await visitor.leases(session).leases
          leases.append(batch)
          open += batch.map(\.pair)
        }
        #expect(Set(open).count == open.count, "round \(round)")
        for (place, batch) in leases.enumerated() {
          guard let lease = batch.first else { continue }
          _ = try await visitors[place].visitor.vote(lease.id, round % 2 == 0 ? "left" : "right")
        }
      }
    }
    let votes = try lab.study.judgements()
    #expect(votes.count == 72)
    // Nobody judges a pair twice.
    let asked = votes.map { [$0.observer.text] + [$0.photoA.text, $0.photoB.text].sorted() }
    #expect(Set(asked).count == asked.count)
    #expect(try lab.study.verify().isEmpty)
  }

  @Test func sidesAreBalanced() async throws {
    let lab = try Laboratory(photos: 10) { $0.blockSeconds = 100_000 }
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      while let lease = try await visitor.leases(session).leases.first {
        _ = try await visitor.vote(lease.id)
      }
    }
    let votes = try lab.study.judgements()
    #expect(votes.count == 45)
    for photo in Set(votes.map(\.photoA)) {
      let left = votes.filter { $0.photoA == photo }.count
      let right = votes.filter { $0.photoB == photo }.count
      // Nine appearances: perfect balance is 4 and 5; the greedy rule stays within 3 of it.
      #expect(abs(left - right) <= 4)
    }
  }

  @Test func repeatsAndGoldenPairsMeasureTheObserverOnly() async throws {
    let lab = try Laboratory(photos: 12) {
      $0.blockSeconds = 100_000
      ($0.repeatShare, $0.goldenShare) = (0.3, 0.2)
    }
    try lab.study.addGoldenPair(
      scene: "Indoor_1", attribute: .details, better: "0_Indoor_1.png", worse: "1_Indoor_1.png")
    let token = try lab.study.invite(pseudonym: "Left-hander").token
    let owner = try lab.study.invite(isOwner: true).token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      for _ in 0..<60 {
        guard let lease = try await visitor.leases(session).leases.first else { break }
        _ = try await visitor.vote(lease.id, "left")
      }
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      let page = String(buffer: try await chief.send(.get, "/owner/observers").body)
      #expect(page.contains("Left-hander"))
      #expect(page.contains("prefers one side"))
      // Repeats exchange the sides, so somebody who always says «left» contradicts himself every
      // time.
      #expect(page.contains("disagrees with itself"))
    }
    let raw = try lab.study.votesJSONLines()
    let repeats = raw.components(separatedBy: #""kind":"repeat""#).count - 1
    let golden = raw.components(separatedBy: #""kind":"golden""#).count - 1
    #expect(repeats >= 10)
    #expect(golden == 1)
    #expect(try lab.study.judgements().count == 60 - repeats - golden)
  }

  @Test func theStopRuleClosesATask() async throws {
    let lab = try Laboratory(photos: 12) {
      $0.targetComparisons = 5
      $0.blockSeconds = 100_000
    }
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      var votes = 0
      while let lease = try await visitor.leases(session).leases.first {
        _ = try await visitor.vote(lease.id)
        votes += 1
        // The planner works beside the requests, and looks again with a vote: it gets more time
        // with each, three minutes in all.
        if votes >= 5 { try await Task.sleep(for: .milliseconds(100 * (votes - 4))) }
      }
      // Twelve photos have 66 pairs: a task that is not closed would go on to the last.
      #expect((5..<66).contains(votes))
    }
  }

  @Test func activeSamplingOrdersThePhotos() async throws {
    let lab = try Laboratory(photos: 8) {
      $0.blockSeconds = 100_000
      $0.batchSize = 7
    }
    let tokens = try (0..<4).map { _ in try lab.study.invite().token }
    try await lab.test { client in
      // Everybody prefers the picture whose address is later in the alphabet.
      for token in tokens {
        let visitor = try await Visitor.enter(client, token)
        let session = try await visitor.begin()
        while let lease = try await visitor.leases(session).leases.first {
          _ = try await visitor.vote(lease.id, lease.left > lease.right ? "left" : "right")
        }
      }
      for _ in 0..<30_000 {
        if try lab.study.scoresCSV().split(separator: "\n").count == 9 { break }
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    #expect(try lab.study.judgements().count == 4 * 28)
    #expect(try lab.study.scoresCSV().split(separator: "\n").count == 9)
  }
}
