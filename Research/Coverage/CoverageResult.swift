import Domain
import Foundation
import Scaling
import Statistics

/// How the scales of simulated studies compare with the truth.
struct CoverageResult: CustomStringConvertible {
  private let design: CoverageDesign
  private var slopes: [Double] = []
  private var errors: [Double] = []
  private var covered: [Double] = []
  private var outer: [Double] = []
  private var deviations: [Double] = []
  private var seconds: [Double] = []

  init(design: CoverageDesign) { self.design = design }

  /// Takes one study's scale.
  mutating func add(
    _ scaled: ScaledScene, truth: [PhotoID: Double], range: Double, elapsed: Duration
  ) {
    let photos = scaled.scale.photos
    let qualities = photos.map { truth[$0.photo] ?? 0 }
    let square = qualities.reduce(0) { $0 + $1 * $1 }
    slopes.append(zip(photos, qualities).reduce(0) { $0 + $1.0.score * $1.1 } / square)
    let misses = zip(photos, qualities).map { $0.score - $1 }
    errors.append((misses.reduce(0) { $0 + $1 * $1 } / Double(photos.count)).squareRoot())
    let holds = zip(photos, qualities).map { photo, quality in
      photo.interval.low <= quality && quality <= photo.interval.high ? 1.0 : 0
    }
    covered.append(Descriptive.mean(holds))
    // The outer 40 %: a fifth of the range at either end.
    let ends = zip(holds, qualities).filter { abs($0.1) > 0.3 * range }.map(\.0)
    outer.append(Descriptive.mean(ends))
    deviations.append(
      Descriptive.mean(
        zip(photos, misses).map { abs($1) <= 1.959964 * $0.standardDeviation ? 1.0 : 0 }))
    seconds.append(
      Double(elapsed.components.seconds) + Double(elapsed.components.attoseconds) / 1e18)
  }

  static let header =
    "criterion photos votes range observers opinions batch studies slope(se) rmse holds(se) outer std seconds"

  var description: String {
    func error(_ values: [Double]) -> Double {
      values.count > 1
        ? Descriptive.standardDeviation(values) / Double(values.count).squareRoot() : .nan
    }
    let kind =
      "\(design.criterion.rawValue)\(design.once ? ",once" : "")"
      + (design.randomShare > 0 ? ",\(design.randomShare)" : "")
    return String(
      format: "%@ %d %d %.1f %d %.1f %d %d %.3f(%.3f) %.3f %.3f(%.3f) %.3f %.3f %.1f",
      kind, design.photos, design.votes, design.range, design.observers, design.opinions,
      design.batch, slopes.count, Descriptive.mean(slopes), error(slopes),
      Descriptive.mean(errors), Descriptive.mean(covered), error(covered), Descriptive.mean(outer),
      Descriptive.mean(deviations), Descriptive.mean(seconds))
  }
}
