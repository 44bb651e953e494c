import AnnotationService
import Domain
import Files
import Foundation
import HummingbirdTesting
import Studies
import Testing

/// References stay in the design: they meet the best few photos of their scene first.
@Suite struct ReferencePlanTests {
  private actor Heard {
    var pairs: [Set<Int>] = []
    func add(_ pair: Set<Int>) { pairs.append(pair) }
  }

  /// The pairs that one observer is asked, as numbers of photos; the higher number is better.
  private func asked(_ lab: Laboratory, count: Int) async throws -> [Set<Int>] {
    let token = try lab.study.invite().token
    var numbers: [String: Int] = [:]
    for number in 0..<8 {
      let digest = try FileDigest.sha256("\(lab.folder)/Indoor_1_\(number).png")
      numbers["/img/\(digest)"] = number
    }
    let places = numbers
    let heard = Heard()
    try await lab.test(plansAtOnce: true) { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      for _ in 0..<count {
        guard let lease = try await visitor.leases(session).leases.first,
          let left = places[lease.left], let right = places[lease.right]
        else { break }
        await heard.add([left, right])
        _ = try await visitor.vote(lease.id, left > right ? "left" : "right")
      }
    }
    return await heard.pairs
  }

  private func laboratory(reference: Int?) throws -> Laboratory {
    let lab = try Laboratory(photos: 8) {
      $0.blockSeconds = 100_000
      $0.batchSize = 6
    }
    if let reference {
      var data = PhotoMetadata()
      (data.isReference, data.consent) = (true, .given)
      _ = try lab.study.store.take(
        StudyCandidate(
          path: "list", scene: "Indoor_1", photo: PhotoID("\(reference)_Indoor_1.png"),
          metadata: data), nil)
    }
    return lab
  }

  @Test func aReferenceComesFirstAndMeetsTheBest() async throws {
    let lab = try laboratory(reference: 7)
    let pairs = try await asked(lab, count: 26)
    #expect(pairs.count > 20)
    // Before any vote with three of the others.
    #expect(pairs.prefix(3).allSatisfy { $0.contains(7) }, "\(pairs)")
    #expect(Set(pairs.prefix(3)).count == 3 && Set(pairs).count == pairs.count)
    // Then with the best three, as soon as they are known.
    for best in [4, 5, 6] { #expect(pairs.contains([7, best]), "\(best): \(pairs)") }
    // Which photos are best follows answers loosely: these pairs carry no criterion.
    let votes = try lab.study.judgements()
    #expect(votes.prefix(3).allSatisfy { $0.origin == nil })
    #expect(votes.contains { $0.origin != nil })
    #expect(try lab.study.verify().isEmpty)
  }

  @Test func withoutReferencesNothingChanges() async throws {
    let pairs = try await asked(try laboratory(reference: nil), count: 6)
    #expect(!pairs.prefix(3).allSatisfy { $0.contains(7) })
  }
}
