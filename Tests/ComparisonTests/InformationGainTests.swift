import Comparison
import Domain
import Foundation
import Scaling
import Statistics
import Testing

/// A case of `Scripts/golden/linking-asap-gains.py`.
private struct GoldenCase: Decodable {
  let photos: Int
  let counts: [[Double]]
  let means: [Double]
  let variances: [Double]
  let approximate: [Double]
  let `public`: [Double]
  let converged: [Double]
  let convergedMeans: [Double]
  let convergedVariances: [Double]

  static func load() throws -> [GoldenCase] {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "Fixtures/asap-gains.json")
    return try JSONDecoder().decode([GoldenCase].self, from: Data(contentsOf: file))
  }

  var matrix: ComparisonMatrix {
    var pairs: [ComparisonMatrix.Pair] = []
    for i in 0..<photos {
      for j in (i + 1)..<max(photos, i + 1) where counts[i][j] + counts[j][i] > 0 {
        pairs.append(.init(first: i, second: j, firstWins: counts[i][j], secondWins: counts[j][i]))
      }
    }
    return ComparisonMatrix(count: photos, pairs: pairs)
  }
}

/// The gains below the diagonal, row by row.
private func lower(_ gains: PairGains) -> [Double] {
  (0..<gains.count).flatMap { i in (0..<i).map { gains[i, $0] } }
}

/// The posterior of a fit with a Gaussian prior.
func posterior(_ matrix: ComparisonMatrix, variance: Double = 100) throws -> QualityPosterior {
  let fit = try fitScale(
    matrix, prior: .gaussian(varianceJOD2: variance), disconnected: .usePrior)
  return try QualityPosterior(means: fit.jod, covariance: fit.covariance)
}

@Suite struct InformationGainTests {
  @Test func meetsNumericalIntegration() throws {
    // The gain of one vote by definition: the divergence of the moment-matched Gaussian from the
    // old one, its moments integrated numerically instead of taken from formulas.
    for (d, variance) in [(0.0, 1.0), (0.7, 0.3), (2.5, 0.8), (1.0, 4.0)] {
      let posterior = try QualityPosterior(
        means: [d * JOD.differenceSigma, 0],
        covariance: [variance * JOD.differenceSigma * JOD.differenceSigma, 0, 0, 0])
      var expected = 0.0
      for sign in [1.0, -1] {
        var moments = [0.0, 0, 0]
        let step = 0.001
        for k in -12_000...12_000 {
          let z = d + Double(k) * step * variance.squareRoot()
          let weight =
            StandardNormal.density(Double(k) * step) * StandardNormal.cdf(sign * z) * step
          moments[0] += weight
          moments[1] += weight * z
          moments[2] += weight * z * z
        }
        let mean = moments[1] / moments[0]
        let ratio = (moments[2] / moments[0] - mean * mean) / variance
        expected +=
          moments[0] * 0.5 * (ratio - 1 - log(ratio) + (mean - d) * (mean - d) / variance)
      }
      // The rule's error is below 1e-9 with steps of a thousandth standard deviation.
      #expect(abs(PairGains(posterior)[0, 1] - expected) < 1e-8)
    }
  }

  @Test func staysFiniteWhereTailsVanish() throws {
    let far = try QualityPosterior(means: [0, 60, 3e4], covariance: [1, 0, 0, 0, 1, 0, 0, 0, 1])
    let gains = PairGains(far)
    #expect(gains.values.allSatisfy { $0.isFinite && $0 >= 0 })
    #expect(gains[0, 1] < 1e-100)
    let certain = try QualityPosterior(means: [0, 1], covariance: [0, 0, 0, 0])
    #expect(PairGains(certain)[0, 1] == 0)
  }

  @Test func seesCorrelationsThatMarginalsHide() throws {
    // Two photos known well against one another but badly against the rest gain nothing from one
    // more vote.
    let tied = try QualityPosterior(
      means: [0, 0, 0], covariance: [4, 3.99, 0, 3.99, 4, 0, 0, 0, 1])
    let gains = PairGains(tied)
    #expect(gains[0, 1] < 0.02 * gains[0, 2])
    let marginal = PairGains.asapApproximate(means: tied.means, variances: [4, 4, 1])
    #expect(marginal[0, 1] > marginal[0, 2])
  }

  @Test func errorReductionMeetsTheNarrowedCovariance() throws {
    // The trace of the covariance before and after, one outcome at a time, by conditioning written
    // out in full.
    let unit = JOD.differenceSigma * JOD.differenceSigma
    var covariance = [1.0, 0.2, -0.3, 0.2, 0.8, 0.1, -0.3, 0.1, 1.4]
    let means = [0.3, -0.9, 0.6]
    let reductions = PairGains.errorReduction(
      try QualityPosterior(means: means, covariance: covariance))
    let (i, j) = (0, 2)
    let s = covariance[0] + covariance[8] - 2 * covariance[2]
    let direction = (0..<3).map { covariance[$0 * 3 + i] - covariance[$0 * 3 + j] }
    let x = (means[i] - means[j]) / (unit + s).squareRoot()
    var expected = 0.0
    for sign in [1.0, -1] {
      let psi = StandardNormal.density(x) / StandardNormal.cdf(sign * x)
      let share = psi * (psi + sign * x) / (unit + s)
      expected +=
        StandardNormal.cdf(sign * x) * share * direction.reduce(0) { $0 + $1 * $1 }
    }
    // The same algebra in another order.
    #expect(abs(reductions[i, j] - expected) < 1e-14)
    covariance = [Double](repeating: 0, count: 9)
    let certain = PairGains.errorReduction(
      try QualityPosterior(means: means, covariance: covariance))
    #expect(certain.values.allSatisfy { $0 == 0 })
  }

  @Test func approximateModeIsASAPs() throws {
    for golden in try GoldenCase.load() {
      let unit = JOD.differenceSigma
      let gains = PairGains.asapApproximate(
        means: golden.means.map { $0 * unit }, variances: golden.variances.map { $0 * unit * unit })
      for (ours, theirs) in zip(lower(gains), golden.approximate) {
        // The same formula in another order; theirs cancels about two digits.
        #expect(abs(ours - theirs) < 1e-12)
      }
    }
  }

  @Test func ranksPairsAsASAPDoes() throws {
    for golden in try GoldenCase.load() {
      // ASAP's prior: variance ½ in units of the deciding noise.
      let prior = 0.5 * JOD.differenceSigma * JOD.differenceSigma
      let gains = lower(PairGains(try posterior(golden.matrix, variance: prior)))
      let converged = Correlation.spearman(gains, golden.converged)
      let published = Correlation.spearman(gains, golden.public)
      print("gain ranking, n = \(golden.photos): converged \(converged), published \(published)")
      #expect(converged >= 0.95)
      #expect(published >= 0.95)
    }
  }

  @Test func exactModeMeetsConvergedASAP() throws {
    for golden in try GoldenCase.load() {
      let scale = asapScale(golden.matrix)
      for (ours, theirs) in zip(scale.means, golden.convergedMeans) {
        #expect(abs(ours - theirs * JOD.differenceSigma) < 1e-6)
      }
      let gains = PairGains.asapExact(comparisons: golden.matrix, fit: asapScale)
      for (ours, theirs) in zip(lower(gains), golden.converged) {
        // Both iterate to convergence; theirs stops after 800 rounds and cancels about two digits.
        #expect(abs(ours - theirs) < 1e-6)
      }
    }
  }
}
