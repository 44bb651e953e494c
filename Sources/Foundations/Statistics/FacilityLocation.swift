/// Chooses few of many things so that every one of them is close to a chosen one.
///
/// The sum over all things of the largest similarity to a chosen one is raised greedily; it is
/// submodular, so that the greedy choice reaches at least 1 − 1/e of the best sum.
///
/// Source: G. Nemhauser, L. Wolsey, M. Fisher, «An analysis of approximations for maximizing
/// submodular set functions», Mathematical Programming 14 (1978).
public enum FacilityLocation {
  /// One choice.
  public struct Choice: Hashable, Sendable {
    /// The chosen thing.
    public let index: Int
    /// What it added, as a part of the number of things.
    public let gain: Double
  }

  /// Chooses things, the most useful first.
  ///
  /// Takes `count` rounds over all pairs.
  ///
  /// - Parameters:
  ///   - similarities: a square matrix of numbers of 0 or more; row i is how well each thing stands
  ///     for thing i.
  ///   - count: how many; all of them when there are fewer.
  /// - Returns: the choices in order; of equal ones the first.
  public static func choose(_ similarities: [[Double]], count: Int) -> [Choice] {
    let total = similarities.count
    var covered = [Double](repeating: 0, count: total)
    var isChosen = [Bool](repeating: false, count: total)
    return (0..<min(max(0, count), total)).map { _ in
      var best = (index: 0, gain: -1.0)
      for candidate in 0..<total where !isChosen[candidate] {
        var gain = 0.0
        for thing in 0..<total {
          gain += max(0, similarities[thing][candidate] - covered[thing])
        }
        // Sums of the same numbers in another order may differ in their last bits.
        if gain > best.gain + 1e-12 { best = (candidate, gain) }
      }
      isChosen[best.index] = true
      for thing in 0..<total {
        covered[thing] = max(covered[thing], similarities[thing][best.index])
      }
      return Choice(index: best.index, gain: best.gain / Double(total))
    }
  }

  /// For each thing, the chosen one that stands for it best; of equal ones the first chosen.
  ///
  /// - Parameters:
  ///   - similarities: the matrix that was chosen from.
  ///   - choices: the choices, at least one.
  /// - Returns: the positions in `choices`.
  public static func assignments(_ similarities: [[Double]], _ choices: [Choice]) -> [Int] {
    similarities.map { row in
      var best = 0
      for (position, choice) in choices.enumerated()
      where row[choice.index] > row[choices[best].index] { best = position }
      return best
    }
  }
}
