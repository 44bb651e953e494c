import Documents
import Domain
import Files
import Foundation
import Pixels
import Preparation
import Reporting
import Training
import TrainingWorkflow

/// The demo's report: what was measured, with pictures.
struct DemoReport {
  private let findings: DemoFindings
  private let study: DemoStudy

  init(_ findings: DemoFindings, _ study: DemoStudy) {
    self.findings = findings
    self.study = study
  }

  /// Everything that the report shows.
  func content() throws -> ReportContent {
    let plan = findings.plan
    var content = ReportContent(
      title: "Face details of five portraits",
      measured: """
        \(findings.images.count) images of \(plan.scenes.count) public-domain portraits, degraded \
        in \(plan.levels) grades each by subsampling, slight sharpening and Gaussian noise, \
        compared in \(findings.judgements) votes inside the scenes and \(findings.crossJudgements) \
        across them, brought onto one JOD scale, and fitted by a small model.
        """)
    content.notices = [
      """
      The \(plan.observers) observers are SIMULATED under Thurstone's model, from a stated law of resolution and noise. \
      The figures show that the chain works; they say nothing about cameras, and nothing about people's eyes.
      """,
      """
      The test scene is of a person and a photograph that no other scene shows. Two of the other scenes are faces of one \
      photograph, and one person sits for three of them.
      """,
    ]
    content.sceneScales = findings.scales
    content.crossScale = findings.cross
    content.unifiedScale = findings.unified
    content.samples = try samples()
    content.predictions = predictions()
    content.learningCurves = curves(findings.unifiedRun, "unified scale")
    content.scores = findings.scores
    content.tables = findings.tables + [findings.coefficients, findings.scoreTable]
    content.settings = settings()
    return content
  }

  /// Small pictures of every image and of the source portraits.
  private func samples() throws -> [ReportSample] {
    var samples: [ReportSample] = []
    for image in findings.images {
      let picture = try RasterImage.decodeShrunk(image.path, longSide: 288).image
      samples.append(
        ReportSample(
          scene: image.scene, photo: image.photo,
          image: try picture.encoded(as: .jpeg(quality: 82))))
    }
    for (scene, score) in zip(findings.plan.scenes, findings.scores) {
      // The region, not the whole photo: it is what the model scored.
      guard let region = findings.records[scene.id]?.prepared.region else { continue }
      let picture = try RasterImage.decodeShrunk(region, longSide: 288).image
      samples.append(
        ReportSample(
          scene: nil, photo: PhotoID(score.photo),
          image: try picture.encoded(as: .jpeg(quality: 82))))
    }
    return samples
  }

  private func predictions() -> [ReportPrediction] {
    let intervals = Dictionary(
      uniqueKeysWithValues: findings.unified.photos.map {
        (ScenePhoto(scene: $0.scene, photo: $0.photo), $0.interval)
      })
    return findings.unifiedRun.predictions.map { row in
      ReportPrediction(
        model: "unified", scene: row.scene, photo: row.photo,
        part: row.part,
        measured: row.measured,
        interval: intervals[ScenePhoto(scene: row.scene, photo: row.photo)],
        predicted: row.predicted)
    }
  }

  private func curves(_ run: DemoRun, _ name: String) -> [ReportCurve] {
    let epochs = run.epochs.map { Double($0.epoch) }
    return [
      ReportCurve(
        "\(name), validation", quantity: "Mean absolute error", unit: ScoreUnit(.jod(.unstated)),
        epochs: epochs,
        values: run.epochs.map(\.validationError))
    ]
  }

  private func settings() -> [ReportSettings] {
    let plan = findings.plan
    let record = findings.unifiedRun.record
    return [
      ReportSettings(
        "Study",
        [
          .init("Attribute", plan.attribute.title),
          .init("Images per scene", "\(plan.levels)"),
          .init("Simulated observers", "\(plan.observers)"),
          .init("Votes per scene", "\(plan.votesPerScene)"),
          .init("Cross-scene photos per scene", "\(plan.crossPerScene)"),
          .init("Cross-scene votes", "\(plan.crossVotes)"),
          .init("Bootstrap replicates", "\(plan.bootstraps)"), .init("Seed", "\(plan.seed)"),
          .init("Law of the simulated quality", SimulatedTruth.law),
        ]),
      ReportSettings(
        "Model",
        [
          .init("Architecture", record.architecture), .init("Unit", record.unit.text),
          .init("Adam, learning rate", "\(record.fitting.learningRate)"),
          .init("Weight decay", "\(record.fitting.weightDecay)"),
          .init("Best epoch", "\(record.bestEpoch)"),
          .init("Longer side", "\(plan.longSidePixels) px"),
          .init("Interval", "± \(NumberFormat.fixed(record.intervalHalfWidth, 2)) (conformal)"),
        ]),
      ReportSettings("Program", [.init("Vernier", VernierVersion.text)]),
    ]
  }
}
