public import Domain
internal import Statistics

/// Recipes of evenly graded quality for one scene (paper 2, «Database extension»).
///
/// Level 0 leaves the image alone and each level is worse than the one before by the same synthetic
/// JOD (``DegradationSeverity``). From level 1 on the seed decides, level by level, whether noise
/// of the fixed variance is added and whether the image is slightly sharpened; subsampling makes up
/// the rest. So one quality is reached in different ways, as with real cameras.
public struct DegradationLadder: Hashable, Sendable, Codable {
  /// The number of levels, at least 2.
  public var levels: Int
  /// The severity of the last level.
  public var range: JOD
  /// The fixed variance of the noise, in squared levels of `noiseSpace`.
  public var noiseVariance: Double
  /// The space in which the noise is added.
  public var noiseSpace: NoiseSpace
  /// The kernel that images are shrunk with.
  public var kernel: String
  /// The largest amount of sharpening; each sharpened level draws between half of it and all of it.
  public var sharpeningAmount: Double
  /// The standard deviation of the sharpening's Gaussian, in pixels.
  public var sharpeningSigmaPixels: Double

  /// Makes a ladder; the defaults span 6 JOD with noise of 4 levels' deviation.
  public init(
    levels: Int, range: JOD = JOD(6), noiseVariance: Double = 16, noiseSpace: NoiseSpace = .srgb,
    kernel: String = "bicubic", sharpeningAmount: Double = 0.5, sharpeningSigmaPixels: Double = 1.5
  ) {
    self.levels = levels
    self.range = range
    self.noiseVariance = noiseVariance
    self.noiseSpace = noiseSpace
    self.kernel = kernel
    self.sharpeningAmount = sharpeningAmount
    self.sharpeningSigmaPixels = sharpeningSigmaPixels
  }

  /// The recipes, level 0 first; the same for the same seed on every machine.
  ///
  /// - Throws: `InputError` when the ladder's numbers can't be used.
  public func recipes(seed: UInt64) throws(InputError) -> [DegradationRecipe] {
    guard (2...10_000).contains(levels) else {
      throw InputError(
        Setting("levels"), "\(levels) levels can't be made", remedy: "give 2 to 10000")
    }
    guard range.value > 0, range.value <= 12, (0...1).contains(sharpeningAmount) else {
      throw InputError(
        "degradation ladder", "the range or the sharpening can't be used",
        remedy: "give a range of up to 12 JOD and an amount of 0 to 1")
    }
    let source = SeededGenerator(seed: seed)
    var recipes: [DegradationRecipe] = []
    for level in 0..<levels {
      var generator = source.stream(UInt64(level))
      let recipe = recipe(level, using: &generator)
      try recipe.check()
      recipes.append(recipe)
    }
    return recipes
  }

  /// The recipe of one level.
  private func recipe(
    _ level: Int, using generator: inout SeededGenerator
  ) -> DegradationRecipe {
    let severity = range.value * Double(level) / Double(levels - 1)
    let isSharpened = generator.uniform() < 0.5
    let share = 0.5 + 0.5 * generator.uniform()
    let wantsNoise = generator.uniform() < 0.5
    let noiseSeed = generator.next()
    // The severity of linear noise isn't that of its variance alone: ask the law for the very
    // recipe.
    func made(_ factor: Double, _ amount: Double, _ variance: Double) -> DegradationRecipe {
      DegradationRecipe(
        level: level, subsamplingFactor: factor, sharpeningAmount: amount,
        sharpeningSigmaPixels: amount > 0 ? sharpeningSigmaPixels : 0, noiseVariance: variance,
        noiseSeed: noiseSeed, kernel: kernel, noiseSpace: noiseSpace)
    }
    let noiseCost = DegradationSeverity.jod(of: made(1, 0, noiseVariance)).value
    let variance = wantsNoise && severity >= noiseCost ? noiseVariance : 0
    let rest = variance > 0 ? severity - noiseCost : severity
    let amount = isSharpened && rest > 0 ? sharpeningAmount * share : 0
    let factor = DegradationSeverity.factor(costing: rest, sharpening: amount)
    return made(factor, amount, variance)
  }
}
