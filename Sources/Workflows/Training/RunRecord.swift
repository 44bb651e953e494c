public import Domain
import Files
import Foundation
public import Training

/// What `vernier train` leaves in its folder beside the model: how the run was made and what came
/// out.
public struct RunRecord: Hashable, Sendable, Codable {
  /// The architecture's name.
  public let architecture: String
  /// The attribute that the model predicts.
  public let attribute: Attribute
  /// Whether the scores live on one scale for all scenes.
  public let isUnified: Bool
  /// The unit of the scores.
  public let unit: ScoreUnit
  /// How the weights were fitted.
  public let fitting: FittingSettings
  /// The epoch whose weights were kept.
  public let bestEpoch: Int
  /// Why the fit stopped.
  public let end: FittingEnd
  /// Half the width of a new photo's 95 % interval, in the unit of the scores.
  public let intervalHalfWidth: Double
  /// The scenes of each part.
  public let scenes: [String: [SceneID]]

  /// Where a run's record lies.
  static func path(_ run: String) -> String { "\(run)/run.json" }

  /// Reads the record of a run.
  ///
  /// - Throws: `InputError` when the folder holds no finished run.
  public static func read(_ run: String) throws(InputError) -> RunRecord {
    guard FileManager.default.fileExists(atPath: path(run)) else {
      throw InputError(
        run, "this is not a finished training run (run.json is missing)",
        remedy: "give the \(Setting("out")) folder of `vernier train`")
    }
    return try CanonicalJSON.read(RunRecord.self, from: path(run))
  }

  /// The scenes of each part, ascending.
  static func scenes(
    of photos: some Sequence<(part: SplitPart, scene: SceneID)>
  ) -> [String: [SceneID]] {
    Dictionary(grouping: photos, by: \.part.rawValue).mapValues {
      Set($0.map(\.scene)).sorted()
    }
  }

  /// Writes the record of a run and where it came from; the record comes last: where it lies, the
  /// run is whole.
  func write(to run: String, provenance: Provenance) throws {
    try provenance.write(beside: Self.path(run))
    try AtomicFile.write(CanonicalJSON.document(self), to: Self.path(run))
  }
}
