/// One observer's rating of one photo, on the scale of its study: a row of `ratings.csv`.
///
/// Ratings are not comparisons: they share a zero over scenes, and their steps are the study's own.
public struct Rating: Hashable, Sendable {
  /// Who rated.
  public let observer: ObserverID
  /// The scene.
  public let scene: SceneID
  /// What was rated.
  public let attribute: Attribute
  /// The photo.
  public let photo: PhotoID
  /// The rating, larger being better.
  public let value: Double

  /// Makes a rating.
  public init(
    observer: ObserverID, scene: SceneID, attribute: Attribute, photo: PhotoID, value: Double
  ) {
    (self.observer, self.scene, self.attribute) = (observer, scene, attribute)
    (self.photo, self.value) = (photo, value)
  }
}
