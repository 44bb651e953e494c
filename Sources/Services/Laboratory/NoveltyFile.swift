import Domain
import Evaluation
import Foundation
import Storage

/// `novelty.json` in a model's folder: what the model knows, so that photos outside of it are flagged.
enum NoveltyFile {
  static let name = "novelty.json"

  /// Whether a model's folder says what it knows.
  static func exists(in folder: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(name)")
  }

  /// The detector of a model; nil for models that have none.
  ///
  /// - Throws: `InputError` when the file can't be read.
  static func read(of folder: String) throws(InputError) -> NoveltyDetector? {
    guard exists(in: folder) else { return nil }
    return try CanonicalJSON.read(NoveltyDetector.self, from: "\(folder)/\(name)")
  }

  /// What a reader of a score should know; nil for photos like those of the training.
  static func remark(_ finding: NoveltyDetector.Finding, _ detector: NoveltyDetector) -> String? {
    guard finding.isOutside else { return nil }
    let distance = NumberFormat.fixed(finding.distance, 1)
    let limit = NumberFormat.fixed(detector.threshold, 1)
    return "outside what this model knows: distance \(distance), ordinary up to \(limit)"
  }
}
