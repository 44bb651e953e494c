/// A photo's quality as a simulation defines it: a row of `truth.csv`.
public struct TrueQuality: Hashable, Sendable, Codable {
  /// The scene, or the cross-scene set's name.
  public let scene: SceneID
  /// What is judged.
  public let attribute: Attribute
  /// The photo.
  public let photo: PhotoID
  /// Its quality in JOD; the origin is free.
  public let quality: JOD

  /// Makes a row of truth.
  public init(scene: SceneID, attribute: Attribute, photo: PhotoID, quality: JOD) {
    self.scene = scene
    self.attribute = attribute
    self.photo = photo
    self.quality = quality
  }
}
