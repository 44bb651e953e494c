import AnnotationService
import Domain
import Files
import Foundation
import HummingbirdTesting
import Studies
import Testing

/// References stay in the design: they meet the best few photos of their scene first.
@Suite struct ReferencePlanTests {
  /// The pairs that one observer is asked, as numbers of photos; the higher number is better.
  private func asked(_ lab: Laboratory, count: Int) async throws -> [Set<Int>] {
    try await lab.pairsAsked(count: count, plansAtOnce: true) { $0 > $1 ? "left" : "right" }
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
