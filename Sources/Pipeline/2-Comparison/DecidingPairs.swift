import Domain
public import Statistics

/// One scene in which a difference of two groups is to be measured more exactly.
public struct ContrastTarget: Sendable {
  /// The positions of the scene's photos, in JOD.
  public var positions: [Double]
  /// Their joint covariance, row-major.
  public var covariance: [Double]
  /// The difference in question, such as that of two groups' means.
  public var contrast: LinearCombination
  /// The scene's weight in the whole difference.
  public var weight: Double
  /// The pairs that may be asked.
  public var pairs: [PhotoPair]
  /// How much more often each photo stood as A than as B.
  public var sideSurplus: [Int]

  /// Makes a target.
  public init(
    positions: [Double], covariance: [Double], contrast: LinearCombination, weight: Double,
    pairs: [PhotoPair], sideSurplus: [Int]
  ) {
    (self.positions, self.covariance, self.contrast) = (positions, covariance, contrast)
    (self.weight, self.pairs, self.sideSurplus) = (weight, pairs, sideSurplus)
  }
}

/// The pairs whose votes narrow a difference most, over all scenes, each at most once.
///
/// A vote on the pair e with information w takes (cᵀΣe)²/(1/w + eᵀΣe) from the variance cᵀΣc of the
/// difference c. Pairs are taken one by one, and Σ follows each.
///
/// - Parameters:
///   - targets: The scenes.
///   - count: How many pairs.
///   - generator: Decides sides where they are balanced.
/// - Returns: At most `count` pairs with the index of their target, the most valuable first; the
///   gain is in JOD².
public func decidingPairs(
  _ targets: [ContrastTarget], count: Int, using generator: inout SeededGenerator
) -> [(target: Int, pair: PlannedPair)] {
  var states = targets.map(TargetState.init)
  var chosen: [(target: Int, pair: PlannedPair)] = []
  while chosen.count < count {
    let best = states.indices.compactMap { index in
      states[index].best.map { (index: index, gain: $0.gain, place: $0.place) }
    }.max { $0.gain < $1.gain }
    guard let best else { break }
    let pair = states[best.index].take(best.place, gain: best.gain, using: &generator)
    chosen.append((best.index, pair))
  }
  return chosen
}

/// A scene while its pairs are chosen.
private struct TargetState {
  private let positions: [Double]
  private let contrast: LinearCombination
  private let weight: Double
  private var covariance: [Double]
  private var open: [PhotoPair]
  private var balance: SideBalance
  private(set) var best: (place: Int, gain: Double)?

  init(_ target: ContrastTarget) {
    positions = target.positions
    contrast = target.contrast
    weight = target.weight
    covariance = target.covariance
    open = target.pairs
    balance = SideBalance(surplus: target.sideSurplus)
    findBest()
  }

  mutating func take(
    _ place: Int, gain: Double, using generator: inout SeededGenerator
  ) -> PlannedPair {
    let pair = open.remove(at: place)
    let count = positions.count
    let row = row(pair)
    let factor = 1 / (noise(pair) + row[pair.first] - row[pair.second])
    for i in 0..<count where row[i] != 0 {
      for j in 0..<count { covariance[i * count + j] -= factor * row[i] * row[j] }
    }
    findBest()
    let (a, b) = balance.sides(of: pair, using: &generator)
    return PlannedPair(a: a, b: b, gain: gain)
  }

  private mutating func findBest() {
    best = nil
    for (place, pair) in open.enumerated() {
      let row = row(pair)
      let shared = weight * contrast.of(row)
      let gain = shared * shared / (noise(pair) + row[pair.first] - row[pair.second])
      if gain > best?.gain ?? 0 { best = (place, gain) }
    }
  }

  /// Σ·e for e = first − second.
  private func row(_ pair: PhotoPair) -> [Double] {
    let count = positions.count
    return (0..<count).map {
      covariance[$0 * count + pair.first] - covariance[$0 * count + pair.second]
    }
  }

  /// 1/w: the inverse of the information of one vote under Case V, in JOD².
  private func noise(_ pair: PhotoPair) -> Double {
    // Far apart, one vote tells next to nothing; the bound keeps the quotient finite.
    let x = min(abs(positions[pair.first] - positions[pair.second]) / JOD.differenceSigma, 6)
    let chance = StandardNormal.cdf(-x)
    let density = StandardNormal.density(x)
    return JOD.differenceSigma * JOD.differenceSigma * chance * (1 - chance) / (density * density)
  }
}
