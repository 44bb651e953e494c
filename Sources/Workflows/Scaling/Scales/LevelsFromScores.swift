public import Domain
import Files
public import Scaling
import Statistics

/// Recomputes the quality levels and clusters of a score file from its rows alone:
/// `SCENE,IMAGE,QUALITY LEVEL,CLUSTER`, row by row.
///
/// Clusters follow the published rule (paired t-tests and Louvain inside each level) from scores
/// and standard deviations; the correlations of the replicates are not in such a file and are taken
/// for 0.
public struct LevelsFromScores: Sendable {
  private let scores: String
  private let rule: LevelRule
  private let keepsLevels: Bool
  private let seed: UInt64

  /// Plans a run.
  ///
  /// - Parameters:
  ///   - scores: a score file in PIQ23's columns.
  ///   - rule: the number of levels.
  ///   - keepsLevels: whether clusters are found inside the levels that the file holds.
  ///   - seed: of k-means' starts.
  public init(scores: String, rule: LevelRule, keepsLevels: Bool = false, seed: UInt64) {
    (self.scores, self.rule, self.seed) = (scores, rule, seed)
    self.keepsLevels = keepsLevels
  }

  /// Writes levels and clusters.
  ///
  /// - Parameters:
  ///   - path: the CSV file to write.
  ///   - observer: receives the numbers of levels and clusters of every scale, and how far the
  ///     file's own agree.
  /// - Throws: `InputError` when the scores can't be read or the file not be written.
  public func run(
    to path: String, observer: WorkflowObserver = .silent
  ) throws(InputError) {
    var found: [Place: (level: Int, cluster: Int)] = [:]
    for scale in try ScoresFile.read(scores) {
      let levels = try self.levels(of: scale)
      let clusters = FinalClusters.piq23(
        jod: scale.photos.map(\.score),
        standardDeviations: scale.photos.map(\.standardDeviation), levels: levels,
        generator: .init(seed: seed)
      ).labels
      for (index, photo) in scale.photos.enumerated() {
        found[Place(scale.attribute, scale.scene, photo.photo)] = (
          levels[index], clusters[index]
        )
      }
      let agreement = ClusterAgreement(scale, levels: levels, clusters: clusters)
      observer.message("\(scale.scene), \(scale.attribute): \(agreement.sentence)")
    }
    let table = try CSVTable(path: scores)
    let columns = try table.columns(["SCENE", "IMAGE", "ATTRIBUTE"])
    var written = CSVWriter(columns: ["SCENE", "IMAGE", "QUALITY LEVEL", "CLUSTER"])
    for row in table.rows {
      let (scene, image) = (try row.text(columns[0]), try row.text(columns[1]))
      let place = Place(Attribute(try row.text(columns[2])), SceneID(scene), PhotoID(image))
      written.append([
        scene, image, found[place].map { "\($0.level)" } ?? "",
        found[place].map { "\($0.cluster)" } ?? "",
      ])
    }
    try written.write(to: path)
    try Provenance(
      command: ["levels"], seed: seed,
      settings: ["rule": .text(keepsLevels ? "the file's" : rule.label)],
      inputs: Provenance.digests(of: [scores])
    ).write(beside: path)
  }

  /// The levels of a scale: those of the file, or recomputed ones.
  private func levels(of scale: SceneScale) throws(InputError) -> [Int] {
    guard keepsLevels else {
      return QualityLevels(scale, rule: rule, generator: .init(seed: seed)).levels
    }
    let own = scale.photos.compactMap(\.level)
    guard own.count == scale.photos.count else {
      throw InputError(
        "\(scores), scene \(scale.scene)", "it holds photos without a QUALITY LEVEL",
        remedy: "leave \(Setting("keepLevels")) out, so that levels are recomputed")
    }
    return own
  }

  /// Which photo of which scale a level belongs to.
  private struct Place: Hashable {
    let attribute: Attribute
    let scene: SceneID
    let photo: PhotoID

    init(_ attribute: Attribute, _ scene: SceneID, _ photo: PhotoID) {
      (self.attribute, self.scene, self.photo) = (attribute, scene, photo)
    }
  }
}
