public import Domain
import Glibc
import Statistics

extension ScaleCovariances {
  /// The joint uncertainty inferred from scores, their standard deviations and numbers of
  /// comparisons: what a score file knows, without the votes.
  ///
  /// Partners are taken as drawn at random, in proportion to how often each photo was judged; the
  /// Case V information of such votes about the given scores, with a normal prior of 5 JOD, gives
  /// the correlations, among them the stretch of the whole scale. The standard deviations are the
  /// file's. Actively sampled votes compare close photos and know the stretch a little less than
  /// this says.
  ///
  /// - Parameters:
  ///   - scales: the scales of the scenes.
  ///   - cross: the scale of the cross-scene set.
  ///   - known: covariances that need not be inferred, of scenes.
  ///   - knownCross: the covariance of the cross-scene set, likewise.
  /// - Returns: the covariances, or nil where they cannot be inferred: a unit other than JOD, a photo without comparisons,
  ///   or one without a positive standard deviation.
  public static func inferred(
    scales: [SceneScale], cross: CrossScale, known: [SceneID: [Double]] = [:],
    knownCross: [Double]? = nil
  ) -> Self? {
    guard cross.convention == .jod, scales.allSatisfy({ $0.convention == .jod }),
      let crossMatrix = knownCross ?? covariance(of: cross.photos)
    else { return nil }
    var scenes: [SceneID: [Double]] = [:]
    for scale in scales {
      guard let matrix = known[scale.scene] ?? covariance(of: scale.photos) else { return nil }
      scenes[scale.scene] = matrix
    }
    return Self(scenes: scenes, cross: crossMatrix)
  }

  private static func covariance(of photos: [ScaledPhoto]) -> [Double]? {
    let n = photos.count
    let judged = photos.map { Double($0.comparisons) }
    let deviations = photos.map(\.standardDeviation)
    let usable = zip(judged, deviations).allSatisfy { $0 > 0 && $1 > 0 && $1.isFinite }
    guard n > 1, usable else { return nil }
    let total = judged.reduce(0, +)
    let sigma = JOD.differenceSigma
    var information = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      information[i * n + i] += 1 / (priorDeviation * priorDeviation)
      for j in 0..<i {
        // Expected votes on the pair: as the ends of the votes are shared out at random.
        let votes = judged[i] * judged[j] / total
        let x = (photos[i].score - photos[j].score) / sigma
        let logWeight =
          2 * StandardNormal.logDensity(x) - StandardNormal.logCdf(x) - StandardNormal.logCdf(-x)
        let weight = votes * exp(logWeight) / (sigma * sigma)
        information[i * n + i] += weight
        information[j * n + j] += weight
        information[i * n + j] -= weight
        information[j * n + i] -= weight
      }
    }
    guard let inverse = Cholesky(information, count: n)?.inverse() else { return nil }
    // Scores have mean 0: the common shift is not an uncertainty.
    let rows = (0..<n).map { i in inverse[(i * n)..<(i * n + n)].reduce(0, +) / Double(n) }
    let middle = rows.reduce(0, +) / Double(n)
    func centred(_ i: Int, _ j: Int) -> Double { inverse[i * n + j] - rows[i] - rows[j] + middle }
    let factors = (0..<n).map { deviations[$0] / centred($0, $0).squareRoot() }
    return (0..<n * n).map { factors[$0 / n] * factors[$0 % n] * centred($0 / n, $0 % n) }
  }

  /// The standard deviation of the prior that `vernier scale` takes by default, in JOD.
  private static let priorDeviation = 5.0
}
