/// A weighted sum of positions: a photo, a difference of two, a difference of the means of two
/// groups.
public struct LinearCombination: Sendable, Hashable {
  /// The index and weight of each term; indices occur once.
  public let terms: [Term]

  /// One position with its weight.
  public struct Term: Sendable, Hashable {
    /// The index of the position.
    public let index: Int
    /// Its weight.
    public let weight: Double
  }

  /// Makes a sum; weights of the same index are added up.
  public init(_ terms: [(index: Int, weight: Double)]) {
    var sums: [Int: Double] = [:]
    for term in terms { sums[term.index, default: 0] += term.weight }
    self.terms = sums.keys.sorted().map { Term(index: $0, weight: sums[$0] ?? 0) }
  }

  /// How much higher the position `first` is than `second`.
  public static func difference(_ first: Int, _ second: Int) -> Self {
    Self([(first, 1), (second, -1)])
  }

  /// How much higher the mean position of `first` is than that of `second`.
  public static func difference(meanOf first: [Int], _ second: [Int]) -> Self {
    Self(
      first.map { ($0, 1 / Double(first.count)) } + second.map { ($0, -1 / Double(second.count)) })
  }

  /// A position against the mean of all `count` positions.
  public static func position(_ index: Int, of count: Int) -> Self {
    Self((0..<count).map { ($0, ($0 == index ? 1 : 0) - 1 / Double(count)) })
  }

  /// The sum at these values.
  public func of(_ values: [Double]) -> Double {
    terms.reduce(0) { $0 + $1.weight * values[$1.index] }
  }

  /// wᵀ·C·w for a matrix given row-major.
  public func quadratic(_ matrix: [Double], count: Int) -> Double {
    var sum = 0.0
    for a in terms {
      for b in terms { sum += a.weight * b.weight * matrix[a.index * count + b.index] }
    }
    return max(0, sum)
  }

  /// C·w for a matrix given row-major.
  func image(_ matrix: [Double], count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for term in terms {
      for index in 0..<count { result[index] += term.weight * matrix[term.index * count + index] }
    }
    return result
  }
}
