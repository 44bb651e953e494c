/// The likelihood of paired comparisons around its maximum, followed along straight lines.
///
/// It describes how fast the deviance grows on either side of an estimate. Where answers are
/// unanimous the two sides differ much, and the curvature at the maximum says little about either.
public struct PairLikelihood: Sendable, Hashable {
  /// The chance of a choice as a function of the distance.
  public enum Link: Sendable, Hashable {
    /// Φ(x): Thurstone's Case V.
    case probit
    /// 1/(1 + e^−x): Bradley and Terry.
    case logit
  }

  /// The positions of the maximum.
  public let mode: [Double]
  private let first: [Int32]
  private let second: [Int32]
  private let wins: [Double]
  private let losses: [Double]
  private let link: Link
  private let unit: Double
  private let graph: ComparisonGraph
  /// Every pair's part at the maximum, in which all lines begin.
  private let start: [Part]

  /// A pair's part of the log-likelihood with its derivatives by the distance.
  private struct Part: Hashable {
    let x: Double
    let value: Double
    let slope: Double
    /// The negative second derivative.
    let curvature: Double
  }

  /// Takes the counts of every compared pair, in parallel lists.
  ///
  /// - Parameters:
  ///   - mode: The positions that maximize the likelihood with its prior.
  ///   - first: One position of each pair.
  ///   - second: The other position.
  ///   - wins: The answers for `first`.
  ///   - losses: The answers for `second`.
  ///   - link: The chance of a choice.
  ///   - unit: The x of the link at a distance of 1.
  public init(
    mode: [Double], first: [Int32], second: [Int32], wins: [Double], losses: [Double], link: Link,
    unit: Double
  ) {
    self.mode = mode
    (self.first, self.second, self.wins, self.losses) = (first, second, wins, losses)
    (self.link, self.unit) = (link, unit)
    graph = ComparisonGraph(count: mode.count, first: first, second: second)
    start = first.indices.map { pair in
      let x = (mode[Int(first[pair])] - mode[Int(second[pair])]) * unit
      let (k, l) = (wins[pair], losses[pair])
      let (better, worse) = (link.slopes(x), link.slopes(-x))
      return Part(
        x: x, value: link.logLikelihood(x, k, l), slope: k * better.psi - l * worse.psi,
        curvature: k * better.lambda + l * worse.lambda)
    }
  }

  /// The deviance 2·(ℓ(mode) − ℓ(mode + s·direction)) as a function of s.
  ///
  /// Pairs whose distance moves by less than 0.05 units of the link within `reach` enter by their
  /// Taylor polynomial of second order, whose error there is below 10⁻⁴ of their part; the prior,
  /// which is Gaussian, enters exactly by the same polynomial.
  ///
  /// - Parameters:
  ///   - direction: The direction of the line.
  ///   - curvature: The whole curvature along it: 1/variance when the sum that it changes by 1 has
  ///     that variance.
  ///   - reach: The largest |s| of interest.
  /// - Returns: The deviance as a function of s.
  func deviance(
    along direction: [Double], curvature: Double, reach: Double
  ) -> (Double) -> Double {
    let moves = candidates(direction, reach: reach).compactMap { pair -> (Int, Double)? in
      let pair = Int(pair)
      let slope = (direction[Int(first[pair])] - direction[Int(second[pair])]) * unit
      return abs(slope) * reach > 0.05 ? (pair, slope) : nil
    }
    return deviance(moves, curvature: curvature)
  }

  /// The deviance when one position moves and all others stay.
  ///
  /// - Parameters:
  ///   - position: The position.
  ///   - curvature: The information on it when all others are known.
  /// - Returns: The deviance as a function of how far it moved.
  func deviance(moving position: Int, curvature: Double) -> (Double) -> Double {
    let moves = graph.pairs(of: position).map { pair in
      (Int(pair), first[Int(pair)] == Int32(position) ? unit : -unit)
    }
    return deviance(moves, curvature: curvature)
  }

  /// The deviance along a line: exact for pairs whose distance moves with these slopes, a Taylor
  /// polynomial for others.
  private func deviance(
    _ moves: [(pair: Int, slope: Double)], curvature: Double
  ) -> (Double) -> Double {
    var strong: [(x: Double, slope: Double, wins: Double, losses: Double)] = []
    var base = 0.0
    var restSlope = 0.0
    var restCurvature = curvature
    for (pair, slope) in moves {
      let part = start[pair]
      strong.append((part.x, slope, wins[pair], losses[pair]))
      base += part.value
      // At the maximum the whole slope is 0, so the rest has the opposite of what these pairs have.
      restSlope -= part.slope * slope
      restCurvature -= part.curvature * slope * slope
    }
    restCurvature = max(0, restCurvature)
    return { [link, strong, base, restSlope, restCurvature] s in
      var value = restSlope * s - 0.5 * restCurvature * s * s - base
      for pair in strong {
        value += link.logLikelihood(pair.x + s * pair.slope, pair.wins, pair.losses)
      }
      return max(0, -2 * value)
    }
  }

  /// The pairs, ascending, whose distance may move by more than 0.05 units of the link within
  /// `reach`.
  ///
  /// Most positions hardly move when one or two others do, and two that stay within half the limit
  /// of a middle cannot move apart by more than the limit; only the pairs of the others need a
  /// look.
  private func candidates(_ direction: [Double], reach: Double) -> [Int32] {
    let middle = direction.reduce(0, +) / Double(max(direction.count, 1))
    let half = 0.0249 / (unit * reach)
    let moving = direction.map { !(abs($0 - middle) <= half) }
    let movers = direction.indices.filter { moving[$0] }
    guard 2 * movers.count < direction.count else { return Array(0..<Int32(first.count)) }
    var found: [Int32] = []
    for position in movers {
      for pair in graph.pairs(of: position)
      where first[Int(pair)] == Int32(position) || !moving[Int(first[Int(pair)])] {
        found.append(pair)
      }
    }
    found.sort()
    return found
  }
}

extension PairLikelihood.Link {
  /// The logarithm of the probability of a pair's answers at a distance.
  fileprivate func logLikelihood(_ x: Double, _ wins: Double, _ losses: Double) -> Double {
    (wins > 0 ? wins * logProbability(x) : 0) + (losses > 0 ? losses * logProbability(-x) : 0)
  }

  private func logProbability(_ x: Double) -> Double {
    switch self {
    case .probit: ThurstoneLink.logProbability(x)
    case .logit: LogisticLink.logProbability(x)
    }
  }

  fileprivate func slopes(_ x: Double) -> (psi: Double, lambda: Double) {
    let slopes =
      switch self {
      case .probit: ThurstoneLink.slopes(x)
      case .logit: LogisticLink.slopes(x)
      }
    return (slopes.psi, slopes.lambda)
  }
}
