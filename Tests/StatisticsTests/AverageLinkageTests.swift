import Foundation
import Statistics
import Testing

@Suite struct AverageLinkageTests {
  /// What `Scripts/golden/people.py` got from SciPy.
  private struct Reference: Decodable {
    struct Cut: Decodable {
      let threshold: Double
      let groups: [Int]
    }
    let points: [[Double]]
    let cuts: [Cut]
  }

  private func reference() throws -> Reference {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let path = folder.appendingPathComponent("Fixtures/average-linkage.json")
    return try JSONDecoder().decode(Reference.self, from: Data(contentsOf: path))
  }

  private func distance(_ points: [[Double]]) -> (Int, Int) -> Double {
    { one, other in
      zip(points[one], points[other]).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
    }
  }

  /// Numbers by first members, so that equal partitions are equal lists.
  private func renumbered(_ groups: [Int]) -> [Int] {
    var numbers: [Int: Int] = [:]
    return groups.map { group in
      let number = numbers[group] ?? numbers.count
      numbers[group] = number
      return number
    }
  }

  @Test func groupsEqualSciPys() throws {
    let reference = try reference()
    #expect(reference.points.count == 45)
    var counts: Set<Int> = []
    for cut in reference.cuts {
      let groups = AverageLinkage.groups(
        count: reference.points.count, threshold: cut.threshold,
        distance: distance(reference.points))
      #expect(groups == renumbered(cut.groups), "threshold \(cut.threshold)")
      counts.insert(Set(groups).count)
    }
    #expect(counts.count >= 5, "the thresholds tell groups apart")
  }

  @Test func aChainOfNeighborsIsNoGroup() {
    // Single linkage would join all of them.
    let points = (0..<9).map { [Double($0) * 0.5] }
    let groups = AverageLinkage.groups(
      count: points.count, threshold: 0.6, distance: distance(points))
    #expect(groups == [0, 0, 1, 1, 2, 2, 3, 3, 4])
  }

  @Test func theOrderOfThingsChangesNoGroups() throws {
    let reference = try reference()
    let order = reference.points.indices.sorted { ($0 * 29) % 45 < ($1 * 29) % 45 }
    let points = order.map { reference.points[$0] }
    for cut in reference.cuts {
      let groups = AverageLinkage.groups(
        count: points.count, threshold: cut.threshold, distance: distance(points))
      #expect(groups == renumbered(order.map { cut.groups[$0] }), "threshold \(cut.threshold)")
    }
  }

  @Test func fewThings() {
    #expect(AverageLinkage.groups(count: 0, threshold: 1) { _, _ in 0 }.isEmpty)
    #expect(AverageLinkage.groups(count: 1, threshold: 1) { _, _ in 0 } == [0])
    #expect(AverageLinkage.groups(count: 4, threshold: 0) { _, _ in 0 } == [0, 0, 0, 0])
    #expect(AverageLinkage.groups(count: 3, threshold: 1) { _, _ in 2 } == [0, 1, 2])
  }
}
