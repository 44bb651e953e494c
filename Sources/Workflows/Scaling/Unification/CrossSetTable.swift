public import Domain
public import Files
import Unification

/// Chooses the photos to be judged across scenes, along every scene's scale.
public enum CrossSetTable {
  /// Chooses photos of every attribute; both ends of each scale are among them.
  ///
  /// - Parameters:
  ///   - path: the per-scene scores.
  ///   - perScene: the number of photos of each scene, at least 2.
  ///   - references: photos that are always among the chosen.
  ///   - observer: receives remarks about the choice.
  /// - Returns: `scene,attribute,image,cross_name,jod`.
  /// - Throws: `InputError` when the scores can't be read or the number is too small.
  public static func choose(
    scales path: String, perScene: Int, references: Set<ScenePhoto> = [],
    observer: WorkflowObserver = .silent
  ) throws -> CSVWriter {
    var table = CSVWriter(columns: ["scene", "attribute", "image", "cross_name", "jod"])
    let groups = Dictionary(grouping: try ScoresFile.read(path), by: \.attribute)
    for (attribute, group) in groups.sorted(by: { $0.key < $1.key }) {
      let chosen = try crossSet(scales: group, perScene: perScene, keeping: references)
      for warning in chosen.warnings { observer.note(warning) }
      for photo in chosen.photos {
        let name = ScenePhoto(scene: photo.scene, photo: photo.photo).crossName
        table.append([
          photo.scene.text, attribute.text, photo.photo.text, name.text, "\(photo.score)",
        ])
      }
    }
    return table
  }
}
