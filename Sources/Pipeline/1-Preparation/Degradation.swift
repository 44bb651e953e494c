public import Domain
public import Pixels
internal import Statistics

/// Makes degraded images from recipes (paper 2, «Database extension»).
///
/// The steps run in this order: shrink by the factor with the recipe's kernel and enlarge again
/// with the bicubic kernel; an unsharp mask; Gaussian noise of a fixed variance.
public struct Degradation: Sendable {
  private let noise = GaussianNoise()

  /// Makes the tables that all images share.
  public init() {}

  /// The degraded image; the same for the same recipe and image on every machine.
  ///
  /// - Throws: `InputError` when the recipe can't be followed.
  public func apply(
    _ recipe: DegradationRecipe, to image: RasterImage
  ) throws(InputError) -> RasterImage {
    try recipe.check()
    guard let kernel = ResamplingKernel(rawValue: recipe.kernel) else {
      throw InputError(
        "recipe \(recipe.level)", "«\(recipe.kernel)» is not a kernel",
        remedy: "use one of \(ResamplingKernel.allCases.map(\.rawValue).joined(separator: ", "))")
    }
    var result = image
    if recipe.subsamplingFactor > 1 {
      let width = Double(image.widthPixels) / recipe.subsamplingFactor
      let height = Double(image.heightPixels) / recipe.subsamplingFactor
      result = result.resized(
        widthPixels: Int(width.rounded()), heightPixels: Int(height.rounded()), kernel: kernel
      ).resizedBicubic(widthPixels: image.widthPixels, heightPixels: image.heightPixels)
    }
    result = result.unsharpMasked(
      amount: recipe.sharpeningAmount, sigmaPixels: recipe.sharpeningSigmaPixels)
    var generator = SeededGenerator(seed: recipe.noiseSeed)
    return switch recipe.noiseSpace {
    case .srgb: noise.adding(to: result, variance: recipe.noiseVariance, using: &generator)
    case .linear: noise.addingLinear(to: result, variance: recipe.noiseVariance, using: &generator)
    }
  }
}

extension DegradationRecipe {
  /// Refuses numbers that mean nothing.
  func check() throws(InputError) {
    guard (1...1024).contains(subsamplingFactor), (0...10).contains(sharpeningAmount),
      (0...100).contains(sharpeningSigmaPixels), (0...65_025).contains(noiseVariance)
    else {
      throw InputError(
        "recipe \(level)", "a number is out of range",
        remedy: "give a factor of 1 to 1024, an amount of 0 to 10, a sigma of 0 to 100 pixels and "
          + "a variance of 0 to 65025")
    }
  }
}
