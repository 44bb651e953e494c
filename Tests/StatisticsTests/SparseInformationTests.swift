import Statistics
import Testing

/// Random comparisons of 80 positions: sparse, and as a dense matrix.
private struct Design {
  let count = 80
  var first: [Int32] = []
  var second: [Int32] = []
  var weights: [Double] = []
  var graph: ComparisonGraph { ComparisonGraph(count: count, first: first, second: second) }

  init(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    for i in 0..<count {
      for j in (i + 1)..<max(count, i + 1) where j == i + 1 || random.uniform() < 0.08 {
        first.append(Int32(i))
        second.append(Int32(j))
        weights.append(0.2 + random.uniform())
      }
    }
  }

  func sparse(ridge: Double) -> SparseInformation {
    SparseInformation(graph, weights: weights, ridge: ridge)
  }

  /// The covariance of positions against their mean.
  func covariance(ridge: Double) throws -> [Double] {
    var matrix = [Double](repeating: ridge > 0 ? 0 : 1, count: count * count)
    for i in 0..<count { matrix[i * count + i] += ridge }
    for pair in first.indices {
      let (i, j) = (Int(first[pair]), Int(second[pair]))
      for (a, b, sign) in [(i, i, 1.0), (j, j, 1), (i, j, -1), (j, i, -1)] {
        matrix[a * count + b] += sign * weights[pair]
      }
    }
    let inverse = try #require(Cholesky(matrix, count: count)).inverse()
    let means = (0..<count).map { row in
      Descriptive.mean(Array(inverse[row * count..<(row + 1) * count]))
    }
    let grand = Descriptive.mean(means)
    return (0..<count * count).map {
      inverse[$0] + grand - means[$0 / count] - means[$0 % count]
    }
  }
}

@Suite struct SparseInformationTests {
  @Test(arguments: [0.04, 0])
  func solutionsAreThoseOfTheDenseMatrix(ridge: Double) throws {
    let design = Design(seed: 4)
    let covariance = try design.covariance(ridge: ridge)
    let information = design.sparse(ridge: ridge)
    var random = SeededGenerator(seed: 9)
    var right = (0..<design.count).map { _ in random.normal() }
    let mean = Descriptive.mean(right)
    right = right.map { $0 - mean }
    let x = information.solve(right, tolerance: 1e-13)
    let lanes = information.solve(
      right.map { SIMD8(repeating: $0) * SIMD8(1, 2, 3, 4, 5, 6, 7, 0) }, tolerance: 1e-13)
    for i in 0..<design.count {
      let expected = (0..<design.count).reduce(0) {
        $0 + covariance[i * design.count + $1] * right[$1]
      }
      #expect(abs(x[i] - expected) < 1e-10)
      #expect(abs(lanes[i][2] - 3 * expected) < 1e-9 && lanes[i][7] == 0)
    }
  }

  @Test(arguments: [0.04, 0])
  func sampledVariancesAreWithinTheirStatedErrors(ridge: Double) throws {
    let design = Design(seed: 5)
    let covariance = try design.covariance(ridge: ridge)
    let sampled = try SampledVariances(
      design.sparse(ridge: ridge), samples: 256, generator: SeededGenerator(seed: 2))
    let scores = (0..<design.count).map { i in
      let exact = covariance[i * design.count + i].squareRoot()
      return (sampled.variances[i].squareRoot() / exact - 1) / sampled.relativeErrors[i]
    }
    // Standard normal numbers, about; neighbors share their errors, so that many may be off together.
    #expect(scores.allSatisfy { abs($0) < 4.5 }, "\(scores)")
    #expect(Descriptive.mean(scores.map { abs($0) }) > 0.05)
    #expect(sampled.relativeErrors.allSatisfy { $0 > 0 && $0 < 0.1 })
    let alone = try SampledVariances(
      design.sparse(ridge: ridge), samples: 256, generator: SeededGenerator(seed: 2), threads: 1)
    #expect(alone == sampled)
  }

  @Test(arguments: [12, 400])
  func spreadIsTheSandwichOverUnits(units: Int) throws {
    let design = Design(seed: 6)
    let covariance = try design.covariance(ridge: 0.04)
    var random = SeededGenerator(seed: 3)
    var answers: (unit: [Int32], pair: [Int], slope: [Double]) = ([], [], [])
    for answer in 0..<4000 {
      answers.unit.append(Int32(answer % units))
      answers.pair.append(random.index(below: design.first.count))
      answers.slope.append(random.normal())
    }
    let slopes = AnswerSlopes(
      units: units, unit: answers.unit, first: answers.pair.map { design.first[$0] },
      second: answers.pair.map { design.second[$0] }, slopes: answers.slope)
    let found = try slopes.variances(
      design.sparse(ridge: 0.04), samples: 256, generator: SeededGenerator(seed: 7))

    let count = design.count
    var pulls = [[Double]](repeating: Array(repeating: 0, count: count), count: units)
    for answer in answers.pair.indices {
      let (unit, pair) = (Int(answers.unit[answer]), answers.pair[answer])
      pulls[unit][Int(design.first[pair])] += answers.slope[answer]
      pulls[unit][Int(design.second[pair])] -= answers.slope[answer]
    }
    let mean = (0..<count).map { i in Descriptive.mean(pulls.map { $0[i] }) }
    for i in 0..<count {
      let exact =
        pulls.reduce(0) { sum, pull in
          let moved = (0..<count).reduce(0) {
            $0 + covariance[i * count + $1] * (pull[$1] - mean[$1])
          }
          return sum + moved * moved
        } * Double(units) / Double(units - 1)
      // Units one by one are exact but for the solver's tolerance; 256 random signs leave some percent.
      #expect(abs(found[i] / exact - 1) < (units <= 256 ? 0.01 : 0.3), "\(i)")
    }
  }
}
