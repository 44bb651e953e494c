import Documents
import Domain
import Files
import Foundation
import ModelLibrary
import NeuralModels
import Statistics
import Training

extension NetworkRun {
  /// Evaluates all photos with the best epoch's weights, then writes the run.
  func finish(
    _ trainer: NetworkTrainer, _ result: FittingResult, _ folder: String,
    _ provenance: Provenance, _ onProgress: (RunProgress) -> Void
  ) throws -> RunRecord {
    let evaluated = try trainer.evaluate(Array(photos.indices)) {
      onProgress(.evaluating(done: $0, total: photos.count))
    }
    let writer = RunWriter(
      folder: folder, architecture: settings.network.architecture.rawValue, scores: inputs.scores,
      fitting: settings.fitting, result: result,
      rows: zip(photos, evaluated).map { photo, evaluation in
        CalibrationAndNovelty.Row(
          prediction: Prediction(
            photo: photo.photo, scene: photo.scene, part: photo.part, measured: photo.score,
            predicted: evaluation.score),
          spread: evaluation.spread, features: evaluation.features)
      })
    try writer.write(
      tables: [settingsTable(), photosTable()],
      sampling: ModelDescription.Sampling(
        gridLimit: settings.gridLimit, smallRegions: settings.smallRegions,
        longSidePixels: settings.longSidePixels),
      about: about(writer.record, result),
      ending: """

        All settings: `config.json` of the run; `vernier score --model <this folder> PHOTOS` scores photos.

        """, provenance: provenance
    ) { try trainer.network.save(to: $0, $1, card: $2) }
    try? FileManager.default.removeItem(atPath: "\(folder)/best.safetensors")
    return writer.record
  }

  /// What the model's card says about it.
  private func about(_ record: RunRecord, _ result: FittingResult) -> String {
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
      \(architecture.summary.prefix(1).uppercased() + architecture.summary.dropFirst()). Scores portraits in \
      \(record.unit); more is better.

      \(scenes.joined(separator: "\n"))

      The weights are those of epoch \(result.bestEpoch) of \(result.records.count), with the smallest error on the \
      validation photos: \(NumberFormat.fixed(best.validationError, 3)) \(record.unit) (mean absolute error). Test \
      photos had no part in that.
      """
  }

  /// Writes the page of curves.
  func page(_ folder: String, _ records: [EpochRecord], _ bestEpoch: Int?) throws(InputError) {
    let scores = inputs.scores
    try RunPage.write(
      to: folder,
      title: RunPage.title(settings.network.architecture.rawValue, scores.attribute),
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
