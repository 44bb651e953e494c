import Domain
import Files
import Foundation
import ModelLibrary
import Pixels
import Preparation
import Statistics
import Unification

/// Writes portraits with graded damage as a data set in PIQ23's layout, small enough that networks
/// learn on two cores.
///
/// Votes are simulated on scales that are stretched and shifted by a known (a, b) in every scene.
/// Besides the public layout it holds the unified scale (`Scores_Unified.csv`), the scenes' people
/// and (a, b), for paper 2's recipe.
struct LayoutSet {
  let photos: [SourcePhoto]
  let installation: Installation
  let perScene: Int
  let seed: UInt64
  let say: (String) -> Void
  private let widthPixels = 336
  private let heightPixels = 448
  private let devices = 6

  func write(to folder: String) throws {
    let images = try pictures(to: "\(folder)/Details")
    var random = SeededGenerator(seed: seed)
    var distortions: [SceneID: (a: Double, b: Double)] = [:]
    var truth = CSVWriter(columns: ["SCENE", "PERSON", "A", "B"])
    for photo in photos {
      let line = Votes.distortion(&random)
      distortions[photo.scene] = line
      truth.append([photo.scene.text, photo.person, "\(line.a)", "\(line.b)"])
    }
    let votes = Votes(seed: seed)
    let scales = try votes.scales(images) { distortions[$0] ?? (1, 0) }
    let unified = try votes.unified(scales, images).scale
    let provenance = Provenance(
      command: ["portrait-study", "layout"], seed: seed, settings: ["votes": .text("simulated")])
    try truth.write(to: "\(folder)/truth-scenes.csv")
    try ScoresFile.write(scales, to: "\(folder)/Scores_Details.csv", provenance: provenance)
    try UnifiedScoresFile.write(
      UnifiedScores(scale: unified, sceneScales: scales), to: "\(folder)/Scores_Unified.csv",
      provenance: provenance)
    try lists(images, random: &random, to: folder)
    say("\(folder): \(images.count) images of \(photos.count) scenes")
  }

  /// The images of every scene; files that are there already are written again, the same.
  private func pictures(to folder: String) throws -> [StudyImage] {
    try AtomicFile.makeFolder(folder)
    let preparer = try PhotoPreparer(
      detector: RetinaFaceDetector(modelPath: installation.model(StageScoringFiles.detector)))
    let degradation = Degradation()
    var images: [StudyImage] = []
    for (index, photo) in photos.enumerated() {
      let region = try preparer.region(of: photo.path, attribute: .details).image
        .resizedBicubic(widthPixels: widthPixels, heightPixels: heightPixels)
      for (number, recipe) in Recipe.drawn(perScene, portrait: index, seed: seed).enumerated() {
        let name = "\(number)_\(photo.scene).png"
        try recipe.apply(to: region, degradation).write(to: "\(folder)/\(name)", as: .png())
        images.append(
          StudyImage(
            scene: photo.scene, person: photo.person, photo: PhotoID(name), recipe: recipe,
            quality: Truth.quality(of: recipe, regionWidthPixels: widthPixels), features: []))
      }
    }
    return images
  }

  /// The public splits: two of the devices, and three of ten scenes, are for the test.
  private func lists(
    _ images: [StudyImage], random: inout SeededGenerator, to folder: String
  ) throws {
    var metadata = CSVWriter(columns: ["Image", "Device"])
    var deviceSplit = CSVWriter(columns: ["IMAGE", "SPLIT"])
    for (index, image) in images.enumerated() {
      let device = index % devices
      metadata.append([image.photo.text, "device \(device)"])
      deviceSplit.append([image.photo.text, device < devices / 3 ? "Test" : "Train"])
    }
    var sceneSplit = CSVWriter(columns: ["SCENE", "SPLIT", "NB IMAGES"])
    let order = random.shuffled(photos.map(\.scene))
    for (index, scene) in order.enumerated() {
      sceneSplit.append([
        scene.text, 10 * index < 3 * order.count ? "Test" : "Train", "\(perScene)",
      ])
    }
    try metadata.write(to: "\(folder)/Image Metadata.csv")
    try deviceSplit.write(to: "\(folder)/Device Split.csv")
    try sceneSplit.write(to: "\(folder)/Scene Split.csv")
  }
}
