import Documents
public import Domain
import Files
import Foundation
import Statistics
public import Training

/// One run of a sweep over learning rates and seeds.
public struct SweepTrial: Hashable, Sendable {
  /// The run's folder.
  public let folder: String
  /// How it was fitted.
  public let fitting: FittingSettings
  /// Its best epoch.
  public let best: EpochRecord

  /// Names a finished run.
  public init(folder: String, fitting: FittingSettings, best: EpochRecord) {
    (self.folder, self.fitting, self.best) = (folder, fitting, best)
  }

  /// The folder's name of a trial, such as `lr-1e-05_seed-1`.
  public static func name(_ fitting: FittingSettings) -> String {
    "lr-\(fitting.learningRate)_seed-\(fitting.seed)"
  }

  /// Removes the regions that the runs of a sweep shared.
  public static func removeCache(_ folder: String) {
    try? FileManager.default.removeItem(atPath: folder)
  }

  /// Writes `sweep.csv` and `sweep.md`, and chooses by the validation error.
  ///
  /// The chosen learning rate is the one with the smallest validation error, averaged over the
  /// seeds; the chosen run is the best of its runs. Test photos have no part in it.
  ///
  /// - Parameters:
  ///   - trials: the finished runs.
  ///   - unit: the unit of the scores.
  ///   - folder: where the tables go.
  /// - Returns: one line that names the choice.
  /// - Throws: `InputError` when a table can't be written, or there are no trials.
  public static func write(
    _ trials: [SweepTrial], unit: ScoreUnit, to folder: String
  ) throws(InputError) -> String {
    func error(_ rate: Double) -> Double {
      Descriptive.mean(
        trials.filter { $0.fitting.learningRate == rate }.map(\.best.validationError))
    }
    let rates = Set(trials.map(\.fitting.learningRate)).sorted()
    guard let rate = rates.min(by: { error($0) < error($1) }),
      let chosen = trials.filter({ $0.fitting.learningRate == rate })
        .min(by: { $0.best.validationError < $1.best.validationError })
    else {
      throw InputError(Setting("learningRates"), "there is no run", remedy: "give at least one")
    }
    var table = CSVWriter(columns: [
      "run", "learning_rate", "seed", "best_epoch", "validation_error", "rate_mean_error", "chosen",
    ])
    var rows: [[String]] = []
    for trial in trials {
      let mean = error(trial.fitting.learningRate)
      let name = URL(fileURLWithPath: trial.folder).lastPathComponent
      table.append([
        name, "\(trial.fitting.learningRate)", "\(trial.fitting.seed)", "\(trial.best.epoch)",
        "\(trial.best.validationError)", "\(mean)", trial == chosen ? "yes" : "no",
      ])
      rows.append([
        name, NumberFormat.short(trial.fitting.learningRate), "\(trial.fitting.seed)",
        "\(trial.best.epoch)", NumberFormat.fixed(trial.best.validationError, 4),
        NumberFormat.fixed(mean, 4), trial == chosen ? "✓" : "",
      ])
    }
    try table.write(to: "\(folder)/sweep.csv")
    try AtomicFile.write(
      TextTable(
        caption:
          "Validation errors (\(unit)); chosen: the learning rate with the smallest mean over seeds, then its best "
          + "run. Test photos were not used.",
        columns: [
          "Run", "Learning rate", "Seed", "Best epoch", "Validation MAE", "Mean over seeds",
          "Chosen",
        ], rows: rows
      ).markdown(), to: "\(folder)/sweep.md")
    return "Chosen: learning rate \(NumberFormat.short(rate)), mean validation MAE "
      + "\(NumberFormat.fixed(error(rate), 4)); run: \(chosen.folder)"
  }
}
