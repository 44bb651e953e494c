import Documents
import Domain
import Files
import ModelLibrary
import NeuralModels
import Training

/// Writes what every training leaves in its run's folder, whatever was trained: the model with its
/// calibration and novelty, `predictions.csv`, `report.html` and, last, `run.json`.
struct RunWriter {
  /// What is kept in `run.json`.
  let record: RunRecord
  /// What the validation photos tell about the model's scores.
  let knowledge: CalibrationAndNovelty
  private let folder: String
  private let scores: TrainingScores
  private let result: FittingResult
  private let rows: [CalibrationAndNovelty.Row]

  /// Learns from the validation photos what the model's scores are worth.
  ///
  /// - Parameters:
  ///   - folder: the run's folder.
  ///   - architecture: the model's architecture.
  ///   - scores: what was learnt.
  ///   - fitting: how the weights were fitted.
  ///   - result: the course of the fit.
  ///   - rows: the predictions of the photos of all parts.
  init(
    folder: String, architecture: String, scores: TrainingScores, fitting: FittingSettings,
    result: FittingResult, rows: [CalibrationAndNovelty.Row]
  ) {
    (self.folder, self.scores, self.result, self.rows) = (folder, scores, result, rows)
    knowledge = CalibrationAndNovelty(rows)
    let predictions = rows.map(\.prediction)
    let errors = predictions.filter { $0.part == .valid }.map { abs($0.predicted - $0.measured) }
    record = RunRecord(
      architecture: architecture, attribute: scores.attribute, isUnified: scores.isUnified,
      unit: scores.unit, fitting: fitting, bestEpoch: result.bestEpoch, end: result.end,
      intervalHalfWidth: knowledge.calibration?.margin ?? conformalHalfWidth(errors),
      scenes: RunRecord.scenes(of: predictions.map { ($0.part, $0.scene) }))
  }

  /// Writes the run.
  ///
  /// - Parameters:
  ///   - tables: what is to be read beside the curves.
  ///   - sampling: how the model is shown photos.
  ///   - about: what the model's card says between its title and its intervals.
  ///   - ending: what the card ends with.
  ///   - provenance: what the run depends on.
  ///   - save: writes the model into a folder with its description and its card.
  /// - Throws: `InputError` when the folder can't be written, or what `save` throws.
  func write(
    tables: [TextTable] = [], sampling: ModelDescription.Sampling = .init(), about: String,
    ending: String = "", provenance: Provenance,
    save: (_ folder: String, _ description: ModelDescription, _ card: String) throws -> Void
  ) throws {
    let model = "\(folder)/model"
    try AtomicFile.makeFolder(model)
    try knowledge.write(to: model)
    let description = ModelDescription(
      architecture: record.architecture, attribute: record.attribute, unit: record.unit,
      sampling: sampling, intervalHalfWidth: record.intervalHalfWidth,
      origin: .init(version: VernierVersion.text))
    let card = """
      # \(record.architecture), \(record.attribute.title)

      \(about)

      \(knowledge.intervalText(fallback: record.intervalHalfWidth)) \(knowledge.noveltyText)
      \(ending)
      """
    try save(model, description, card)
    try PredictionsFile.write(
      rows.map { PredictionRow($0.prediction, interval: interval($0.prediction.predicted)) },
      unit: record.unit, to: "\(folder)/predictions.csv")
    try RunPage.write(
      to: folder, title: RunPage.title(record.architecture, record.attribute), unit: record.unit,
      records: result.records, bestEpoch: result.bestEpoch, tables: tables)
    try record.write(to: folder, provenance: provenance)
  }

  /// The interval that `vernier score` gives a score.
  private func interval(_ score: Double) -> ConfidenceInterval {
    if let calibration = knowledge.calibration { return calibration.interval(score: score) }
    let half = record.intervalHalfWidth
    return ConfidenceInterval(low: score - half, high: score + half)
  }
}
