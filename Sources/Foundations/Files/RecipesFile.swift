public import Domain

/// How one degraded image was made: a row of `recipes.csv`.
public struct RecipeRow: Hashable, Sendable {
  /// The scene, where a file holds several.
  public let scene: SceneID?
  /// The image's file name.
  public let photo: PhotoID
  /// What was done to it.
  public let recipe: DegradationRecipe

  /// Makes a row.
  public init(scene: SceneID? = nil, photo: PhotoID, recipe: DegradationRecipe) {
    self.scene = scene
    self.photo = photo
    self.recipe = recipe
  }
}

/// The file of degradation recipes, `recipes.csv`; a file of several scenes starts with the column
/// `scene`.
public enum RecipesFile {
  /// The columns behind `scene`.
  public static let columns = [
    "image", "level", "subsampling_factor", "kernel", "sharpening_amount",
    "sharpening_sigma_pixels", "noise_variance", "noise_space", "noise_seed",
  ]

  /// Writes rows; the column `scene` is there when any row names one.
  public static func write(_ rows: [RecipeRow], to path: String) throws(InputError) {
    let withScenes = rows.contains { $0.scene != nil }
    var table = CSVWriter(columns: withScenes ? ["scene"] + columns : columns)
    for row in rows {
      let recipe = row.recipe
      let fields = [
        row.photo.text, "\(recipe.level)", CSVWriter.text(recipe.subsamplingFactor),
        recipe.kernel, CSVWriter.text(recipe.sharpeningAmount),
        CSVWriter.text(recipe.sharpeningSigmaPixels), CSVWriter.text(recipe.noiseVariance),
        recipe.noiseSpace.rawValue, "\(recipe.noiseSeed)",
      ]
      table.append(withScenes ? [row.scene?.text ?? ""] + fields : fields)
    }
    try table.write(to: path)
  }
}
