public import Domain
import Foundation

/// The recipes from which the pictures of a bridge are chosen: every combination of a subsampling
/// factor, an amount of slight sharpening and a fixed variance of noise (paper 2, «Database
/// extension»).
public struct RecipeGrid: Hashable, Sendable, Codable {
  /// The factors by which images are shrunk and enlarged again.
  public var factors: [Double]
  /// The amounts of the unsharp mask, 0 to 1.
  public var sharpeningAmounts: [Double]
  /// The variances of the noise, in squared levels of sRGB.
  public var noiseVariances: [Double]
  /// The standard deviation of the sharpening's Gaussian, in pixels.
  public var sharpeningSigmaPixels: Double

  /// Factors of 1 to 8 in steps of 2^(1/8), each a fifth of a JOD by the stated law.
  public static let standardFactors = (0...24).map {
    (100 * exp2(Double($0) / 8)).rounded() / 100
  }

  /// Makes a grid; by default the standard factors, with and without an amount of 0.3 and noise of
  /// 4 levels' deviation.
  public init(
    factors: [Double] = standardFactors, sharpeningAmounts: [Double] = [0, 0.3],
    noiseVariances: [Double] = [0, 16], sharpeningSigmaPixels: Double = 1.5
  ) {
    self.factors = factors
    self.sharpeningAmounts = sharpeningAmounts
    self.noiseVariances = noiseVariances
    self.sharpeningSigmaPixels = sharpeningSigmaPixels
  }

  /// The recipes that take quality by the stated law (``DegradationSeverity``), the mildest first;
  /// their noise has no seed yet.
  ///
  /// - Throws: `InputError` for a number out of range, and when no recipe takes anything.
  public func recipes() throws(InputError) -> [DegradationRecipe] {
    try check("factors", factors, in: 1...64)
    try check("sharpening", sharpeningAmounts, in: 0...1)
    try check("noise", noiseVariances, in: 0...2500)
    var found: [(law: Double, recipe: DegradationRecipe)] = []
    for factor in Set(factors).sorted() {
      for amount in Set(sharpeningAmounts).sorted() {
        for variance in Set(noiseVariances).sorted() {
          let recipe = DegradationRecipe(
            level: 0, subsamplingFactor: factor, sharpeningAmount: amount,
            sharpeningSigmaPixels: amount > 0 ? sharpeningSigmaPixels : 0,
            noiseVariance: variance, noiseSeed: 0)
          let law = DegradationSeverity.jod(of: recipe).value
          if law > 0 { found.append((law, recipe)) }
        }
      }
    }
    guard !found.isEmpty else {
      throw InputError(
        Setting("factors"), "no recipe makes a picture worse",
        remedy: "give a factor above 1, or noise")
    }
    return found.enumerated().sorted { ($0.element.law, $0.offset) < ($1.element.law, $1.offset) }
      .map(\.element.recipe)
  }

  private func check(
    _ name: String, _ values: [Double], in range: ClosedRange<Double>
  ) throws(InputError) {
    guard !values.isEmpty else {
      throw InputError(Setting(name), "the list is empty", remedy: "give at least one number")
    }
    if let wrong = values.first(where: { !range.contains($0) }) {
      throw InputError(
        Setting(name), "\(wrong) is out of range",
        remedy: "give numbers from \(Int(range.lowerBound)) to \(Int(range.upperBound))")
    }
  }
}

extension DegradationRecipe {
  /// What the recipes of one family have in common: sharpening and noise; they differ in the factor.
  public struct Family: Hashable, Sendable {
    /// The amount of the unsharp mask.
    public let sharpeningAmount: Double
    /// The variance of the noise.
    public let noiseVariance: Double
  }

  /// The recipe's family.
  public var family: Family {
    Family(sharpeningAmount: sharpeningAmount, noiseVariance: noiseVariance)
  }

  /// The same recipe with another seed of the noise.
  public func seeded(_ seed: UInt64) -> Self {
    Self(
      level: level, subsamplingFactor: subsamplingFactor, sharpeningAmount: sharpeningAmount,
      sharpeningSigmaPixels: sharpeningSigmaPixels, noiseVariance: noiseVariance, noiseSeed: seed,
      kernel: kernel, noiseSpace: noiseSpace)
  }
}
