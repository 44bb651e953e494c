/// What the judgements of one scene say about the qualities of its photos: a joint Gaussian
/// distribution in JOD.
///
/// A fit hands it to pair selection, observer screening and scene extension as plain numbers. Only
/// differences of qualities have a meaning, so the covariance may be singular along the common
/// origin.
public struct QualityPosterior: Hashable, Sendable {
  /// The expected qualities in JOD, in the order of the photos.
  public let means: [Double]
  /// The covariance in JOD², row-major `n × n`.
  public let covariance: [Double]

  /// Makes a posterior.
  ///
  /// - Throws: `InputError` when the covariance is not `n × n` or a number is not finite.
  public init(means: [Double], covariance: [Double]) throws(InputError) {
    guard covariance.count == means.count * means.count else {
      throw InputError(
        "posterior", "\(covariance.count) covariances do not belong to \(means.count) photos",
        remedy: "give a full matrix, row by row")
    }
    guard means.allSatisfy(\.isFinite), covariance.allSatisfy(\.isFinite) else {
      throw InputError(
        "posterior", "it holds numbers that are not finite",
        remedy: "connect all photos by votes, or scale with a prior")
    }
    self.means = means
    self.covariance = covariance
  }

  /// The number of photos.
  public var count: Int { means.count }

  /// The expected difference of two photos' qualities, in JOD.
  public func difference(_ first: Int, _ second: Int) -> Double { means[first] - means[second] }

  /// The variance of the difference of two photos' qualities, in JOD²; never below 0.
  public func differenceVariance(_ first: Int, _ second: Int) -> Double {
    let n = count
    return max(
      0,
      covariance[first * n + first] + covariance[second * n + second]
        - covariance[first * n + second] - covariance[second * n + first])
  }
}
