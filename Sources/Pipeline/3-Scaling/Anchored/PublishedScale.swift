public import Domain
import Statistics

/// A scene's published positions with their uncertainty: what is known of photos whose votes are
/// not.
public struct PublishedScale: Sendable, Hashable {
  /// The scale, in the unit it was published in.
  public let scale: SceneScale
  /// The positions.
  let positions: [Double]
  /// The covariance of the positions, row-major in their order.
  let covariance: [Double]

  /// Takes a published scale.
  ///
  /// - Parameters:
  ///   - scale: The positions with their standard deviations.
  ///   - covariance: The joint covariance, row-major in the photos' order, where it is known; nil
  ///     takes the errors of the positions as independent.
  /// - Throws: `InputError` for fewer than two photos, and positions without any error.
  public init(_ scale: SceneScale, covariance: [Double]? = nil) throws(InputError) {
    let deviations = scale.photos.map(\.standardDeviation)
    guard scale.photos.count > 1, let typical = deviations.filter({ $0 > 0 }).max() else {
      throw InputError(
        "scene \(scale.scene), \(scale.attribute)",
        "its published scores have no errors to weigh them by",
        remedy: "give at least two photos with a standard deviation above 0")
    }
    self.scale = scale
    let count = deviations.count
    // A published deviation of 0 means that it was not resolved; a covariance around a mean of 0
    // does not know the mean. Both get a thousandth of the largest deviation.
    let least = 1e-6 * typical * typical
    var matrix = covariance ?? [Double](repeating: 0, count: count * count)
    for i in 0..<count {
      if covariance == nil { matrix[i * count + i] = deviations[i] * deviations[i] }
      matrix[i * count + i] += least
    }
    self.covariance = matrix
    positions = scale.photos.map(\.score)
  }

  /// Votes with the published photos first, also those without a vote, then the photos of the votes
  /// and of a list.
  ///
  /// - Parameters:
  ///   - votes: The votes on published and new photos of the same scene; nil for none.
  ///   - listed: Photos that may have no vote yet.
  /// - Returns: The same votes about these photos.
  public func joined(_ votes: SceneJudgements?, and listed: [PhotoID] = []) -> SceneJudgements {
    var photos = scale.photos.map(\.photo)
    var known = Set(photos)
    for photo in (votes?.photos ?? []) + listed where known.insert(photo).inserted {
      photos.append(photo)
    }
    let place = Dictionary(zip(photos, photos.indices)) { first, _ in first }
    let order = votes?.photos.map { place[$0] ?? 0 } ?? []
    return SceneJudgements(
      scene: scale.scene, attribute: scale.attribute, photos: photos,
      observers: votes?.observers ?? [],
      votes: votes?.votes.map {
        SceneJudgements.Vote(
          observer: $0.observer, a: order[$0.a], b: order[$0.b], choice: $0.choice,
          responseMilliseconds: $0.responseMilliseconds, origin: $0.origin)
      } ?? [])
  }

  /// The same publication of other positions.
  func with(positions: [Double]) -> Self {
    Self(scale: scale, positions: positions, covariance: covariance)
  }

  private init(scale: SceneScale, positions: [Double], covariance: [Double]) {
    (self.scale, self.positions, self.covariance) = (scale, positions, covariance)
  }
}
