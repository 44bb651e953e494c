import Comparison
import Domain
import Files
import Foundation
import ModelLibrary
import Pixels
import Preparation
import Scaling
import Unification

/// One image of the demo: what was done to it and what it is worth.
struct DemoImage {
  let scene: SceneID
  let photo: PhotoID
  let path: String
  let recipe: DegradationRecipe
  /// The quality on the common scale.
  let quality: JOD
}

/// The demo's study folder, built up step by step: pictures, votes, scales.
struct DemoStudy {
  let plan: DemoPlan
  let folder: String
  let installation: Installation
  let observer: DemoObserver

  /// Where a file of the study lies.
  func path(_ name: String) -> String { "\(folder)/\(name)" }

  // MARK: 1 Prepare

  /// Cuts the region of interest out of every portrait.
  func prepare() throws -> [SceneID: RegionRecord] {
    let preparer = try PhotoPreparer(
      detector: RetinaFaceDetector(
        modelPath: installation.model(StageScoringFiles.detector)))
    try AtomicFile.makeFolder(path("sources"))
    var records: [SceneID: RegionRecord] = [:]
    for (index, scene) in plan.scenes.enumerated() {
      records[scene.id] = try preparer.prepareRecorded(
        photo: installation.portrait(scene.portrait), attribute: plan.attribute,
        to: path("sources"), name: scene.id.text)
      observer.advance(index + 1, plan.scenes.count)
    }
    return records
  }

  // MARK: 2 Degrade

  /// Makes the images of graded quality: the region at its own resolution is degraded, then
  /// enlarged to the viewing size.
  func degrade(_ records: [SceneID: RegionRecord]) throws -> [DemoImage] {
    let imageFolder = path(plan.attribute.title)
    try AtomicFile.makeFolder(imageFolder)
    let degradation = Degradation()
    var images: [DemoImage] = []
    for (index, scene) in plan.scenes.enumerated() {
      guard let record = records[scene.id] else { continue }
      let prepared = record.prepared
      let crop = prepared.crop
      let source = try RasterImage.decodeArea(
        prepared.photo,
        area: crop, width: crop.width, height: crop.height)
      let recipes = try DegradationLadder(levels: plan.levels).recipes(
        seed: plan.seed &+ UInt64(index))
      for recipe in recipes {
        let name = "\(scene.id)_\(recipe.level < 10 ? "0" : "")\(recipe.level).jpg"
        let file = "\(imageFolder)/\(name)"
        if !isMade(file, by: recipe, from: record) {
          let picture = try degradation.apply(recipe, to: source).resizedBicubic(
            widthPixels: prepared.widthPixels, heightPixels: prepared.heightPixels)
          try picture.write(to: file, as: .jpeg(quality: 95))
          try AtomicFile.write(stamp(recipe, record), to: "\(file).recipe.json")
        }
        images.append(
          DemoImage(
            scene: scene.id, photo: PhotoID(name), path: file, recipe: recipe,
            quality: SimulatedTruth.quality(of: recipe, regionWidthPixels: crop.width)))
        observer.advance(images.count, plan.scenes.count * plan.levels)
      }
    }
    try RecipesFile.write(
      images.map { RecipeRow(scene: $0.scene, photo: $0.photo, recipe: $0.recipe) },
      to: path("recipes.csv"))
    try writeAnnotationLists(images)
    return images
  }

  /// The input of `vernier annotate`: every image, and pairs of obvious order to measure observers
  /// with.
  private func writeAnnotationLists(_ images: [DemoImage]) throws {
    var regions = CSVWriter(columns: ["SCENE", "IMAGE", "ATTRIBUTE", "REGION"])
    for image in images {
      regions.append([
        image.scene.text, image.photo.text, plan.attribute.text,
        "\(plan.attribute.title)/\(image.photo)",
      ])
    }
    try regions.write(to: path("regions.csv"))
    var golden = CSVWriter(columns: ["scene", "attribute", "better", "worse"])
    for scene in plan.scenes {
      let ladder = images.filter { $0.scene == scene.id }.sorted {
        $0.recipe.level < $1.recipe.level
      }
      // The slightest and the strongest degradations of the ladder.
      for (better, worse) in zip(ladder.prefix(3), ladder.suffix(3)) {
        golden.append([
          scene.id.text, plan.attribute.text, better.photo.text, worse.photo.text,
        ])
      }
    }
    try golden.write(to: path("golden.csv"))
  }

  /// What an image was made from: the photo's content, the crop and the recipe.
  private func stamp(_ recipe: DegradationRecipe, _ record: RegionRecord) throws -> String {
    struct Stamp: Encodable {
      let recipe: DegradationRecipe
      let photo: String
      let crop: PixelRectangle
      let widthPixels: Int
    }
    return try CanonicalJSON.document(
      Stamp(
        recipe: recipe, photo: record.photoSHA256, crop: record.prepared.crop,
        widthPixels: record.prepared.widthPixels))
  }

  /// Whether an earlier run made this very image; its stamp is written after it.
  private func isMade(
    _ file: String, by recipe: DegradationRecipe, from record: RegionRecord
  ) -> Bool {
    guard FileManager.default.fileExists(atPath: file),
      let known = try? String(contentsOfFile: "\(file).recipe.json", encoding: .utf8),
      let wanted = try? stamp(recipe, record)
    else { return false }
    return known == wanted
  }

  // MARK: 3 Compare

  /// Lets simulated observers judge pairs inside every scene, on that scene's own distorted scale.
  func compareWithinScenes(_ images: [DemoImage]) throws -> [Judgement] {
    let truth = images.map { image in
      let index = plan.scenes.firstIndex { $0.id == image.scene } ?? 0
      let (a, b) = SimulatedTruth.distortion(ofSceneAt: index)
      return TrueQuality(
        scene: image.scene, attribute: plan.attribute, photo: image.photo,
        quality: JOD((image.quality.value - b) / a))
    }
    return try judge(truth, votes: plan.votesPerScene, stream: 1, to: "votes.csv", "truth.csv")
  }

  /// Lets them judge photos chosen along every scene's scale across scenes, on the common scale.
  func compareAcrossScenes(
    _ images: [DemoImage], scales: [SceneScale]
  ) throws -> [Judgement] {
    let chosen = try crossSet(scales: scales, perScene: plan.crossPerScene)
    chosen.warnings.forEach(observer.note)
    var set = CSVWriter(columns: ["scene", "attribute", "image"])
    for photo in chosen.photos {
      set.append([photo.scene.text, plan.attribute.text, photo.photo.text])
    }
    try set.write(to: path("cross-set.csv"))
    let quality = Dictionary(
      uniqueKeysWithValues: images.map {
        (ScenePhoto(scene: $0.scene, photo: $0.photo), $0.quality)
      })
    let truth = chosen.photos.compactMap { photo in
      let place = ScenePhoto(scene: photo.scene, photo: photo.photo)
      return quality[place].map {
        TrueQuality(
          scene: plan.crossName, attribute: plan.attribute, photo: place.crossName, quality: $0)
      }
    }
    return try judge(
      truth, votes: plan.crossVotes, stream: 2, to: "cross-votes.csv", "cross-truth.csv")
  }

  private func judge(
    _ truth: [TrueQuality], votes: Int, stream: UInt64, to votesName: String, _ truthName: String
  ) throws -> [Judgement] {
    try TruthFile.write(truth, to: path(truthName))
    let judgements = try simulate(
      truth: truth, comparisons: votes, observers: SimulatedObserver.panel(plan.observers),
      seed: plan.seed &+ stream)
    try VotesFile.write(judgements, to: path(votesName))
    try provenance(
      "simulate", inputs: [path(truthName)], ["votes": .integer(votes), "simulated": true]
    ).write(beside: path(votesName))
    return judgements
  }

  // MARK: 4 Scale

  /// Scales every scene by maximum likelihood, with bootstrapped intervals, levels and clusters.
  func scale(_ judgements: [Judgement]) throws -> [SceneScale] {
    let groups = SceneJudgements.grouping(judgements)
    var scales: [SceneScale] = []
    for (index, group) in groups.enumerated() {
      scales.append(try analyseScene(scaleScene(group, settings: scalingSettings)).scale)
      observer.advance(index + 1, groups.count)
    }
    return scales
  }

  /// Writes per-scene scales in the data set's columns.
  func write(_ scales: [SceneScale]) throws {
    let file = path("Scores_\(plan.attribute.title).csv")
    try ScoresFile.write(
      scales, to: file,
      provenance: provenance("scale", inputs: [path("votes.csv")], ["bootstrap": 1000]))
  }

  /// Scales the cross-scene set.
  func scaleAcross(_ judgements: [Judgement]) throws -> CrossScale {
    guard let group = SceneJudgements.grouping(judgements).first else {
      throw InputError("cross-scene votes", "there are none", remedy: "report this")
    }
    let scale = try scaleScene(group, settings: scalingSettings).scale
    let cross = CrossScale(
      attribute: plan.attribute, convention: scale.convention, origin: scale.origin,
      crossNamed: scale.photos)
    try CrossScoresFile.write(
      cross, to: path("Cross_\(plan.attribute.title).csv"),
      provenance: provenance("scale", inputs: [path("cross-votes.csv")], ["bootstrap": 1000]))
    return cross
  }

  private var scalingSettings: ScalingSettings {
    var settings = ScalingSettings()
    settings.bootstraps = plan.bootstraps
    settings.seed = plan.seed
    return settings
  }

  // MARK: 5 Unify

  /// Brings the scenes onto one scale.
  func unify(_ scales: [SceneScale], _ cross: CrossScale) throws -> UnifiedScale {
    let result = try alignScenes(
      scales: scales, cross: cross, covariances: .inferred(scales: scales, cross: cross))
    result.warnings.forEach(observer.note)
    try CoefficientsFile.write(result.scale.alignments, to: path("coefficients.csv"))
    let inputs = ["Scores", "Cross"].map { path("\($0)_\(plan.attribute.title).csv") }
    try UnifiedScoresFile.write(
      UnifiedScores(scale: result.scale, sceneScales: scales), to: path("Scores_Unified.csv"),
      provenance: provenance("unify", inputs: inputs, [:]))
    let parts = Dictionary(uniqueKeysWithValues: plan.scenes.map { ($0.id, $0.part) })
    try SplitFile.write(.scenes(parts), to: path("split.csv"))
    return result.scale
  }

  /// What a result of the demo depends on.
  func provenance(
    _ command: String, inputs: [String], _ settings: [String: SettingValue]
  ) throws -> Provenance {
    var sums: [String: String] = [:]
    for input in inputs {
      sums[URL(fileURLWithPath: input).lastPathComponent] = try FileDigest.sha256(input)
    }
    return Provenance(
      command: ["demo", command], seed: plan.seed, settings: settings, inputs: sums)
  }
}
