public import Domain
import Files

/// A file that is to become a photo of a study.
public struct StudyCandidate: Hashable, Sendable {
  /// The path of the file.
  public var path: String
  /// The scene that it shows.
  public var scene: SceneID
  /// The photo's name within the scene.
  public var photo: PhotoID
  /// What was said about it.
  public var metadata: PhotoMetadata
  /// Whether the file may be something else: its suffix is not a photo's, and it was not named
  /// explicitly.
  public var isGuess: Bool
  /// How messages name the file where its path says nothing to a user.
  public var shown: String?

  /// How messages name the file.
  public var subject: String { shown ?? path }

  /// Makes a candidate.
  public init(
    path: String, scene: SceneID, photo: PhotoID, metadata: PhotoMetadata = PhotoMetadata(),
    isGuess: Bool = false, shown: String? = nil
  ) {
    self.path = path
    self.scene = scene
    self.photo = photo
    self.metadata = metadata
    self.isGuess = isGuess
    self.shown = shown
  }
}

/// The files that a folder or a manifest names, and what is wrong with the others.
public struct CandidateList: Sendable {
  /// The files, in order.
  public var candidates: [StudyCandidate] = []
  /// One error for every entry that can't be a photo.
  public var refused: [InputError] = []
  /// What a user should know though nothing is wrong.
  public var notes: [String] = []

  /// An empty list.
  public init() {}

  /// Refuses names that a study can't hold; nil when the two are fine.
  static func fault(scene: String, photo: String, subject: String) -> InputError? {
    for (what, name) in [("scene", scene), ("photo", photo)] {
      if name.isEmpty {
        return InputError(subject, "the \(what) has no name", remedy: "fill it in")
      }
      if name.utf8.count > 255 {
        return InputError(
          subject, "the \(what)'s name is longer than 255 bytes", remedy: "shorten it")
      }
    }
    return nil
  }
}
