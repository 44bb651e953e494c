/// The faces that a search found in a photo.
public struct FoundFaces: Hashable, Sendable {
  /// The faces in pixels of the upright photo, the main face first.
  public let faces: [FaceBox]
  /// The pass of the search that found them, such as `960` or `960 brightened`; nil when none did.
  public let pass: String?

  /// Makes the faces of a photo.
  public init(faces: [FaceBox] = [], pass: String? = nil) {
    self.faces = faces
    self.pass = pass
  }

  /// The main face, if there is one.
  public var main: FaceBox? { faces.first }
}
