import Domain

/// Which photos stand on which side, and what is known about them.
struct Sides {
  /// One photo of either side.
  struct Member {
    let isCandidate: Bool
    let facts: Facts

    /// Who is shown and how it is framed; nil where nothing is known.
    ///
    /// Photos of the two sides are compared where these agree.
    var content: String? {
      let parts = ["person", "framing", "content"].compactMap { facts[$0] }
      return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
  }

  let baseline: String
  let candidate: String
  private let groups: PhotoGroups

  /// Finds the two groups.
  ///
  /// - Throws: `InputError` when one of them isn't there, or both are the same.
  init(_ source: GroupSource, baseline: String, candidate: String) throws {
    guard baseline != candidate else {
      throw InputError(
        Setting("candidate"), "«\(candidate)» is the baseline too", remedy: "give two groups")
    }
    (self.baseline, self.candidate) = (baseline, candidate)
    groups = try PhotoGroups(source, needed: [baseline, candidate])
  }

  /// A photo of either side; nil for photos of neither.
  func member(_ scene: SceneID, _ photo: PhotoID) -> Member? {
    guard let found = groups[scene, photo] else { return nil }
    guard found.group == candidate || found.group == baseline else { return nil }
    return Member(isCandidate: found.group == candidate, facts: found.facts)
  }

  /// The group of a photo, also of those on neither side.
  func group(_ scene: SceneID, _ photo: PhotoID) -> String? { groups[scene, photo]?.group }

  /// The scenes of a photo by its name.
  func scenes(of photo: PhotoID) -> [SceneID] { groups.scenes(of: photo) }
}
