import Domain
import Preparation
import Scaling
import Statistics
import Studies

/// A study as bridging sees it: who stands where on the scale, and which pictures there are.
struct BridgeStudy {
  /// A picture that was made from a reference of the scene.
  struct Picture {
    let photo: StudyPhoto
    let source: StudyPhoto
    let recipe: DegradationRecipe
    /// By how much the source is better, as far as votes tell; nil without.
    let loss: EffectEstimate?
    /// Whether the loss is known well enough.
    let isPlaced: Bool
  }

  /// A reference of the scene on the scale.
  struct Reference {
    let photo: StudyPhoto
    let region: StudyRegion
    let position: Double
  }

  let scale: BridgeScale
  /// All photos of the study by their rows.
  let photos: [Int64: StudyPhoto]
  /// The places on the scale of the study's photos, by their rows.
  let index: [Int64: Int]
  /// The study's photos by their index on the scale; nil for those that the study lacks.
  let members: [StudyPhoto?]
  /// The indices of the photos that count as placed.
  let placed: [Int]
  /// The references that stand on the scale, the worst first.
  let references: [Reference]
  /// The scene's pictures with a region of the attribute.
  let pictures: [Picture]
  /// The regions of the attribute, by the photo's row.
  let regions: [Int64: StudyRegion]
  /// What recipes are expected to take.
  let expected: RecipeLoss

  init(_ study: StudyStore, _ scale: BridgeScale, _ plan: BridgePlan) throws {
    self.scale = scale
    let photos = try study.photos()
    let byPlace = Dictionary(
      uniqueKeysWithValues: photos.map { (ScenePhoto(scene: $0.scene, photo: $0.photo), $0) })
    let byID = Dictionary(uniqueKeysWithValues: photos.map { ($0.id, $0) })
    self.photos = byID
    let lineages = try study.lineages()
    let regions = try study.regions().compactMapValues { $0[scale.attribute] }
    self.regions = regions
    let members = scale.photos.map { byPlace[$0] }
    self.members = members
    let index = Dictionary(
      members.enumerated().compactMap { place, photo in photo.map { ($0.id, place) } }
    ) { first, _ in first }
    self.index = index
    let estimates = scale.estimates
    let pictures = photos.compactMap { photo -> Picture? in
      guard photo.scene == plan.scene, let lineage = lineages[photo.id],
        let source = byID[lineage.source], regions[photo.id] != nil
      else { return nil }
      var loss: EffectEstimate?
      if let own = index[photo.id], let from = index[source.id] {
        loss = EffectEstimate(.difference(from, own), in: estimates)
      }
      return Picture(
        photo: photo, source: source, recipe: lineage.recipe, loss: loss,
        isPlaced: loss.map { $0.standardError <= plan.placedWithin } ?? false)
    }
    self.pictures = pictures
    let open = Set(pictures.filter { !$0.isPlaced }.map(\.photo.id))
    placed = members.indices.filter { place in
      members[place].map { !open.contains($0.id) } ?? false
    }
    references = try photos.compactMap { photo -> Reference? in
      guard photo.scene == plan.scene, photo.metadata.isReference == true,
        let place = index[photo.id]
      else { return nil }
      guard let region = regions[photo.id] else {
        throw InputError(
          ScenePhoto(scene: photo.scene, photo: photo.photo).crossName.text,
          "has no region of \(scale.attribute)", remedy: "run vernier study regions first")
      }
      return Reference(photo: photo, region: region, position: estimates.positions[place])
    }.sorted { ($0.position, $0.photo.photo) < ($1.position, $1.photo.photo) }
    expected = RecipeLoss(
      pictures.filter(\.isPlaced).compactMap { picture in
        picture.loss.map {
          RecipeLoss.Measurement(
            recipe: picture.recipe, loss: $0.value, standardError: $0.standardError)
        }
      })
  }

  /// Where a picture is expected, from its source and recipe; nil when the source isn't on the scale.
  func expectedPosition(_ picture: Picture) -> Double? {
    references.first { $0.photo.id == picture.source.id }.map {
      $0.position - expected.jod(of: picture.recipe)
    }
  }

  /// The scene's placed photos on both sides of a position.
  func sides(of position: Double, in scene: SceneID) -> (lower: StudyPhoto?, upper: StudyPhoto?) {
    let positions = scale.estimates.positions
    let own = placed.filter { members[$0]?.scene == scene }.sorted {
      (positions[$0], $0) < (positions[$1], $1)
    }
    let lower = own.last { positions[$0] <= position }
    let upper = own.first { positions[$0] > position }
    return (lower.flatMap { members[$0] }, upper.flatMap { members[$0] })
  }
}
