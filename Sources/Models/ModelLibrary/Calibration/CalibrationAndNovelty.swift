import Documents
public import Domain
import Files
import Foundation

/// Interval calibration and novelty detector of a trained model, from its validation photos:
/// `knowledge.json` in the model's folder.
///
/// The interval of a score, and whether a photo lies outside what the model knows.
public struct CalibrationAndNovelty: Hashable, Sendable, Codable {
  /// The photos' features, scores and parts that it is fitted to.
  public struct Row {
    /// The photo with its measured and its predicted score.
    public let prediction: Prediction
    /// The standard deviation of the score over crops; nil where the model looks once.
    public let spread: Double?
    /// What the network saw before its head.
    public let features: [Float]

    /// Collects what is known about one photo.
    public init(prediction: Prediction, spread: Double?, features: [Float]) {
      (self.prediction, self.spread, self.features) = (prediction, spread, features)
    }
  }

  /// The probability of intervals.
  static let level = 0.95
  /// The file in a model's folder.
  public static let name = "knowledge.json"

  /// Turns a score into its interval; nil where there are too few validation photos.
  public let calibration: IntervalCalibration?
  /// Detects photos unlike the training photos; nil where there are too few photos.
  public let novelty: NoveltyDetector?

  /// Takes a calibration and a detector that were fitted elsewhere.
  public init(calibration: IntervalCalibration?, novelty: NoveltyDetector?) {
    (self.calibration, self.novelty) = (calibration, novelty)
  }

  /// Learns from the validation photos; test photos are left alone.
  ///
  /// Intervals promise 95 % for new scenes where there are 19 validation scenes, else by the model
  /// of normal scene effects where there are 2, else for photos like the validation photos only.
  public init(_ rows: [Row]) {
    let validation = rows.filter { $0.prediction.part == .valid }
    let samples = validation.map {
      CalibrationSample(
        scene: $0.prediction.scene, measured: $0.prediction.measured,
        score: $0.prediction.predicted, spread: 0)
    }
    let designs: [CalibrationDesign] = [.scenes, .sceneEffects, .photos]
    calibration =
      designs.lazy.compactMap {
        try? IntervalCalibration(samples, level: Self.level, design: $0)
      }.first
    let scenes = Dictionary(grouping: validation, by: \.prediction.scene)
    novelty = try? NoveltyDetector(
      training: rows.filter { $0.prediction.part == .train }.map(\.features),
      validation: scenes.keys.sorted().map { scenes[$0, default: []].map(\.features) })
  }

  /// Reads the knowledge of a model; nil where its folder has none.
  ///
  /// - Throws: `InputError` when the file is damaged.
  public static func read(_ folder: String) throws(InputError) -> CalibrationAndNovelty? {
    let path = "\(folder)/\(name)"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try CanonicalJSON.read(CalibrationAndNovelty.self, from: path)
  }

  /// Writes it into a model's folder.
  public func write(to folder: String) throws(InputError) {
    try AtomicFile.write(CanonicalJSON.line(self) + "\n", to: "\(folder)/\(Self.name)")
  }

  /// One sentence about the intervals, for the model's card.
  ///
  /// - Parameter fallback: half the interval's width where the validation photos are too few to
  ///   promise anything.
  /// - Returns: the sentence.
  public func intervalText(fallback: Double) -> String {
    guard let calibration else {
      return
        "The interval of a score is ± \(NumberFormat.fixed(fallback, 2)), the largest error on the "
        + "validation photos, which are too few to promise 95 %."
    }
    let percent = Int((100 * calibration.level).rounded())
    let basis =
      "\(calibration.photos) validation photos of \(calibration.scenes) "
      + (calibration.scenes == 1 ? "scene" : "scenes")
    let half = NumberFormat.fixed(calibration.margin, 2)
    switch calibration.design {
    case .scenes:
      return
        "The \(percent) % interval of a score is ± \(half), calibrated on \(basis) for photos of "
        + "NEW scenes (split conformal prediction by scenes)."
    case .sceneEffects:
      return
        "The \(percent) % interval of a score is \(NumberFormat.fixed(calibration.shift, 2)) ± "
        + "\(half), calibrated on \(basis) for new scenes IF scenes' errors are normal."
    case .photos:
      return
        "The \(percent) % interval of a score is ± \(half), calibrated on \(basis); nothing is "
        + "promised for new scenes."
    }
  }

  /// One sentence about photos outside what the model knows, for the card.
  public var noveltyText: String {
    guard let novelty else {
      return
        "Photos unlike the training photos are not flagged: there were too few validation photos."
    }
    let percent = Int((100 * novelty.falseAlarms).rounded())
    return
      "Photos unlike the training photos are flagged «outside what this model knows»; so are at "
      + "most about \(percent) % of ordinary photos"
      + (novelty.holdsForNewScenes ? ", of new scenes too." : " of the validation scenes.")
  }
}
