/// How each answer of a study pulls on two positions: the gradient of its log-likelihood.
///
/// Answers belong to units that were drawn independently, such as observers. Their pulls, added up within a unit, show the
/// spread between units that the information leaves out.
public struct AnswerSlopes: Sendable, Hashable {
  /// The number of units.
  public let units: Int
  let unit: [Int32]
  let first: [Int32]
  let second: [Int32]
  let slopes: [Double]

  /// Takes, in parallel lists, each answer's unit, its two positions, and the slope that pulls them apart.
  public init(units: Int, unit: [Int32], first: [Int32], second: [Int32], slopes: [Double]) {
    self.units = units
    (self.unit, self.first, self.second, self.slopes) = (unit, first, second, slopes)
  }

  /// The mean pull of a unit on every position.
  private func mean(count: Int) -> [Double] {
    var sum = [Double](repeating: 0, count: count)
    for answer in slopes.indices {
      sum[Int(first[answer])] += slopes[answer]
      sum[Int(second[answer])] -= slopes[answer]
    }
    return sum.map { $0 / Double(max(units, 1)) }
  }

  /// The sum over units of the squared pull on each position, around the mean.
  private func squares(around mean: [Double]) -> [Double] {
    var answers = [Int](repeating: 0, count: units + 1)
    for unit in unit { answers[Int(unit) + 1] += 1 }
    for unit in 0..<units { answers[unit + 1] += answers[unit] }
    var next = answers
    var order = [Int32](repeating: 0, count: slopes.count)
    for answer in slopes.indices {
      order[next[Int(unit[answer])]] = Int32(answer)
      next[Int(unit[answer])] += 1
    }
    var squares = mean.map { -$0 * $0 * Double(units) }
    var pull = [Double](repeating: 0, count: mean.count)
    for unit in 0..<units {
      let own = order[answers[unit]..<answers[unit + 1]].map { Int($0) }
      for answer in own {
        pull[Int(first[answer])] += slopes[answer]
        pull[Int(second[answer])] -= slopes[answer]
      }
      for answer in own {
        for position in [Int(first[answer]), Int(second[answer])] {
          squares[position] += pull[position] * pull[position]
          pull[position] = 0
        }
      }
    }
    return squares.map { max(0, $0) }
  }

  /// The variance of every position over the units: the diagonal of `H⁻¹·Σ gᵤgᵤᵀ·H⁻¹` with the factor K/(K − 1).
  ///
  /// At most `samples` units are taken one by one, and the result is exact. More are taken by random signs, `Σ ±gᵤ`, whose
  /// own squares are known exactly, so that only what neighbors add is sampled.
  ///
  /// - Parameters:
  ///   - information: The matrix H.
  ///   - samples: The number of samples, brought up to a multiple of 8.
  ///   - generator: The source of randomness; results do not depend on the number of threads.
  ///   - threads: The number of threads; nil takes one for each processor.
  ///   - isCancelled: Asked often; `true` stops the work.
  /// - Returns: The variances.
  /// - Throws: `CancellationError` when stopped.
  public func variances(
    _ information: SparseInformation, samples: Int, generator: SeededGenerator,
    threads: Int? = nil, isCancelled: @Sendable @escaping () -> Bool = { false }
  ) throws -> [Double] {
    let count = information.graph.count
    let mean = mean(count: count)
    let isExact = units <= samples
    let batches = ((isExact ? units : samples) + 7) / 8
    let lanes = RandomSigns.lanes(zero: isExact ? 0 : -1)
    let diagonal = information.diagonal
    let parts = try Parallel.map(
      count: batches, threads: threads, isCancelled: isCancelled, state: {},
      body: { _, batch in
        let codes = codes(batch, isExact: isExact, generator: generator)
        let right = rightSides(codes, lanes: lanes, mean: mean)
        let solved = information.solve(right, tolerance: SparseInformation.sampleTolerance)
        return (0..<count).map { position in
          let known = isExact ? .zero : right[position] / diagonal[position]
          return (solved[position] * solved[position] - known * known).sum()
        }
      })
    let own = isExact ? [] : squares(around: mean)
    let factor = Double(units) / Double(max(units - 1, 1))
    return (0..<count).map { position in
      let sum = parts.reduce(0) { $0 + $1[position] }
      if isExact { return factor * sum }
      let known = own[position] / (diagonal[position] * diagonal[position])
      return factor * max(0, known + sum / Double(8 * batches))
    }
  }

  /// Eight signs of each unit as the bits of a byte, or one bit for the unit whose turn it is.
  private func codes(_ batch: Int, isExact: Bool, generator: SeededGenerator) -> [UInt8] {
    if isExact {
      return (0..<units).map { $0 / 8 == batch ? 1 << UInt8($0 % 8) : 0 }
    }
    var random = generator.stream(UInt64(batch))
    return (0..<units).map { _ in UInt8(truncatingIfNeeded: random.next() >> 32) }
  }

  private func rightSides(
    _ codes: [UInt8], lanes: [SIMD8<Double>], mean: [Double]
  ) -> [SIMD8<Double>] {
    let total = codes.reduce(SIMD8<Double>.zero) { $0 + lanes[Int($1)] }
    var right = mean.map { -$0 * total }
    for answer in slopes.indices {
      let pull = lanes[Int(codes[Int(unit[answer])])] * slopes[answer]
      right[Int(first[answer])] += pull
      right[Int(second[answer])] -= pull
    }
    return right
  }
}
