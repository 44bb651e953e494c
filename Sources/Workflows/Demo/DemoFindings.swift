import Comparison
import Documents
import Domain
import Preparation

/// Everything that the demo's report shows.
struct DemoFindings {
  let plan: DemoPlan
  let images: [DemoImage]
  let records: [SceneID: RegionRecord]
  let judgements: Int
  let crossJudgements: Int
  let scales: [SceneScale]
  let cross: CrossScale
  let unified: UnifiedScale
  let unifiedRun: DemoRun
  let individualRun: DemoRun
  let tables: [TextTable]
  let scores: [PhotoScore]

  /// The recovered coefficients beside those that the simulated observers were given.
  var coefficients: TextTable {
    TextTable(
      caption: """
        Alignment of each scene with the cross-scene scale, y = a·x + b, with standard errors, beside the slope that the \
        simulated observers were given. (A scale's origin is its own mean, so only slopes can be compared.)
        """,
      columns: ["Scene", "a", "± SE", "b", "± SE", "shared photos", "true a"],
      rows: unified.alignments.map { line in
        let index = plan.scenes.firstIndex { $0.id == line.scene } ?? 0
        return [
          line.scene.text, NumberFormat.fixed(line.a, 3),
          NumberFormat.fixed(line.aStandardError, 3),
          NumberFormat.fixed(line.b, 3), NumberFormat.fixed(line.bStandardError, 3),
          "\(line.sharedPhotos)",
          NumberFormat.fixed(SimulatedTruth.distortion(ofSceneAt: index).a, 2),
        ]
      })
  }

  /// The scores of the source portraits.
  var scoreTable: TextTable {
    TextTable(
      caption: """
        The untouched portraits, scored by the model of the unified scale, with 95 % intervals, beside their measured JOD.
        """,
      columns: ["Photo", "Part", "Score", "Interval", "Measured JOD"],
      rows: zip(plan.scenes, scores).map { scene, score in
        let own = images.first { $0.scene == scene.id && $0.recipe.level == 0 }
        let measured = unified.photos.first {
          $0.scene == scene.id && $0.photo == own?.photo
        }
        let low = NumberFormat.fixed(score.low, 2)
        let high = NumberFormat.fixed(score.high, 2)
        return [
          scene.portrait, scene.part.rawValue, NumberFormat.fixed(score.score, 2),
          "\(low) … \(high)", NumberFormat.fixed(measured?.score, 2),
        ]
      })
  }
}
