public import Documents
public import Domain
import Evaluation
import Files
public import ModelLibrary

extension CalibrationSample {
  /// The photos of matched scores as calibration samples, and which photo each is.
  public static func of(
    _ scores: MatchedScores
  ) -> (rows: [CalibrationSample], photos: [ScenePhoto]) {
    let rows = zip(scores.model.predictions, scores.spreads).map { prediction, spread in
      CalibrationSample(
        scene: prediction.scene, measured: prediction.measured, score: prediction.predicted,
        spread: spread)
    }
    let photos = scores.model.predictions.map { ScenePhoto(scene: $0.scene, photo: $0.photo) }
    return (rows, photos)
  }
}

/// How a calibration fares, and its intervals as a file.
public enum CoverageTable {
  /// The coverage on the validation and on the test photos.
  public static func table(
    _ calibration: IntervalCalibration, valid: [CalibrationSample], test: [CalibrationSample],
    level: Double
  ) -> TextTable {
    let parts = [("valid", valid), ("test", test)]
    let rows: [[String]] = parts.compactMap { name, samples in
      guard let coverage = try? IntervalCoverage(calibration, on: samples) else { return nil }
      return [
        name, "\(Set(samples.map(\.scene)).count)", "\(coverage.photos)",
        NumberFormat.fixed(coverage.share, 3), NumberFormat.fixed(coverage.sceneMean, 3),
        "\(NumberFormat.fixed(coverage.worstShare, 3)) (\(coverage.worstScene))",
        NumberFormat.fixed(coverage.meanWidth, 2),
      ]
    }
    return TextTable(
      caption: """
        Intervals meant to hold \(NumberFormat.fixed(100 * level, 1)) % of new photos, design \
        «\(calibration.design.rawValue)», calibrated on \(calibration.photos) photos of \
        \(calibration.scenes) scenes: the share of photos whose interval holds their measured \
        quality. Only the test row says how well that works.
        """,
      columns: [
        "Part", "Scenes", "Photos", "Coverage", "Mean over scenes", "Worst scene", "Mean width",
      ], rows: rows)
  }

  /// Writes scores with their intervals: `photo,scene,score,low,high`.
  public static func write(
    _ calibration: IntervalCalibration, _ samples: [CalibrationSample], _ photos: [ScenePhoto],
    to path: String
  ) throws(InputError) {
    var table = CSVWriter(columns: ["photo", "scene", "score", "low", "high"])
    for (sample, photo) in zip(samples, photos) {
      let interval = calibration.interval(score: sample.score, spread: sample.spread)
      table.append([
        photo.photo.text, photo.scene.text, CSVWriter.text(sample.score),
        CSVWriter.text(interval.low), CSVWriter.text(interval.high),
      ])
    }
    try table.write(to: path)
  }
}
