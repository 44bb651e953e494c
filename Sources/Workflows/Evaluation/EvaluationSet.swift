public import Domain
import Evaluation
import Files
import Foundation
import Statistics
import TrainingWorkflow

/// The photos that models are evaluated on, with their measured scores.
public struct EvaluationSet: Sendable {
  /// The attribute.
  public let attribute: Attribute
  /// Whether the measured scores live on one scale for all scenes.
  public let isUnified: Bool
  /// The unit of the measured scores.
  public let unit: ScoreUnit
  /// The photos, each predicted 0 for now.
  public let photos: [Prediction]
  /// The mean measured score of the training photos, if the split has them.
  public let trainingMean: Double?

  /// Reads a scale and keeps the photos of one part.
  ///
  /// - Parameters:
  ///   - path: `Scores_<Attribute>.csv` or `Scores_Unified.csv`.
  ///   - split: the split; nil keeps all photos.
  ///   - part: the part of the split to keep.
  /// - Throws: `InputError` when the split lacks a photo, or the part is empty.
  public init(scale path: String, split: DataSplit?, part: SplitPart) throws(InputError) {
    let scores = try TrainingScores(path: path)
    let parts = try split?.parts(of: scores.photos)
    var kept: [Prediction] = []
    var training: [Double] = []
    for (index, photo) in scores.photos.enumerated() {
      let own = parts?[index] ?? part
      if own == .train, part != .train { training.append(photo.score) }
      guard own == part else { continue }
      kept.append(
        Prediction(
          photo: photo.photo, scene: photo.scene, part: part, measured: photo.score,
          predicted: .zero, measuredInterval: photo.interval,
          measuredDeviation: photo.standardDeviation))
    }
    guard !kept.isEmpty else {
      throw InputError(
        path, "none of its photos is in the part \(part.rawValue) of the split",
        remedy: "give the split of these photos, or another \(Setting("part"))")
    }
    (attribute, isUnified, unit) = (scores.attribute, scores.isUnified, scores.unit)
    photos = kept
    trainingMean = training.isEmpty ? nil : Descriptive.mean(training)
  }

  /// Takes the photos and measured scores of a training run.
  ///
  /// - Parameters:
  ///   - run: the run's folder.
  ///   - part: the part of its split to keep.
  /// - Throws: `InputError` when it is not a finished run, or the part is empty.
  public init(run: String, part: SplitPart) throws(InputError) {
    let record = try RunRecord.read(run)
    let rows = try PredictionsFile.read("\(run)/predictions.csv").map(\.prediction)
    photos = rows.filter { $0.part == part }.map { $0.predicting(.zero) }
    guard !photos.isEmpty else {
      throw InputError(
        run, "the run has no photos in the part \(part.rawValue)",
        remedy: "give another \(Setting("part"))")
    }
    (attribute, isUnified, unit) = (record.attribute, record.isUnified, record.unit)
    let training = rows.filter { $0.part == .train }.map(\.measured)
    trainingMean = training.isEmpty || part == .train ? nil : Descriptive.mean(training)
  }

  /// The same set with only the photos that `keep` accepts.
  ///
  /// - Throws: `InputError` when none is left.
  public func filtered(
    _ why: String, _ keep: (Prediction) -> Bool
  ) throws(InputError) -> EvaluationSet {
    try EvaluationSet(copying: self, photos: photos.filter(keep), why: why)
  }

  private init(
    copying other: EvaluationSet, photos: [Prediction], why: String
  ) throws(InputError) {
    guard !photos.isEmpty else {
      throw InputError(
        why, "no photo of the scale is left", remedy: "check the names of the photos")
    }
    (attribute, isUnified, unit) = (other.attribute, other.isUnified, other.unit)
    (self.photos, trainingMean) = (photos, other.trainingMean)
  }
}
