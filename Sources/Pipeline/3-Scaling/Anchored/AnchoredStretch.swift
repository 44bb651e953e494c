import Domain
import Glibc
import Statistics

/// By how much a fit of new votes to a published scale is stretched: with few votes a photo the
/// maximum of a likelihood lies outward, and the unit comes out too large (by 9 % with 27).
///
/// Publications and answers are drawn at the fit, for the pairs that were asked, and fitted again.
/// One factor for the published photos, one for the new ones and one for the unit are taken, since
/// a factor of its own for every photo would add more noise than it takes out.
///
/// Source: bias correction by the parametric bootstrap (Efron and Tibshirani 1993, chapter 10).
struct AnchoredStretch {
  /// The factor by which published photos lie too far from the published mean.
  let old: Double
  /// The same of new photos.
  let new: Double
  /// The factor by which the unit is too large.
  let unit: Double

  init(
    _ fit: AnchoredFit, _ published: PublishedScale, _ comparisons: ComparisonMatrix,
    settings: ScalingSettings, replicates: Int = 40
  ) throws {
    let count = published.positions.count
    guard let factor = Cholesky(published.covariance, count: count) else {
      (old, new, unit) = (1, 1, 1)
      return
    }
    let center = Descriptive.mean(Array(fit.positions.prefix(count)))
    let places = fit.positions.map { $0 - center }
    let jod = fit.positions.map { $0 * fit.jodPerUnit }
    let ridge = PairFitter(settings).ridge
    let generator = SeededGenerator(seed: settings.seed).stream(0x616e_6368)
    let found = try Parallel.map(
      count: replicates, threads: settings.threads, state: {},
      body: { _, replicate -> (old: Double, new: Double, unit: Double)? in
        var random = generator.stream(UInt64(replicate))
        let noise = factor.correlate((0..<count).map { _ in random.normal() })
        let drawn = published.with(positions: zip(fit.positions, noise).map { $0 + $1 })
        let again = try? AnchoredFit(
          drawn, comparisons.redrawn(at: jod, using: &random), ties: settings.ties, ridge: ridge)
        guard let again else { return nil }
        func products(_ range: Range<Int>) -> Double {
          range.reduce(0) { $0 + places[$1] * (again.positions[$1] - center) }
        }
        return (
          products(0..<count), products(count..<places.count), log(again.jodPerUnit)
        )
      }
    ).compactMap { $0 }
    func stretch(_ range: Range<Int>, _ products: [Double]) -> Double {
      let square = range.reduce(0) { $0 + places[$1] * places[$1] }
      let ratio = square > 0 ? Descriptive.mean(products) / square : 1
      // A handful of answers say nothing about a stretch.
      return min(max(ratio, 0.8), 1.5)
    }
    guard !found.isEmpty else {
      (old, new, unit) = (1, 1, 1)
      return
    }
    old = stretch(0..<count, found.map(\.old))
    new = stretch(count..<places.count, found.map(\.new))
    unit = exp(Descriptive.mean(found.map(\.unit)) - log(fit.jodPerUnit))
  }
}

extension AnchoredFit {
  /// The fit without its stretch.
  func without(_ stretch: AnchoredStretch, published count: Int) -> AnchoredFit {
    let center = Descriptive.mean(Array(positions.prefix(count)))
    return AnchoredFit(
      positions: positions.enumerated().map { place, position in
        center + (position - center) / (place < count ? stretch.old : stretch.new)
      }, jodPerUnit: jodPerUnit / stretch.unit, inverse: inverse, size: size,
      priorPrecision: priorPrecision)
  }
}
