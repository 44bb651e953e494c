public import Domain
import Foundation

/// The joint uncertainty of the scores of one scene.
public struct ScoreCovariance: Hashable, Sendable, Codable {
  /// The scene.
  public let scene: SceneID
  /// The photos.
  public let images: [PhotoID]
  /// Their scores in JOD, by which a reader sees that scores and covariance belong together.
  public let scores: [Double]
  /// The covariance in JOD²: the lower triangle row by row, with the diagonal.
  public let covariance: [Double]

  /// Takes a scale with the covariance of its photos, row-major in their order.
  public init(_ scale: SceneScale, covariance: [Double]) {
    let count = scale.photos.count
    scene = scale.scene
    images = scale.photos.map(\.photo)
    scores = scale.photos.map(\.score)
    self.covariance = (0..<count).flatMap { row in (0...row).map { covariance[row * count + $0] } }
  }

  /// The covariance of some photos of the scene, row-major in their order.
  ///
  /// - Parameter photos: The photos with their scores.
  /// - Returns: nil when a photo is missing here, or has another score.
  public func matrix(of photos: [ScaledPhoto]) -> [Double]? {
    guard scores.count == images.count, covariance.count == images.count * (images.count + 1) / 2
    else { return nil }
    let places = Dictionary(images.enumerated().map { ($1, $0) }) { first, _ in first }
    var order: [Int] = []
    for photo in photos {
      let crossName = ScenePhoto(scene: photo.scene, photo: photo.photo).crossName
      guard let place = places[photo.photo] ?? places[crossName],
        // A score file rounds.
        abs(scores[place] - photo.score) < 1e-3
      else { return nil }
      order.append(place)
    }
    return order.flatMap { i in
      order.map { j in covariance[max(i, j) * (max(i, j) + 1) / 2 + min(i, j)] }
    }
  }
}

/// The covariances beside a score file: `Covariances_Details.jsonl` beside `Scores_Details.csv`, a line for each scene.
///
/// Standard deviations say nothing of what photos have in common, such as the stretch of a whole scale, on which the line
/// between two scales depends most.
public enum CovariancesFile {
  /// Where the covariances of a score file lie.
  public static func path(beside scores: String) -> String {
    let slash = scores.lastIndex(of: "/").map(scores.index(after:)) ?? scores.startIndex
    var name = String(scores[slash...])
    if name.hasSuffix(".csv") { name.removeLast(4) }
    name = name.hasPrefix("Scores_") ? String(name.dropFirst(7)) : name
    return scores[..<slash] + "Covariances_\(name).jsonl"
  }

  /// Writes the covariances of a score file.
  public static func write(_ scenes: [ScoreCovariance], beside scores: String) throws(InputError) {
    try JSONLines.write(scenes, to: path(beside: scores))
  }

  /// Reads the covariances of a score file.
  ///
  /// - Returns: One for each scene; nil when there is no such file.
  /// - Throws: `InputError` for a file that is broken.
  public static func read(beside scores: String) throws(InputError) -> [SceneID: ScoreCovariance]? {
    let path = path(beside: scores)
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    let scenes = try JSONLines.read(ScoreCovariance.self, from: path)
    return Dictionary(scenes.map { ($0.scene, $0) }) { first, _ in first }
  }
}
