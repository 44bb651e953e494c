import Domain

/// What the votes of a scene say about all positions together: the mode and the covariance around it.
public struct ScenePosterior: Sendable, Hashable {
  /// The positions in true JOD, with mean 0.
  public let mean: [Double]
  /// Their covariance in squared JOD, row-major `n × n`.
  public let covariance: [Double]

  /// The posterior under a Gaussian prior, from plain arrays; it exists for every design, connected or not.
  ///
  /// All lists are parallel; a pair may occur more than once.
  ///
  /// - Parameters:
  ///   - photos: The number of photos, `n`.
  ///   - first: One photo of each compared pair, 0 ..< `n`.
  ///   - second: The other photo of each pair.
  ///   - firstWins: The votes for the first photo; half a vote for each tie.
  ///   - secondWins: The votes for the second photo.
  ///   - varianceJOD2: The prior variance of each position.
  ///   - start: Positions to start from, such as those before the last votes.
  /// - Throws: `InputError` when the lists don't fit together.
  public init(
    photos: Int, first: [Int], second: [Int], firstWins: [Double], secondWins: [Double],
    varianceJOD2: Double = 25, startingAt start: [Double]? = nil
  ) throws {
    guard first.count == second.count, first.count == firstWins.count,
      first.count == secondWins.count,
      zip(first, second).allSatisfy({ $0 != $1 && min($0, $1) >= 0 && max($0, $1) < photos })
    else {
      throw InputError(
        "comparisons", "the lists differ in length or name photos outside 0 ..< \(photos)",
        remedy: "give four lists of one length with two different photos a row")
    }
    let pairs = first.indices.map { row in
      let swapped = first[row] > second[row]
      return ComparisonMatrix.Pair(
        first: min(first[row], second[row]), second: max(first[row], second[row]),
        firstWins: swapped ? secondWins[row] : firstWins[row],
        secondWins: swapped ? firstWins[row] : secondWins[row])
    }
    guard pairs.contains(where: { $0.total > 0 }) else {
      mean = Array(repeating: 0, count: photos)
      let share = varianceJOD2 / Double(max(photos, 1))
      covariance = (0..<photos * photos).map { place in
        (place / photos == place % photos ? varianceJOD2 : 0) - share
      }
      return
    }
    let fit = try fitScale(
      ComparisonMatrix(count: photos, pairs: pairs), prior: .gaussian(varianceJOD2: varianceJOD2),
      disconnected: .usePrior, startingAt: start)
    mean = fit.jod
    covariance = fit.covariance
  }
}
