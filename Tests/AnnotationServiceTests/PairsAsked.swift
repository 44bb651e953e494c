import AnnotationService
import Files
import HummingbirdTesting

extension Laboratory {
  private actor Heard {
    var pairs: [[Int]] = []
    func add(_ pair: [Int]) { pairs.append(pair) }
  }

  /// Has one observer answer pairs of the study.
  ///
  /// - Parameters:
  ///   - count: How many are answered; fewer when there are no more.
  ///   - plansAtOnce: Whether the next pairs are chosen after every vote.
  ///   - answer: The vote, by the numbers of the left and the right photo.
  /// - Returns: The pairs in their order, as numbers of the eight photos.
  /// - Throws: What the server or a file answers with.
  func pairsAsked(
    count: Int, plansAtOnce: Bool = false, answer: @escaping @Sendable (Int, Int) -> String
  ) async throws -> [Set<Int>] {
    let token = try study.invite().token
    var numbers: [String: Int] = [:]
    for number in 0..<8 {
      let digest = try FileDigest.sha256("\(folder)/Indoor_1_\(number).png")
      numbers["/img/\(digest)"] = number
    }
    let places = numbers
    let heard = Heard()
    try await test(plansAtOnce: plansAtOnce) { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      for _ in 0..<count {
        guard let lease = try await visitor.leases(session).leases.first,
          let left = places[lease.left], let right = places[lease.right]
        else { break }
        await heard.add([left, right])
        _ = try await visitor.vote(lease.id, answer(left, right))
      }
    }
    return await heard.pairs.map { Set($0) }
  }
}
