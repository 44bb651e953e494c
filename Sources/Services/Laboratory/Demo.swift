public import Documents
import Domain
import Evaluation
import Foundation
public import Storage
import Training

/// What the demo found out.
public struct DemoResult {
  /// The tables, ready for a terminal.
  public let tables: [TextTable]
  /// The path of the report.
  public let report: String
}

/// The main job on the embedded default, end to end: portraits → regions → degraded images → simulated votes → scales → one
/// scale → models → scores → report.
///
/// It can be killed at any moment and run again: every file is whole or not there, and images that an earlier run made from
/// the same photo with the same recipe are kept.
public struct Demo {
  private let study: DemoStudy
  private let folder: String
  private let steps = 9

  /// Plans a demo.
  ///
  /// - Parameters:
  ///   - folder: where to write; the study goes into its folder `study`.
  ///   - plan: what to do.
  ///   - installation: where portraits and models lie.
  ///   - observer: told what happens.
  public init(
    folder: String, plan: DemoPlan = DemoPlan(), installation: Installation,
    observer: DemoObserver
  ) {
    self.folder = folder
    study = DemoStudy(
      plan: plan, folder: "\(folder)/study", installation: installation, observer: observer)
  }

  /// Runs it.
  ///
  /// - Throws: an error that names what failed.
  public func run() throws -> DemoResult {
    begin(1, "Prepare: find the main face, cut the details region")
    let records = try study.prepare()
    begin(2, "Degrade: \(study.plan.levels) images of graded quality per scene")
    let images = try study.degrade(records)
    begin(3, "Compare and scale: \(study.plan.observers) SIMULATED observers judge pairs per scene")
    let judgements = try study.compareWithinScenes(images)
    begin(4, "Scale: JOD per scene with bootstrapped 95 % intervals")
    let scales = try study.scale(judgements)
    try study.write(scales)
    let across = try study.compareAcrossScenes(images, scales: scales)
    let cross = try study.scaleAcross(across)
    begin(5, "Unify: one scale for all scenes")
    let unified = try study.unify(scales, cross)
    study.observer.note(
      "Reference scene \(unified.referenceScene): \(unified.referenceReason)")
    begin(6, "Train on the unified scale and on the individual scales")
    let runs = try train(unified: unified, scales: scales)
    begin(7, "Evaluate on the unseen scene")
    let tables = try evaluate(runs)
    begin(8, "Score the source portraits")
    let scores = try score()
    begin(9, "Report")
    let report = "\(folder)/report.html"
    let findings = DemoFindings(
      plan: study.plan, images: images, records: records, judgements: judgements.count,
      crossJudgements: across.count, scales: scales, cross: cross, unified: unified,
      unifiedRun: runs.unified, individualRun: runs.individual, tables: tables, scores: scores)
    try AtomicFile.write(findings.coefficients.markdown(), to: report)
    return DemoResult(tables: tables + [findings.coefficients, findings.scoreTable], report: report)
  }

  private func begin(_ step: Int, _ what: String) { study.observer.step(step, steps, what) }

  // MARK: 6 Train

  private func train(
    unified: UnifiedScale, scales: [SceneScale]
  ) throws -> (unified: DemoRun, individual: DemoRun) {
    let plan = study.plan
    let backbone = try study.installation.model(StageScoringFiles.backbone)
    let features = try FeatureTable(
      unified.photos, images: ImageFolder(study.folder), attribute: plan.attribute,
      backbone: backbone, longSidePixels: plan.longSidePixels
    ) { study.observer.advance($0, unified.photos.count) }
    var fitting = FittingSettings()
    fitting.learningRate = 1e-3
    fitting.weightDecay = 1e-2
    fitting.seed = plan.seed
    let split = try SplitFile.read(study.path("split.csv"))
    func run(_ scores: TrainingScores, _ name: String, _ file: String) throws -> DemoRun {
      let plan = try TrainingRun(
        scores: scores, split: split, architecture: TrainingRun.architectures[0],
        fitting: fitting, backbone: backbone, longSidePixels: plan.longSidePixels)
      let result = try plan.run(
        features: features, to: study.path("runs/\(name)"),
        provenance: study.provenance(
          "train", inputs: [study.path(file), study.path("split.csv")], [:]), onEpoch: { _ in })
      return DemoRun(record: result.record, epochs: result.epochs, predictions: result.predictions)
    }
    return (
      try run(TrainingScores(unified), "unified", "Scores_Unified.csv"),
      try run(TrainingScores(scales), "individual", "Scores_\(plan.attribute.title).csv")
    )
  }

  // MARK: 7 Evaluate

  private func evaluate(_ runs: (unified: DemoRun, individual: DemoRun)) throws -> [TextTable] {
    let unified = runs.unified.predictions.filter { $0.part == .test }
    let individual = runs.individual.predictions.filter { $0.part == .test }
    let results = [
      try EvaluationReport.evaluation("unified scale", unified, true),
      try EvaluationReport.evaluation("always 0, unified scale", alwaysZero(unified), true),
      try EvaluationReport.evaluation("individual scales", individual, false),
      try EvaluationReport.evaluation("always 0, individual scales", alwaysZero(individual), false),
    ]
    let tables = [EvaluationReport.summary(results), EvaluationReport.scenes(results[0])]
    try AtomicFile.makeFolder(study.path("evaluation"))
    for (table, name) in zip(tables, ["summary", "scenes"]) {
      try AtomicFile.write(table.csv(), to: study.path("evaluation/\(name).csv"))
    }
    return tables
  }

  // MARK: 8 Score

  private func score() throws -> [QualityScore] {
    let scoring = try PhotoScoring(
      model: study.path("runs/unified"), installation: study.installation)
    var scores: [QualityScore] = []
    for scene in study.plan.scenes {
      scores.append(try scoring.score(study.installation.portrait(scene.portrait)))
      study.observer.advance(scores.count, study.plan.scenes.count)
    }
    try JSONLines.write(scores, to: study.path("scores.jsonl"))
    return scores
  }
}

/// One finished training run of the demo.
struct DemoRun {
  let record: RunRecord
  let epochs: [EpochRecord]
  let predictions: [Prediction]
}
