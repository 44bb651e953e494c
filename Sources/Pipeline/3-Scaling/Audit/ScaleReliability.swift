import Domain
import Statistics

/// How well a scale separates its photos.
struct ScaleReliability: Sendable {
  /// The share of the positions' variance that is true: 1 − mean squared error/variance.
  let separation: Double
  /// The same taken from the plain fit, where earlier answers chose the pairs and the scale was
  /// corrected for it.
  let uncorrected: Double?
  /// The correlation of the scales of two random halves of the observers, brought to all by
  /// Spearman and Brown.
  ///
  /// The median and the middle 95 % of the splits; nil for fewer than 4 observers, or where halves
  /// have no common scale.
  let splitHalf: (median: Double, low: Double, high: Double)?

  /// 1 − mean squared error/variance, within 0…1.
  static func separation(_ positions: [Double], variances: [Double]) -> Double {
    let variance = Descriptive.populationVariance(positions)
    guard variance > 0 else { return 0 }
    return min(max(1 - Descriptive.mean(variances) / variance, 0), 1)
  }

  /// The variances of all positions against their mean.
  static func variances(_ estimates: Estimates) -> [Double] {
    let count = estimates.positions.count
    return (0..<count).map { estimates.variance(.position($0, of: count)) }
  }

  /// Computes the reliability of a scaled scene.
  ///
  /// - Parameters:
  ///   - scaled: The scale.
  ///   - layout: Who judged what.
  ///   - results: The answers.
  ///   - ridge: The inverse of the prior variance.
  ///   - splits: The number of random halves.
  init(
    _ scaled: ScaledScene, layout: VoteLayout, results: [Double], ridge: Double, splits: Int = 40
  ) {
    separation = Self.separation(
      scaled.estimates.positions, variances: Self.variances(scaled.estimates))
    let plain = scaled.fit.standardDeviations.map { $0 * $0 }
    if case .corrected = scaled.choice {
      uncorrected = Self.separation(scaled.fit.jod, variances: plain)
    } else {
      uncorrected = nil
    }
    splitHalf = Self.splitHalf(
      layout, results: results, ridge: ridge, near: scaled.fit.jod, splits: splits,
      generator: SeededGenerator(seed: scaled.settings.seed).stream(UInt64.max - 3))
  }

  private static func splitHalf(
    _ layout: VoteLayout, results: [Double], ridge: Double, near start: [Double], splits: Int,
    generator: SeededGenerator
  ) -> (median: Double, low: Double, high: Double)? {
    let active = layout.byObserver.indices.filter { !layout.byObserver[$0].isEmpty }
    guard active.count >= 4 else { return nil }
    var random = generator
    var found: [Double] = []
    for _ in 0..<splits {
      let order = random.shuffled(active)
      let halves = [order.prefix(order.count / 2), order.dropFirst(order.count / 2)]
      let scales = halves.compactMap { half -> [Double]? in
        var pairs = PairCounts(count: layout.photos)
        let votes = half.flatMap { layout.byObserver[$0] }
        var counts: [Int: (Double, Double)] = [:]
        for vote in votes {
          let result = layout.a[vote] < layout.b[vote] ? results[vote] : 1 - results[vote]
          counts[layout.pair[vote], default: (0, 0)].0 += result
          counts[layout.pair[vote], default: (0, 0)].1 += 1 - result
        }
        for pair in counts.keys.sorted() {
          guard let (wins, losses) = counts[pair] else { continue }
          pairs.append(
            Int(layout.first[pair]), Int(layout.second[pair]), wins: wins, losses: losses,
            ties: 0, rule: .halfVotes)
        }
        return try? LikelihoodFit<ThurstoneLink>(pairs: pairs, ridge: ridge)
          .maximum(from: start).jod
      }
      guard scales.count == 2 else { continue }
      let r = Correlation.pearson(scales[0], scales[1])
      // Spearman and Brown, for twice the observers.
      if r.isFinite { found.append(2 * r / (1 + max(r, -0.99))) }
    }
    guard found.count >= 10 else { return nil }
    return (
      Descriptive.median(found), Descriptive.quantile(found, 0.025),
      Descriptive.quantile(found, 0.975)
    )
  }

  /// The reliability in words; it is a fault of no vote, so it is worth a look at most.
  func finding(observers: Int) -> AuditFinding {
    var measures = [AuditMeasure("separation reliability", separation)]
    if let splitHalf {
      measures.append(
        AuditMeasure(
          "split-half reliability over observers", splitHalf.median,
          interval: (splitHalf.low, splitHalf.high)))
    }
    var sentence =
      "\(AuditText.percent(separation)) of the variance of the scores is true variance "
      + "(separation reliability \(AuditText.number(separation)))."
    if let splitHalf {
      sentence +=
        " Random halves of the observers agree with \(AuditText.number(splitHalf.median))."
    }
    if let uncorrected {
      measures.append(
        AuditMeasure("separation reliability before the correction of adaptivity", uncorrected))
      sentence +=
        " Earlier answers chose the pairs: taken at face value it would be "
        + "\(AuditText.number(uncorrected)), which is inflated, and so are halves that share pairs."
    }
    return AuditFinding(
      .reliability, separation < 0.7 ? .look : .fine, sentence, measures: measures)
  }
}
