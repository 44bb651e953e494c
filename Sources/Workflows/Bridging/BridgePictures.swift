import Domain
import Files
import Pixels
import Preparation
import Statistics
import Studies

/// Makes the pictures of a bridge inside a study, from the regions that observers see.
///
/// A recipe is followed at the size of the region, so that it means the same for every camera, and
/// the picture has exactly the framing of its source.
struct BridgePictures {
  let study: StudyStore
  let plan: BridgePlan
  private let degradation = Degradation()

  init(_ study: StudyStore, _ plan: BridgePlan) { (self.study, self.plan) = (study, plan) }

  /// Makes one picture; the file is whole in its place before the row names it.
  ///
  /// - Returns: the recipe with the seed of its noise, and the SHA-256 of the region.
  /// - Throws: an error when the source's region can't be read.
  func make(
    _ proposal: BridgeProposal
  ) throws -> (recipe: DegradationRecipe, sha256: String?) {
    let source = proposal.source
    let region = source.region
    let recipe = recipe(proposal)
    let name = Self.name(source.photo.photo, recipe)
    let image = try RasterImage.decode(study.files.path(region.sha256))
    let bytes = try degradation.apply(recipe, to: image).encoded(as: .png(), name: name.text)
    let sha256 = try study.files.insert(bytes)
    try study.derive(
      DerivedRegion(
        photo: name, source: source.photo, sourceRegion: region, recipe: recipe, sha256: sha256,
        byteCount: bytes.count))
    return (recipe, sha256)
  }

  /// The recipe with noise of its own: by the plan's seed, the source and the recipe, the same for
  /// every attribute.
  private func recipe(_ proposal: BridgeProposal) -> DegradationRecipe {
    let name = Self.name(proposal.source.photo.photo, proposal.recipe)
    let place = ScenePhoto(scene: proposal.source.photo.scene, photo: name)
    var generator = SeededGenerator(seed: plan.seed).stream(named: place.crossName.text)
    return proposal.recipe.seeded(generator.next())
  }

  /// The source's name with what was done to it, such as `dslr.jpg_f1.5_s0.3_n16.png`.
  static func name(_ source: PhotoID, _ recipe: DegradationRecipe) -> PhotoID {
    func text(_ value: Double) -> String {
      value == value.rounded() ? "\(Int(value))" : "\(value)"
    }
    let recipe =
      "_f\(text(recipe.subsamplingFactor))_s\(text(recipe.sharpeningAmount))"
      + "_n\(text(recipe.noiseVariance)).png"
    var stem = source.text
    // Long names are told apart by their hash.
    if stem.utf8.count > 180 {
      let hash = String(SeededGenerator.hash(stem), radix: 16)
      while stem.utf8.count > 160 { stem.removeLast() }
      stem += "~\(hash)"
    }
    return PhotoID(stem + recipe)
  }
}
