public import Domain
import Glibc
import Statistics

extension ScaleCovariances {
  /// The joint uncertainty inferred from scores, their standard deviations and numbers of
  /// comparisons: what a score file knows, without the votes.
  ///
  /// The Case V information of as many votes about the given scores, with a normal prior of 5 JOD,
  /// gives the correlations, among them the stretch of the whole scale; the standard deviations are
  /// the file's. Partners are drawn at random or, as active sampling does, among close photos,
  /// whichever leads to deviations most like the file's: chains of close photos know the ends of a
  /// scale, and so its stretch, less well than its middle.
  ///
  /// - Parameters:
  ///   - scales: the scales of the scenes.
  ///   - cross: the scale of the cross-scene set.
  ///   - known: covariances that need not be inferred, of scenes.
  ///   - knownCross: the covariance of the cross-scene set, likewise.
  /// - Returns: the covariances, or nil where they cannot be inferred: a unit other than JOD, a
  ///   photo without comparisons, or one without a positive standard deviation.
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

  /// The same for one scale.
  ///
  /// - Parameter scale: the scale of a scene.
  /// - Returns: the covariance, row-major; nil where it cannot be inferred.
  public static func inferred(of scale: SceneScale) -> [Double]? {
    scale.convention == .jod ? covariance(of: scale.photos) : nil
  }

  private static func covariance(of photos: [ScaledPhoto]) -> [Double]? {
    let n = photos.count
    let judged = photos.map { Double($0.comparisons) }
    let deviations = photos.map(\.standardDeviation)
    let usable = zip(judged, deviations).allSatisfy { $0 > 0 && $1 > 0 && $1.isFinite }
    guard n > 1, usable else { return nil }
    let scores = photos.map(\.score)
    var best: (unlike: Double, covariance: [Double])?
    for reach in reaches {
      let votes = expectedVotes(judged, scores: scores, reach: reach)
      guard let found = covariance(of: scores, votes: votes) else { continue }
      let factors = (0..<n).map { deviations[$0] / found[$0 * n + $0].squareRoot() }
      let unlike = Descriptive.standardDeviation(factors.map { log($0) })
      if best.map({ unlike < clearly * $0.unlike }) ?? true {
        best = (unlike, (0..<n * n).map { factors[$0 / n] * factors[$0 % n] * found[$0] })
      }
    }
    return best?.covariance
  }

  /// The distances, in JOD, over which the number of votes on a pair falls to 1/e.
  private static let reaches = [Double.infinity, 4, 2, 1, 0.5]
  /// A shorter reach must bring the deviations this much nearer to the file's; by chance they come
  /// nearer by less.
  private static let clearly = 0.9

  /// The votes on every pair of photos, row-major, when each photo was judged so often and partners
  /// are the rarer, the farther they lie (iterative proportional fitting).
  private static func expectedVotes(
    _ judged: [Double], scores: [Double], reach: Double
  ) -> [Double] {
    let n = judged.count
    var kernel = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      for j in 0..<n where i != j {
        kernel[i * n + j] = exp(-abs(scores[i] - scores[j]) / reach)
      }
    }
    var shares = judged.map { $0.squareRoot() }
    for _ in 0..<30 {
      for i in 0..<n {
        var met = 0.0
        for j in 0..<n { met += kernel[i * n + j] * shares[j] }
        shares[i] = (shares[i] * judged[i] / max(met, 1e-12)).squareRoot()
      }
    }
    return (0..<n * n).map { kernel[$0] * shares[$0 / n] * shares[$0 % n] }
  }

  /// The covariance of scores with mean 0 by the information of the votes about them.
  private static func covariance(of scores: [Double], votes: [Double]) -> [Double]? {
    let n = scores.count
    let sigma = JOD.differenceSigma
    var information = [Double](repeating: 0, count: n * n)
    for i in 0..<n {
      information[i * n + i] += 1 / (priorDeviation * priorDeviation)
      for j in 0..<i {
        let x = (scores[i] - scores[j]) / sigma
        let logWeight =
          2 * StandardNormal.logDensity(x) - StandardNormal.logCdf(x) - StandardNormal.logCdf(-x)
        let weight = votes[i * n + j] * exp(logWeight) / (sigma * sigma)
        information[i * n + i] += weight
        information[j * n + j] += weight
        information[i * n + j] -= weight
        information[j * n + i] -= weight
      }
    }
    guard let inverse = Cholesky(information, count: n)?.inverse() else { return nil }
    return centeredCovariance(inverse, count: n)
  }

  /// The standard deviation of the prior that `vernier scale` takes by default, in JOD.
  private static let priorDeviation = 5.0
}
