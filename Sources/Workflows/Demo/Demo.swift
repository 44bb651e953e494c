import Documents
import Domain
import Evaluation
import EvaluationWorkflow
public import Files
import Foundation
import ModelLibrary
import NeuralModels
import Preparation
import Reporting
import ScoringWorkflow
import Training
import TrainingWorkflow

/// The main job on the embedded default, end to end: portraits → regions → degraded images →
/// simulated votes → scales → one scale → models → scores → report.
///
/// It can be killed at any moment and run again: every file is complete or absent, and images that
/// an earlier run made from the same photo with the same recipe are kept.
public struct Demo {
  private let study: DemoStudy
  private let folder: String
  private let steps = 10

  /// Plans a demo.
  ///
  /// - Parameters:
  ///   - folder: where to write; the study goes into its folder `study`.
  ///   - plan: what to do.
  ///   - installation: where portraits and models lie.
  ///   - observer: called with what happens.
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
    let features = try features(of: unified)
    let runs = try train(unified: unified, scales: scales, features: features)
    begin(7, "Evaluate on the unseen scene")
    var tables = try evaluate(runs)
    tables.append(try holdOutInTurn(unified: unified, scales: scales, features: features))
    begin(8, "Score the source portraits")
    let scores = try score()
    begin(9, "Report")
    let report = "\(folder)/report.html"
    let findings = DemoFindings(
      plan: study.plan, images: images, records: records, judgements: judgements.count,
      crossJudgements: across.count, scales: scales, cross: cross, unified: unified,
      unifiedRun: runs.unified, individualRun: runs.individual, tables: tables, scores: scores)
    try AtomicFile.write(renderReport(DemoReport(findings, study).content()), to: report)
    begin(10, "Verdict: is the next build, one step more degraded, as good?")
    let page = "\(folder)/verdict.html"
    let verdict = try DemoVerdict(study: study, page: page).run(images)
    return DemoResult(
      tables: tables + [findings.coefficients, findings.scoreTable], report: report,
      study: study.folder, verdict: verdict, verdictPage: page)
  }

  private func begin(_ step: Int, _ what: String) { study.observer.step(step, steps, what) }

  // MARK: 6 Train

  private func features(of unified: UnifiedScale) throws -> FeatureTable {
    try FeatureTable(
      unified.photos, images: ImageFolder(study.folder), attribute: study.plan.attribute,
      backbone: study.installation.model(StageScoringFiles.backbone),
      longSidePixels: study.plan.longSidePixels
    ) { study.observer.advance($0, unified.photos.count) }
  }

  /// A plan of one training with the demo's settings.
  private func plan(_ scores: TrainingScores, _ split: DataSplit) throws -> TrainingRun {
    var fitting = FittingSettings()
    fitting.learningRate = 1e-3
    fitting.weightDecay = 1e-2
    fitting.seed = study.plan.seed
    return try TrainingRun(
      scores: scores, split: split, fitting: fitting,
      backbone: study.installation.model(StageScoringFiles.backbone),
      longSidePixels: study.plan.longSidePixels)
  }

  private func train(
    unified: UnifiedScale, scales: [SceneScale], features: FeatureTable
  ) throws -> (unified: DemoRun, individual: DemoRun) {
    let split = try SplitFile.read(study.path("split.csv"))
    func run(_ scores: TrainingScores, _ name: String, _ file: String) throws -> DemoRun {
      let result = try plan(scores, split).run(
        features: features, to: study.path("runs/\(name)"),
        provenance: study.provenance(
          "train", inputs: [study.path(file), study.path("split.csv")], [:]), onEpoch: { _ in })
      return DemoRun(record: result.record, epochs: result.epochs, predictions: result.predictions)
    }
    return (
      try run(TrainingScores(unified), "unified", "Scores_Unified.csv"),
      try run(
        TrainingScores(scales), "individual", "Scores_\(study.plan.attribute.title).csv")
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

  /// Holds every scene out in turn, the next one as validation: a mean over scenes, as in the
  /// papers.
  private func holdOutInTurn(
    unified: UnifiedScale, scales: [SceneScale], features: FeatureTable
  ) throws -> TextTable {
    let scenes = study.plan.scenes.map(\.id)
    func predictions(_ scores: TrainingScores) throws -> [Prediction] {
      var held: [Prediction] = []
      for (index, scene) in scenes.enumerated() {
        var parts = Dictionary(uniqueKeysWithValues: scenes.map { ($0, SplitPart.train) })
        parts[scene] = .test
        parts[scenes[(index + 1) % scenes.count]] = .valid
        let trained = try plan(scores, .scenes(parts)).train(features: features) { _ in }
        held += trained.predictions.filter { $0.part == .test }
      }
      return held
    }
    let one = try predictions(TrainingScores(unified))
    let own = try predictions(TrainingScores(scales))
    var table = EvaluationReport.summary([
      try EvaluationReport.evaluation("unified scale", one, true),
      try EvaluationReport.evaluation("always 0, unified scale", alwaysZero(one), true),
      try EvaluationReport.evaluation("individual scales", own, false),
      try EvaluationReport.evaluation("always 0, individual scales", alwaysZero(own), false),
    ])
    table.caption = """
      Every scene held out in turn (trained on three scenes, checkpoint chosen on a fourth): mean over the 5 scenes ± half \
      the 95 % interval of the mean. The same person sits for three of the scenes, so this is easier than the table above.
      """
    try AtomicFile.write(table.csv(), to: study.path("evaluation/held-out-in-turn.csv"))
    return table
  }

  // MARK: 8 Score

  private func score() throws -> [PhotoScore] {
    let scoring = try PhotoScoring(
      model: study.path("runs/unified"), installation: study.installation)
    var scores: [PhotoScore] = []
    for scene in study.plan.scenes {
      scores.append(
        try scoring.score(study.installation.portrait(scene.portrait), region: .automatic))
      study.observer.advance(scores.count, study.plan.scenes.count)
    }
    try JSONLines.write(scores, to: study.path("scores.jsonl"))
    return scores
  }
}
