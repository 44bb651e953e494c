/// The ratings of one scene's photos for one attribute: of single observers, or already averaged.
public struct SceneRatings: Sendable, Hashable {
  /// The average of a photo's ratings.
  public struct Opinion: Sendable, Hashable {
    /// The photo.
    public var photo: PhotoID
    /// The mean opinion score, in the study's points; more is better.
    public var mean: Double
    /// The standard deviation of the ratings, in points.
    public var deviation: Double
    /// The number of ratings.
    public var count: Double

    /// Makes an average.
    public init(photo: PhotoID, mean: Double, deviation: Double, count: Double) {
      (self.photo, self.mean, self.deviation, self.count) = (photo, mean, deviation, count)
    }
  }

  /// What is known of the ratings.
  public enum Content: Sendable, Hashable {
    /// Every rating.
    case ratings([Rating])
    /// An average for each photo.
    case opinions([Opinion])
  }

  /// The scene.
  public let scene: SceneID
  /// The attribute.
  public let attribute: Attribute
  /// The ratings.
  public let content: Content

  /// Makes ratings.
  public init(scene: SceneID, attribute: Attribute, content: Content) {
    (self.scene, self.attribute, self.content) = (scene, attribute, content)
  }

  /// The photos, each once, in the order of their first rating.
  public var photos: [PhotoID] {
    var seen: Set<PhotoID> = []
    let all: [PhotoID] =
      switch content {
      case .ratings(let ratings): ratings.map(\.photo)
      case .opinions(let opinions): opinions.map(\.photo)
      }
    return all.filter { seen.insert($0).inserted }
  }
}
