import Domain
import Files
import Scaling

/// A file of published scores, with the covariances beside it if there are any.
struct PublishedScores {
  /// The scales, in the order of the file.
  let scales: [SceneScale]
  /// What lies beside the file, by scene.
  let covariances: [SceneID: ScoreCovariance]

  /// Reads both files.
  ///
  /// - Throws: `InputError` when one can't be read.
  init(_ path: String) throws(InputError) {
    scales = try ScoresFile.read(path)
    covariances = try CovariancesFile.read(beside: path)
  }

  /// A scale with the errors that are known of it.
  ///
  /// - Throws: `InputError` for a scale without errors.
  func published(_ scale: SceneScale) throws(InputError) -> PublishedScale {
    try PublishedScale(scale, covariance: covariances[scale.scene]?.matrix(of: scale.photos))
  }
}
