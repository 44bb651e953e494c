import AnnotationService
import Domain
import Files
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Studies
import Testing

/// The traps of serving files: validators, ranges, paths, rights.
@Suite struct ImageTests {
  @Test func rangesAndValidatorsFollowTheStandard() async throws {
    let lab = try Laboratory(photos: 2)
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let lease = try #require(
        try await visitor.leases(try await visitor.begin()).leases.first)
      let whole = try await visitor.send(.get, lease.left)
      let bytes = Array(whole.body.readableBytesView)
      #expect(whole.status == .ok)
      #expect(bytes.count == 1000)
      #expect(whole.headers[.contentType] == "image/png")
      #expect(whole.headers[.cacheControl] == "private, max-age=7200, immutable")
      let tag = try #require(whole.headers[.eTag])
      #expect(tag == "\"\(lease.left.dropFirst(5))\"", "strong, of the content")
      for known in [tag, "W/" + tag, "*", "\"other\", " + tag] {
        let answer = try await visitor.send(.get, lease.left, headers: [.ifNoneMatch: known])
        #expect(answer.status == .notModified)
        #expect(answer.body.readableBytes == 0)
      }
      let parts: [(String, ClosedRange<Int>)] = [
        ("bytes=0-9", 0...9), ("bytes=990-", 990...999), ("bytes=-10", 990...999),
        ("bytes=500-5000", 500...999), ("bytes=-5000", 0...999), ("bytes=999-999", 999...999),
      ]
      for (range, expected) in parts {
        let answer = try await visitor.send(.get, lease.left, headers: [.range: range])
        #expect(answer.status == .partialContent, "\(range)")
        #expect(Array(answer.body.readableBytesView) == Array(bytes[expected]), "\(range)")
        #expect(
          answer.headers[.contentRange]
            == "bytes \(expected.lowerBound)-\(expected.upperBound)/1000")
      }
      for range in ["bytes=1000-", "bytes=1000-1001", "bytes=-0"] {
        let answer = try await visitor.send(.get, lease.left, headers: [.range: range])
        #expect(answer.status == .rangeNotSatisfiable, "\(range)")
        #expect(answer.headers[.contentRange] == "bytes */1000")
      }
      for range in ["bytes=9-0", "bytes=a-b", "bytes=", "lines=1-2", "bytes=0-1,5-6"] {
        let answer = try await visitor.send(.get, lease.left, headers: [.range: range])
        #expect(answer.status == .ok, "\(range)")
        #expect(answer.body.readableBytes == 1000)
      }
      let stale = try await visitor.send(
        .get, lease.left, headers: [.range: "bytes=0-9", .ifRange: "\"other\""])
      #expect(stale.status == .ok)
      let head = try await visitor.send(.head, lease.left)
      #expect(head.status == .ok)
      #expect(head.headers[.contentLength] == "1000")
    }
  }

  @Test func picturesAreForThoseWhoHoldThePair() async throws {
    let lab = try Laboratory(photos: 6)
    let tokens = try (0..<2).map { _ in try lab.study.invite().token }
    let owner = try lab.study.invite(isOwner: true).token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, tokens[0])
      let other = try await Visitor.enter(client, tokens[1])
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      let lease = try #require(
        try await visitor.leases(try await visitor.begin()).leases.first)
      #expect(try await client.execute(uri: lease.left, method: .get).status == .unauthorized)
      #expect(try await other.send(.get, lease.left).status == .notFound)
      #expect(try await chief.send(.get, lease.left).status == .ok)
      let paths = [
        "/img/../study.sqlite", "/img/..%2Fstudy.sqlite", "/img/%2e%2e%2fstudy.sqlite",
        "/img/study.sqlite", "/img/" + String(repeating: "A", count: 64),
        "/img/" + String(repeating: "0", count: 64), "/files/x", "/assets/..%2F..%2Fstudy.sqlite",
      ]
      for path in paths {
        #expect(try await chief.send(.get, path).status == .notFound, "\(path)")
      }
    }
  }

  @Test func aPairOfOneAttributeShowsNoOther() async throws {
    let lab = try Laboratory(photos: 2)
    let others = try (0..<2).map { number in
      var region = try lab.region("Indoor_1", number)
      try Laboratory.picture("overall \(number)", bytes: 700)
        .write(to: URL(fileURLWithPath: region.file))
      region.attribute = .overall
      return region
    }
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let lease = try #require(
        try await visitor.leases(try await visitor.begin()).leases.first)
      // The whole photos join while the observer holds a pair of faces.
      #expect(try lab.study.add(others).added == 2)
      #expect(try await visitor.send(.get, lease.left).status == .ok)
      for region in others {
        let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: region.file)))
        let other = "/img/\(FileDigest.sha256(bytes))"
        #expect(try await visitor.send(.get, other).status == .notFound)
      }
    }
  }

  @Test func aWithdrawnPersonIsGoneEverywhere() async throws {
    let lab = try Laboratory(photos: 4)
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let first = try #require(try await visitor.leases(session).leases.first)
      #expect(try await visitor.vote(first.id).status == .created)
      let raw = try lab.study.votesJSONLines()
      let photo = try #require(raw.firstMatch(of: /"left":"([0-9])_/))
      let person = "P-Indoor_1-\(photo.1)"
      let open = try await visitor.leases(session).leases
      #expect(try lab.study.withdraw(person: person).votes == 1)
      #expect(try lab.study.withdraw(person: person).votes == 0, "again is harmless")
      #expect(try await visitor.send(.get, first.left).status == .gone)
      #expect(try lab.study.judgements().isEmpty)
      #expect(!(try lab.study.votesJSONLines().contains("\(photo.1)_Indoor_1")))
      for lease in open where lease.pair.contains(first.left) {
        #expect(try await visitor.vote(lease.id).status == .notFound, "the pair is erased")
      }
      while let lease = try await visitor.leases(session).leases.first {
        #expect(!lease.pair.contains(first.left))
        _ = try await visitor.vote(lease.id)
      }
      let name = String(first.left.dropFirst(5))
      #expect(!FileManager.default.fileExists(atPath: "\(lab.folder)/files/\(name)"))
      let again = try lab.region("Indoor_1", Int(String(photo.1)) ?? 0)
      #expect(try lab.study.add([again]).refused.count == 1)
    }
    #expect(try lab.study.judgements().count == 3)
    #expect(try lab.study.verify().isEmpty)
  }
}
