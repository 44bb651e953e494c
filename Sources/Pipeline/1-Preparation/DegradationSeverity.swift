public import Domain
import Foundation

/// How much worse than its source a degraded image is, by a stated law.
///
/// This number is **synthetic**. It serves as the truth of simulated observers and as the yardstick
/// of ``DegradationLadder``; no observer was asked. The law is smooth and rises with the
/// subsampling factor and with the noise variance:
///
///     severity = 1.6 · log₂ f + 0.75 · ln(1 + v / 16) − 0.6 · amount · (1 − 1 / f)
///
/// with f the factor and v the variance in squared levels of sRGB. Slight sharpening gives back a
/// part of what subsampling took, never more. Noise of linear light is put on the scale of sRGB at
/// mid grey, where one linear level is 1.4 coded levels.
public enum DegradationSeverity {
  /// JOD for each doubling of the subsampling factor.
  static let perOctave = 1.6
  /// JOD for each e-fold of 1 + v / 16.
  static let perNoise = 0.75
  /// The variance at which noise starts to count, a standard deviation of 4 levels.
  static let noiseReference = 16.0
  /// JOD that a unit of sharpening gives back at most.
  static let perSharpening = 0.6

  /// The distance in JOD below the undegraded image, at least 0.
  public static func jod(of recipe: DegradationRecipe) -> JOD {
    let factor = max(1, recipe.subsamplingFactor)
    let variance = recipe.noiseVariance * (recipe.noiseSpace == .linear ? 1.4 * 1.4 : 1)
    let blur = perOctave * log2(factor)
    let relief = perSharpening * min(1, recipe.sharpeningAmount) * (1 - 1 / factor)
    return JOD(max(0, blur - relief) + noise(variance))
  }

  /// The part that noise of a variance adds.
  static func noise(_ variance: Double) -> Double {
    perNoise * log(1 + max(0, variance) / noiseReference)
  }

  /// The factor at which subsampling, partly offset by sharpening, costs a given number of JOD.
  static func factor(costing severity: Double, sharpening amount: Double) -> Double {
    guard severity > 0 else { return 1 }
    func cost(_ factor: Double) -> Double {
      perOctave * log2(factor) - perSharpening * min(1, amount) * (1 - 1 / factor)
    }
    var low = 1.0
    var high = exp2((severity + perSharpening) / perOctave)
    // The cost rises in f for amounts up to 1, because perOctave / ln 2 is larger than
    // perSharpening.
    for _ in 0..<60 {
      let middle = (low + high) / 2
      if cost(middle) < severity { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }
}
