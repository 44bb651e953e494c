import Domain
import Files
import Foundation
import ModelLibrary
import NeuralModels
import Pixels
import Preparation

/// One public-domain photograph of the list.
struct SourcePhoto {
  let scene: SceneID
  /// Photographs of the same group show the same people, and are never on both sides of a split.
  let person: String
  let path: String
  let sha256: String

  /// Reads the list, and refuses photos whose content is not the listed one.
  ///
  /// - Parameters:
  ///   - list: `scene,source,file,person,sha256`.
  ///   - folders: where the files of each source lie.
  /// - Returns: the photos, in the list's order.
  /// - Throws: `InputError` that names the list or the photo.
  static func read(_ list: String, folders: [String: String]) throws -> [SourcePhoto] {
    let table = try CSVTable(path: list)
    let columns = try table.columns(["scene", "source", "file", "person", "sha256"])
    return try table.rows.map { row in
      let field = columns.map { row.rawText($0) }
      guard let folder = folders[field[1]] else {
        throw InputError(list, "«\(field[1])» is no source", remedy: "use the list as committed")
      }
      let path = "\(folder)/\(field[2])"
      guard try FileDigest.sha256(path) == field[4] else {
        throw InputError(
          path, "it is not the photo that the model was trained on",
          remedy: "check out the commit that Scripts/default-model names")
      }
      return SourcePhoto(scene: SceneID(field[0]), person: field[3], path: path, sha256: field[4])
    }
  }
}

/// One image of the study: what was done to it, what it is worth, and what the model sees of it.
struct StudyImage: Codable {
  let scene: SceneID
  let person: String
  let photo: PhotoID
  let recipe: Recipe
  /// The quality that the simulated observers perceive.
  let quality: JOD
  let features: [Float]
  var key: ScenePhoto { ScenePhoto(scene: scene, photo: photo) }
}

/// Makes the images in memory and computes their features; each scene's are kept in a folder for
/// the next run.
struct Pictures {
  let installation: Installation
  let cache: String
  let perScene: Int
  let longSidePixels = 612
  let seed: UInt64

  func images(_ photos: [SourcePhoto], say: (String) -> Void) throws -> [StudyImage] {
    try AtomicFile.makeFolder(cache)
    let backbone = try installation.model(StageScoringFiles.backbone)
    let features = try StageFeatures(backbone: backbone, longSidePixels: longSidePixels)
    let preparer = try PhotoPreparer(
      detector: RetinaFaceDetector(modelPath: installation.model(StageScoringFiles.detector)))
    let degradation = Degradation()
    var images: [StudyImage] = []
    for (index, photo) in photos.enumerated() {
      let recipes = Recipe.drawn(perScene, portrait: index, seed: seed)
      let file = "\(cache)/\(photo.scene)-\(photo.sha256.prefix(8)).json"
      if let known = try? CanonicalJSON.read([StudyImage].self, from: file),
        known.map(\.recipe) == recipes
      {
        images += known
        continue
      }
      let made = try self.images(photo, recipes, preparer, degradation, features)
      try AtomicFile.write(CanonicalJSON.document(made), to: file)
      images += made
      say("\(index + 1) of \(photos.count) portraits")
    }
    return images
  }

  private func images(
    _ photo: SourcePhoto, _ recipes: [Recipe], _ preparer: PhotoPreparer<RetinaFaceDetector>,
    _ degradation: Degradation, _ features: StageFeatures
  ) throws -> [StudyImage] {
    let found = try preparer.region(of: photo.path, attribute: .details)
    let crop = found.geometry.crop
    // The region at its own resolution: that is where a camera's damage is done.
    let own = found.image.resizedBicubic(widthPixels: crop.width, heightPixels: crop.height)
    return try recipes.enumerated().map { number, recipe in
      let picture = try recipe.apply(to: own, degradation).resizedBicubic(
        widthPixels: found.image.widthPixels, heightPixels: found.image.heightPixels)
      return StudyImage(
        scene: photo.scene, person: photo.person,
        photo: PhotoID("\(photo.scene)_\(number < 10 ? "0" : "")\(number)"), recipe: recipe,
        quality: Truth.quality(of: recipe, regionWidthPixels: crop.width),
        features: try features.features(of: picture))
    }
  }
}
