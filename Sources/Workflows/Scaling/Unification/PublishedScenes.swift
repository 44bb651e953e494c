import Domain
import Files
import Scaling

/// Scenes with published scores, the photos that shall be placed there, and the votes so far.
struct PublishedScenes {
  /// One scene; its judgements hold the published photos first, also without votes.
  struct Scene {
    let published: PublishedScale
    let judgements: SceneJudgements
  }

  let scenes: [Scene]

  /// Reads the files.
  ///
  /// - Parameters:
  ///   - path: The score file.
  ///   - votes: The votes on new and published photos; nil for none.
  ///   - newPhotos: `scene,image`; nil takes the photos of the votes.
  ///   - only: The only scene; nil takes all that votes or new photos name.
  ///   - observer: Hears remarks on the votes.
  /// - Throws: `InputError` for files that can't be read, and when nothing is to be placed.
  init(
    published path: String, votes: String?, newPhotos: String?, only: SceneID?,
    observer: WorkflowObserver
  ) throws {
    let scores = try PublishedScores(path)
    let given = try votes.map { try VotesFile.scenes($0, observer: observer) } ?? []
    var listed: [SceneID: [PhotoID]] = [:]
    if let newPhotos {
      let table = try CSVTable(path: newPhotos)
      let columns = try table.columns(["scene", "image"])
      for row in table.rows {
        let scene = SceneID(try row.text(columns[0]))
        guard scores.scales.contains(where: { $0.scene == scene }) else {
          throw row.error(
            columns[0], "«\(scene)» has no published scores in \(path)",
            remedy: "scale new scenes with `vernier scale`")
        }
        listed[scene, default: []].append(PhotoID(try row.text(columns[1])))
      }
    }
    var scenes: [Scene] = []
    for scale in scores.scales where only == nil || only == scale.scene {
      let own = given.first { $0.scene == scale.scene && $0.attribute == scale.attribute }
      guard own != nil || listed[scale.scene] != nil else { continue }
      let published = try scores.published(scale)
      scenes.append(
        Scene(
          published: published,
          judgements: published.joined(own, and: listed[scale.scene] ?? [])))
    }
    guard !scenes.isEmpty else {
      throw InputError(
        newPhotos ?? votes ?? path, "it names no photo of a scene of \(path)",
        remedy: "list the photos to be placed as scene,image")
    }
    self.scenes = scenes
  }
}
