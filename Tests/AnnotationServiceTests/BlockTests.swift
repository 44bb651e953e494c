import AnnotationService
import Domain
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

/// A block is the observer's, not the task's: small tasks are no way round the break.
@Suite struct BlockTests {
  @Test func aBlockIsCountedOverTasks() async throws {
    // Ten scenes of one pair each: every answer ends its task for this observer.
    let lab = try Laboratory(photos: 2, scenes: (0..<10).map { "Scene_\($0)" }) {
      ($0.blockSeconds, $0.breakSeconds) = (60, 30)
    }
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      var answers = 0
      for _ in 0..<9 {
        let view = try await visitor.json(.post, "/api/v1/sessions", #"{"consent":"2026-11"}"#)
        guard let session = view["session"] as? String else {
          #expect(view["step"] as? String == "rest")
          break
        }
        #expect(view["secondsLeft"] as? Int == 60 - answers * 20)
        _ = try await visitor.json(
          .patch, "/api/v1/sessions/\(session)", #"{"action":"trained"}"#)
        guard let lease = try await visitor.leases(session).leases.first else { continue }
        lab.clock.advance(20)
        _ = try await visitor.vote(lease.id)
        answers += 1
        _ = try await visitor.leases(session)
      }
      #expect(answers == 3, "three answers of twenty seconds fill a block of a minute")
      lab.clock.advance(31)
      let view = try await visitor.json(.post, "/api/v1/sessions", "{}")
      #expect(view["secondsLeft"] as? Int == 60)
      #expect(view["allVotes"] as? Int == 3)
      #expect((view["study"] as? [String: Any])?["votes"] as? Int == 3)
    }
  }

  /// Leaving the work for as long as a break is a break.
  @Test func whoRestedBeginsAFreshBlock() async throws {
    let lab = try Laboratory(photos: 2, scenes: ["A", "B"]) {
      ($0.blockSeconds, $0.breakSeconds) = (60, 30)
    }
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let lease = try #require(try await visitor.leases(session).leases.first)
      lab.clock.advance(40)
      _ = try await visitor.vote(lease.id)
      #expect(try await visitor.leases(session).status == "done")
      lab.clock.advance(30)
      let view = try await visitor.json(.post, "/api/v1/sessions", "{}")
      #expect(view["secondsLeft"] as? Int == 60)
    }
  }

  /// The paper's five minutes are for one attribute: a block stays with it while it has pairs.
  @Test func aBlockStaysWithItsAttribute() async throws {
    let lab = try Laboratory(photos: 2, scenes: ["A", "B", "C"])
    let others = try ["A", "B", "C"].flatMap { scene in
      try (0..<2).map { number in
        var region = try lab.region(scene, number)
        region.attribute = .overall
        return region
      }
    }
    _ = try lab.study.add(others)
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      var attributes: [String] = []
      for _ in 0..<6 {
        let session = try await visitor.begin()
        let view = try await visitor.json(.post, "/api/v1/sessions", "{}")
        attributes.append(view["attribute"] as? String ?? "")
        while let lease = try await visitor.leases(session).leases.first {
          _ = try await visitor.vote(lease.id)
        }
      }
      #expect(Set(attributes[..<3]).count == 1 && Set(attributes[3...]).count == 1)
      #expect(Set(attributes).count == 2)
    }
  }
}
