import Documents
import Domain
import Files
import Foundation
import ModelLibrary
import NeuralModels
import Statistics
import Training

extension NetworkRun {
  /// Predicts all photos with the best epoch's weights, then writes the model, the predictions, the
  /// page and the record.
  func finish(
    _ trainer: NetworkTrainer, _ result: FittingResult, _ folder: String,
    _ provenance: Provenance, _ onProgress: (RunProgress) -> Void
  ) throws -> RunRecord {
    let judged = try trainer.judge(Array(photos.indices)) {
      onProgress(.judging(done: $0, total: photos.count))
    }
    let rows = zip(photos, judged).map { photo, judgement in
      ModelKnowledge.Row(
        prediction: Prediction(
          photo: photo.photo, scene: photo.scene, part: photo.part, measured: photo.score,
          predicted: judgement.score),
        spread: judgement.spread, features: judgement.features)
    }
    let knowledge = ModelKnowledge(rows)
    let errors = rows.filter { $0.prediction.part == .valid }.map {
      abs($0.prediction.predicted - $0.prediction.measured)
    }
    let scores = inputs.scores
    let record = RunRecord(
      architecture: settings.network.architecture.rawValue, attribute: scores.attribute,
      isUnified: scores.isUnified, unit: scores.unit, fitting: settings.fitting,
      bestEpoch: result.bestEpoch, end: result.end,
      intervalHalfWidth: knowledge.calibration?.margin ?? conformalHalfWidth(errors),
      scenes: RunRecord.scenes(of: photos.map { ($0.part, $0.scene) }))
    try saveModel(trainer.network, record, result, knowledge, to: "\(folder)/model")
    try PredictionsFile.write(
      rows.map {
        PredictionRow(
          $0.prediction, interval: knowledge.calibration?.interval(score: $0.prediction.predicted))
      }, to: "\(folder)/predictions.csv")
    try page(folder, result.records, result.bestEpoch)
    try record.write(to: folder, provenance: provenance)
    try? FileManager.default.removeItem(atPath: "\(folder)/best.safetensors")
    return record
  }

  private func saveModel(
    _ network: QualityNetwork, _ record: RunRecord, _ result: FittingResult,
    _ knowledge: ModelKnowledge, to folder: String
  ) throws {
    var metadata = [
      "attribute": record.attribute.text, "unit": record.unit,
      "intervalHalfWidth": "\(record.intervalHalfWidth)", "version": VernierVersion.text,
      "gridLimit": "\(settings.gridLimit)", "smallRegions": settings.smallRegions.rawValue,
    ]
    if let side = settings.longSidePixels { metadata["longSidePixels"] = "\(side)" }
    try knowledge.write(to: folder)
    try network.save(
      to: folder, metadata: metadata, card: card(record, result, knowledge))
  }

  /// The model's card.
  private func card(
    _ record: RunRecord, _ result: FittingResult, _ knowledge: ModelKnowledge
  ) -> String {
    let architecture = settings.network.architecture
    let scenes = SplitPart.allCases.map { part in
      let names = record.scenes[part.rawValue, default: []].map(\.text)
      let list = names.prefix(60).joined(separator: ", ") + (names.count > 60 ? ", …" : "")
      let count = photos.count { $0.part == part }
      return "- \(part.rawValue): \(count) photos of \(names.count) scenes"
        + (list.isEmpty ? "" : ": \(list)")
    }
    let best = result.records[result.bestEpoch]
    return """
      # \(architecture.rawValue), \(record.attribute.title)

      \(architecture.summary.prefix(1).uppercased() + architecture.summary.dropFirst()). Scores portraits in \
      \(record.unit); more is better.

      \(scenes.joined(separator: "\n"))

      The weights are those of epoch \(result.bestEpoch) of \(result.records.count), with the smallest error on the \
      validation photos: \(NumberFormat.fixed(best.validationError, 3)) \(record.unit) (mean absolute error). Test \
      photos had no part in that.

      \(knowledge.intervalText(fallback: record.intervalHalfWidth)) \(knowledge.noveltyText)

      All settings: `config.json` of the run; `vernier score --model <this folder> PHOTOS` scores photos.

      """
  }

  /// Writes the page of curves.
  func page(_ folder: String, _ records: [EpochRecord], _ bestEpoch: Int?) throws(InputError) {
    let scores = inputs.scores
    try RunPage.write(
      to: folder,
      title: "Training of \(settings.network.architecture.rawValue), \(scores.attribute.title)",
      unit: scores.unit, records: records, bestEpoch: bestEpoch,
      tables: [settingsTable(), photosTable()])
  }

  private func photosTable() -> TextTable {
    TextTable(
      caption: "The photos", columns: ["Part", "Photos", "Scenes"],
      rows: SplitPart.allCases.map { part in
        let own = photos.filter { $0.part == part }
        return [part.rawValue, "\(own.count)", "\(Set(own.map(\.scene)).count)"]
      })
  }

  private func settingsTable() -> TextTable {
    let (network, fitting) = (settings.network, settings.fitting)
    var rows = [
      ["architecture", network.architecture.rawValue],
      [
        "input",
        network.architecture.usesCrops
          ? "\(network.cropsPerImage) crops of \(network.cropSide) pixels a photo"
          : "the whole region",
      ],
      ["photos a step", "\(fitting.batchSize) × \(settings.accumulatedBatches)"],
      ["learning rate", "\(fitting.learningRate), head × \(settings.headRateFactor)"],
      ["decay", "× \(fitting.decayFactor) every \(fitting.decayEpochs) epochs"],
      ["weight decay", "\(fitting.weightDecay)"], ["loss", fitting.loss.rawValue],
      ["weight of the scene", "\(settings.sceneWeight)"],
      ["weight of pairs", "\(settings.pairWeight)"],
      ["precision", settings.precision.rawValue], ["seed", "\(fitting.seed)"],
    ]
    if settings.headEpochs > 0 {
      rows.append(["epochs of the head alone", "\(settings.headEpochs)"])
    }
    if settings.isBackboneFrozen { rows.append(["backbone", "frozen"]) }
    return TextTable(caption: "The settings", columns: ["Setting", "Value"], rows: rows)
  }
}
