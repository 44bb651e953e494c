public import Domain
import Files

/// The scenes of a votes file.
public enum SceneVotes {
  /// All scenes and attributes, or those of one scene.
  ///
  /// - Parameters:
  ///   - path: the votes.
  ///   - scene: the only scene to take; nil takes all.
  ///   - observer: hears remarks on the file.
  /// - Returns: the judgements of each scene and attribute.
  /// - Throws: `InputError` when the scene isn't in the file.
  public static func read(
    _ path: String, only scene: SceneID? = nil, observer: WorkflowObserver = .silent
  ) throws(InputError) -> [SceneJudgements] {
    let all = try VotesFile.scenes(path, observer: observer)
    guard let scene else { return all }
    let chosen = all.filter { $0.scene == scene }
    guard !chosen.isEmpty else {
      throw InputError(
        Setting("scene"), "«\(scene)» has no votes in \(path)",
        remedy: "give one of \(Set(all.map(\.scene.text)).sorted().joined(separator: ", "))")
    }
    return chosen
  }

  /// The scenes of some attributes in which a vote is about a photo in question.
  ///
  /// - Parameters:
  ///   - path: the votes.
  ///   - attributes: the attributes to take; nil takes all.
  ///   - photos: what the photos in question are, for the error.
  ///   - observer: hears remarks on the file.
  ///   - holds: whether a photo is one of them.
  /// - Returns: the judgements of each scene and attribute.
  /// - Throws: `InputError` for an attribute without votes, and when no vote is about such a photo.
  public static func read(
    _ path: String, attributes: [Attribute]?, about photos: String,
    observer: WorkflowObserver = .silent, where holds: (SceneID, PhotoID) -> Bool
  ) throws(InputError) -> [SceneJudgements] {
    let all = try read(path, observer: observer)
    let known = Set(all.map(\.attribute))
    for attribute in attributes ?? [] where !known.contains(attribute) {
      throw InputError(
        Setting("attribute"), "«\(attribute)» has no votes in \(path)",
        remedy: "give one of \(known.sorted().map(\.text).joined(separator: ", "))")
    }
    let chosen = all.filter { scene in
      (attributes.map { $0.contains(scene.attribute) } ?? true)
        && scene.photos.contains { holds(scene.scene, $0) }
    }
    guard !chosen.isEmpty else {
      throw InputError(
        path, "no vote is about a photo of \(photos)",
        remedy: "name scenes and photos in the groups as the votes do")
    }
    return chosen
  }
}
