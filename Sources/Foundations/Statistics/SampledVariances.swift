/// Variances of very many positions, each against the mean of all, from random samples of their errors.
///
/// Only the part of a variance that comes from the neighbors is sampled: `Cᵢᵢ = 1/Hᵢᵢ + Var(E[xᵢ | neighbors])`. It is a
/// small part where positions have many neighbors, so that some hundred samples give standard deviations within a few
/// percent at most. Samples are `H⁻¹·r` with r = Σ ±√wₚ·(eᵢ − eⱼ), whose covariance is H itself.
///
/// Source: Sidén, Lindgren, Bolin and Villani 2018, doi:10.1080/10618600.2018.1473782 (Rao-Blackwellized Monte Carlo);
/// Papandreou and Yuille 2010 (the samples).
public struct SampledVariances: Sendable, Hashable {
  /// The variances.
  public let variances: [Double]
  /// The relative standard errors of their square roots that sampling leaves.
  public let relativeErrors: [Double]

  /// The diagonal of the covariance `H⁻¹`, brought to the mean of all positions.
  ///
  /// - Parameters:
  ///   - information: The matrix H.
  ///   - samples: The number of samples, brought up to a multiple of 8.
  ///   - generator: The source of randomness; results do not depend on the number of threads.
  ///   - threads: The number of threads; nil takes one for each processor.
  ///   - isCancelled: Asked often; `true` stops the work.
  /// - Throws: `CancellationError` when stopped.
  public init(
    _ information: SparseInformation, samples: Int, generator: SeededGenerator,
    threads: Int? = nil, isCancelled: @Sendable @escaping () -> Bool = { false }
  ) throws {
    let count = information.graph.count
    let batches = (samples + 7) / 8
    let parts = try Parallel.map(
      count: batches, threads: threads, isCancelled: isCancelled, state: {},
      body: { _, batch in
        let right = information.randomRightSides(generator.stream(UInt64(batch)))
        let solved = information.solve(right, tolerance: SparseInformation.sampleTolerance)
        return zip(zip(solved, right), information.diagonal).map { pair, diagonal in
          let mean = pair.0 - pair.1 / diagonal
          let square = mean * mean
          return SIMD2(square.sum(), (square * square).sum())
        }
      })
    let taken = Double(8 * batches)
    var (variances, errors) = ([Double](), [Double]())
    for position in 0..<count {
      let sum = parts.reduce(SIMD2<Double>.zero) { $0 + $1[position] }
      let neighbors = sum.x / taken
      let scatter = max(0, sum.y / taken - neighbors * neighbors) / max(taken - 1, 1)
      let variance = 1 / information.diagonal[position] + neighbors - information.varianceOfMean
      variances.append(max(variance, .leastNormalMagnitude))
      errors.append(scatter.squareRoot() / (2 * max(variance, .leastNormalMagnitude)))
    }
    (self.variances, relativeErrors) = (variances, errors)
  }
}

extension SparseInformation {
  /// How well samples are solved: far better than what sampling itself leaves.
  static let sampleTolerance = 1e-4

  /// Eight right sides whose covariance is the matrix, with signs in place of normal numbers.
  fileprivate func randomRightSides(_ generator: SeededGenerator) -> [SIMD8<Double>] {
    var signs = RandomSigns(generator)
    let root = ridge.squareRoot()
    var right = (0..<graph.count).map { _ in signs.next() * root }
    for i in 0..<graph.count {
      for entry in graph.starts[i]..<graph.starts[i + 1] {
        let j = Int(graph.neighbors[entry])
        guard j > i else { continue }
        let pull = signs.next() * weights[entry].squareRoot()
        right[i] += pull
        right[j] -= pull
      }
    }
    let common = signs.next() * gaugeShare.squareRoot()
    return right.map { $0 + common }
  }
}

/// Random signs, eight at a time.
struct RandomSigns {
  private var generator: SeededGenerator
  private var bits: UInt64 = 0
  private var left = 0
  private let lanes = Self.lanes(zero: -1)

  init(_ generator: SeededGenerator) { self.generator = generator }

  /// Eight numbers for each byte: 1 where a bit is set, `zero` elsewhere.
  static func lanes(zero: Double) -> [SIMD8<Double>] {
    (0..<256).map { code in SIMD8((0..<8).map { code >> $0 & 1 == 1 ? 1 : zero }) }
  }

  /// Eight numbers, each −1 or 1.
  mutating func next() -> SIMD8<Double> {
    if left == 0 { (bits, left) = (generator.next(), 8) }
    let code = Int(bits & 0xFF)
    bits >>= 8
    left -= 1
    return lanes[code]
  }
}
