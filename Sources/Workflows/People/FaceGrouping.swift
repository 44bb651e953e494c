public import Domain
import Statistics
public import Studies

/// Groups faces that are near each other, and says which groups are near each other.
public enum FaceGrouping {
  /// How far beyond the threshold two groups still count as near.
  private static let reach = 0.15

  /// The groups, the largest first, and for each the nearest other that is near.
  ///
  /// - Parameters:
  ///   - faces: the photo's row and the face of each.
  ///   - threshold: the largest mean distance of two groups that are joined.
  ///   - distance: the distance of two faces, by their places in the list.
  /// - Returns: a proposal without settings.
  public static func proposal(
    _ faces: [(photo: Int64, box: FaceBox)], threshold: Double, distance: (Int, Int) -> Double
  ) -> FaceGroupProposal {
    let numbers = AverageLinkage.groups(
      count: faces.count, threshold: threshold, distance: distance)
    let groups = Dictionary(grouping: faces.indices, by: { numbers[$0] })
      .sorted { (-$0.value.count, $0.key) < (-$1.value.count, $1.key) }.map(\.value)
    func mean(_ one: Int, _ others: [Int]) -> Double {
      others.isEmpty ? 0 : others.reduce(0) { $0 + distance(one, $1) } / Double(others.count)
    }
    let grouped = groups.map { members in
      members.map { one in
        let apart = mean(one, members.filter { $0 != one })
        return GroupedFace(photo: faces[one].photo, box: faces[one].box, distance: rounded(apart))
      }
    }
    var nearest: [Int: (other: Int, distance: Double)] = [:]
    for one in groups.indices {
      for other in groups.indices where other < one {
        let apart =
          groups[one].reduce(0) { $0 + mean($1, groups[other]) } / Double(groups[one].count)
        guard apart <= threshold + reach else { continue }
        for (own, its) in [(one, other), (other, one)]
        where apart < nearest[own]?.distance ?? .infinity {
          nearest[own] = (its, apart)
        }
      }
    }
    var pairs: [[Int]: Double] = [:]
    for (one, near) in nearest {
      pairs[[min(one, near.other), max(one, near.other)]] = rounded(near.distance)
    }
    let likenesses = pairs.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { (one: $0.key[0], other: $0.key[1], distance: $0.value) }
    return FaceGroupProposal(groups: grouped, likenesses: likenesses)
  }

  /// Two decimals: enough to look at, and useless for finding a face again.
  private static func rounded(_ distance: Double) -> Double { (distance * 100).rounded() / 100 }
}
