import Domain

/// A degradation recipe as a row of `recipes.csv`.
enum RecipeRow {
  /// The columns.
  static let columns = [
    "image", "level", "subsampling_factor", "kernel", "sharpening_amount",
    "sharpening_sigma_pixels", "noise_variance", "noise_space", "noise_seed",
  ]

  /// The fields of one image.
  static func fields(_ recipe: DegradationRecipe, image: String) -> [String] {
    [
      image, "\(recipe.level)", "\(recipe.subsamplingFactor)", recipe.kernel,
      "\(recipe.sharpeningAmount)", "\(recipe.sharpeningSigmaPixels)", "\(recipe.noiseVariance)",
      recipe.noiseSpace.rawValue, "\(recipe.noiseSeed)",
    ]
  }
}
