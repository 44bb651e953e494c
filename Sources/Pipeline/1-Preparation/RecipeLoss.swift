public import Domain

/// How much quality recipes take from a picture.
///
/// Before anybody judged, that is the stated law (``DegradationSeverity``). Measured losses replace
/// it: against the law's value, losses are made to rise (weighted isotonic regression), and between
/// two of them is a straight line, from 0 for an untouched picture. Beyond the last, the law is
/// scaled as there. A family of recipes (one sharpening, one noise) that was measured goes by its
/// own losses, any other one by those of all families.
public struct RecipeLoss: Sendable {
  /// The loss of one recipe, as votes measured it.
  public struct Measurement: Hashable, Sendable {
    /// The recipe.
    public let recipe: DegradationRecipe
    /// How much better the source is, in JOD.
    public let loss: Double
    /// The standard error of the loss.
    public let standardError: Double

    /// Makes a measurement.
    public init(recipe: DegradationRecipe, loss: Double, standardError: Double) {
      (self.recipe, self.loss, self.standardError) = (recipe, loss, standardError)
    }
  }

  /// A point of a curve: the law's loss, and the measured one with its weight.
  private struct Point {
    let law: Double
    var loss: Double
    var weight: Double
  }

  private let families: [DegradationRecipe.Family: [Point]]
  private let all: [Point]

  /// Takes what was measured; nothing leaves the law as it is.
  public init(_ measurements: [Measurement] = []) {
    families = Dictionary(grouping: measurements, by: \.recipe.family).mapValues(Self.curve)
    all = Self.curve(measurements)
  }

  /// The expected loss of a recipe, in JOD.
  public func jod(of recipe: DegradationRecipe) -> Double {
    let law = DegradationSeverity.jod(of: recipe).value
    let points = families[recipe.family] ?? all
    guard let last = points.last else { return law }
    guard let next = points.firstIndex(where: { $0.law >= law }) else {
      // Far from what was measured, the law counts for something still.
      return last.loss + (law - last.law) * min(max(last.loss / last.law, 0.25), 4)
    }
    let (high, low) = (points[next], next > 0 ? points[next - 1] : nil)
    let (startLaw, startLoss) = (low?.law ?? 0, low?.loss ?? 0)
    guard high.law > startLaw else { return high.loss }
    return startLoss + (high.loss - startLoss) * (law - startLaw) / (high.law - startLaw)
  }

  /// Losses that rise with the law's, none below 0: pool adjacent violators.
  private static func curve(_ measurements: [Measurement]) -> [Point] {
    let points = measurements.map { measured in
      Point(
        law: DegradationSeverity.jod(of: measured.recipe).value, loss: max(0, measured.loss),
        weight: 1 / max(measured.standardError * measured.standardError, 1e-6))
    }.filter { $0.law > 0 }.sorted { ($0.law, $0.loss) < ($1.law, $1.loss) }
    var blocks: [(points: [Point], loss: Double, weight: Double)] = []
    for point in points {
      blocks.append(([point], point.loss, point.weight))
      while blocks.count > 1 {
        let (other, last) = (blocks[blocks.count - 2], blocks[blocks.count - 1])
        let isSameLaw = other.points.last?.law == last.points.first?.law
        guard other.loss >= last.loss || isSameLaw else { break }
        blocks.removeLast(2)
        let weight = other.weight + last.weight
        let loss = (other.loss * other.weight + last.loss * last.weight) / weight
        blocks.append((other.points + last.points, loss, weight))
      }
    }
    return blocks.flatMap { block in
      block.points.map { Point(law: $0.law, loss: block.loss, weight: $0.weight) }
    }
  }
}
