import Comparison
import Domain
import Files
import Scaling

/// The scenes of a votes file.
enum SceneChoice {
  /// All scenes and attributes, or those of one scene.
  ///
  /// - Throws: `InputError` when the scene isn't in the file.
  static func scenes(_ votes: String, only scene: String?) throws -> [SceneJudgements] {
    let all = SceneJudgements.grouping(try VotesFile.read(votes))
    guard let scene else { return all }
    let chosen = all.filter { $0.scene.text == scene }
    guard !chosen.isEmpty else {
      throw InputError(
        "--scene", "«\(scene)» has no votes in \(votes)",
        remedy: "give one of \(Set(all.map(\.scene.text)).sorted().joined(separator: ", "))")
    }
    return chosen
  }
}

/// Files of pairs and groups of photos.
enum PairList {
  /// Reads `image_a,image_b`.
  static func read(_ path: String) throws -> [(PhotoID, PhotoID)] {
    let table = try CSVTable(path: path)
    let columns = try table.columns(["image_a", "image_b"])
    return try table.rows.map {
      (PhotoID(try $0.text(columns[0])), PhotoID(try $0.text(columns[1])))
    }
  }

  /// Reads `image,group`.
  static func groups(_ path: String) throws -> [PhotoID: String] {
    let table = try CSVTable(path: path)
    let columns = try table.columns(["image", "group"])
    var groups: [PhotoID: String] = [:]
    for row in table.rows {
      let (photo, group) = (PhotoID(try row.text(columns[0])), try row.text(columns[1]))
      if let known = groups.updateValue(group, forKey: photo), known != group {
        throw row.error("the photo \(photo) is in two groups", remedy: "keep one of the rows")
      }
    }
    return groups
  }

  /// The pairs of a scene's photos by index; pairs of other photos are left out.
  static func indices(
    _ pairs: [(PhotoID, PhotoID)], in scene: SceneJudgements
  ) -> Set<PhotoPair> {
    Set(
      pairs.compactMap { first, second in
        guard let a = scene.photos.firstIndex(of: first),
          let b = scene.photos.firstIndex(of: second), a != b
        else { return nil }
        return PhotoPair(a, b)
      })
  }
}

/// What votes say about all positions together.
enum Posterior {
  /// The posterior under the default prior, which exists for every design.
  static func of(_ comparisons: ComparisonMatrix) throws -> QualityPosterior {
    let fit = try fitScale(comparisons, disconnected: .usePrior)
    return try QualityPosterior(means: fit.jod, covariance: fit.covariance)
  }
}
