import Domain
import Files
import Foundation
import Training

/// The log of a run: `log.jsonl` gets a line per step and per epoch, `log.csv` a row per epoch.
final class RunLog {
  /// One line of `log.jsonl`.
  struct Line: Codable, Sendable {
    let event: String
    let epoch: Int
    var step: Int?
    var loss: Double?
    var scoreLoss: Double?
    var sceneLoss: Double?
    var pairLoss: Double?
    var validationError: Double?
    let learningRate: Double
    /// The seconds since the program began or resumed.
    var seconds: Double?
    /// The seconds of those that the trainer waited for photos.
    var waitedSeconds: Double?
  }

  private let folder: String
  private let handle: FileHandle
  private let start = ContinuousClock.now

  /// Opens the log and drops what an interrupted run wrote after its last checkpoint.
  init(folder: String, state: TrainerState) throws(InputError) {
    self.folder = folder
    let path = "\(folder)/log.jsonl"
    let kept = try Self.lines(path).filter { line in
      line.epoch < state.epoch
        || line.epoch == state.epoch && line.event == "step" && (line.step ?? 0) <= state.step
    }
    try JSONLines.write(kept, to: path)
    guard let handle = FileHandle(forWritingAtPath: path) else {
      throw InputError(path, "it can't be written", remedy: "check the folder's permissions")
    }
    _ = try? handle.seekToEnd()
    self.handle = handle
    try writeEpochs(state.records)
  }

  deinit { try? handle.close() }

  /// Adds a step.
  func add(_ step: StepRecord, waited: Double) throws(InputError) {
    try append(
      Line(
        event: "step", epoch: step.epoch, step: step.step, loss: step.losses.total,
        scoreLoss: step.losses.score, sceneLoss: step.losses.scene, pairLoss: step.losses.pairs,
        learningRate: step.learningRate, seconds: seconds(), waitedSeconds: waited))
  }

  /// Adds an epoch.
  func add(_ epoch: EpochRecord, all: [EpochRecord], waited: Double) throws(InputError) {
    try append(
      Line(
        event: "epoch", epoch: epoch.epoch, loss: epoch.trainingLoss,
        validationError: epoch.validationError, learningRate: epoch.learningRate,
        seconds: seconds(), waitedSeconds: waited))
    try writeEpochs(all)
  }

  private func seconds() -> Double {
    ((ContinuousClock.now - start) / .milliseconds(1)).rounded() / 1000
  }

  private func append(_ line: Line) throws(InputError) {
    let text = try CanonicalJSON.line(line) + "\n"
    do { try handle.write(contentsOf: Data(text.utf8)) } catch {
      throw InputError(
        "\(folder)/log.jsonl", "it can't be written", remedy: "check the space left")
    }
  }

  private func writeEpochs(_ records: [EpochRecord]) throws(InputError) {
    try Self.write(records, to: "\(folder)/log.csv")
  }

  /// Writes `log.csv`.
  static func write(_ records: [EpochRecord], to path: String) throws(InputError) {
    var table = CSVWriter(columns: [
      "epoch", "training_loss", "validation_error", "learning_rate",
    ])
    for record in records {
      table.append([
        "\(record.epoch)", "\(record.trainingLoss)", "\(record.validationError)",
        "\(record.learningRate)",
      ])
    }
    try table.write(to: path)
  }

  /// The lines of a log; one that was cut off is left out.
  static func lines(_ path: String) throws(InputError) -> [Line] {
    guard FileManager.default.fileExists(atPath: path) else { return [] }
    let text = String(decoding: try InputFile.read(path, maximumBytes: 1 << 30), as: UTF8.self)
    return text.split(separator: "\n").compactMap {
      try? JSONDecoder().decode(Line.self, from: Data($0.utf8))
    }
  }
}
