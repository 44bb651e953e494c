public import Domain
public import Statistics

/// How each observer's answers move a scale: one step of Newton's method for the observer's answers alone.
///
/// Their outer products are the covariance over observers, which the observed information knows nothing of where observers
/// differ. Scenes that the same observers judged share these errors.
///
/// Source: Liang and Zeger 1986, doi:10.1093/biomet/73.1.13 (the sandwich over clusters).
public struct ObserverInfluences: Sendable, Hashable {
  /// The observers.
  public let observers: [ObserverID]
  /// The influence of each on every position, in JOD; each position's influences add up to 0.
  public let vectors: [[Double]]

  /// The covariance of the positions over observers, row-major, with the factor K/(K − 1) of few observers.
  public func covariance(count: Int) -> [Double] {
    var sum = [Double](repeating: 0, count: count * count)
    for vector in vectors {
      for i in 0..<count where vector[i] != 0 {
        for j in 0..<count { sum[i * count + j] += vector[i] * vector[j] }
      }
    }
    return sum.map { $0 * smallSampleFactor }
  }

  /// The influence of every observer on a sum of positions, scaled so that their squares add up to its variance.
  public func of(_ sum: LinearCombination) -> [ObserverID: Double] {
    let root = smallSampleFactor.squareRoot()
    return Dictionary(zip(observers, vectors.map { root * sum.of($0) })) { first, _ in first }
  }

  /// The influences on positions that are multiplied by a factor.
  func scaled(by factor: Double) -> Self {
    Self(observers: observers, vectors: vectors.map { $0.map { $0 * factor } })
  }

  private var smallSampleFactor: Double {
    let count = Double(observers.count)
    return count > 1 ? count / (count - 1) : 1
  }
}

extension ObserverInfluences {
  /// The influences at a fit under Thurstone's or Bradley and Terry's likelihood; ties count as half votes.
  init(_ judgements: SceneJudgements, fit: ScaleFit, model: ScalingModel) {
    let count = judgements.photos.count
    var slopes = observerSlopes(judgements, fit: fit, model: model)
    let observers = Double(max(1, judgements.observers.count))
    for photo in 0..<count {
      let mean = slopes.reduce(0) { $0 + $1[photo] } / observers
      for observer in slopes.indices { slopes[observer][photo] -= mean }
    }
    self.observers = judgements.observers
    vectors = slopes.map { slope in
      (0..<count).map { i in
        var sum = 0.0
        for j in 0..<count { sum += fit.covariance[i * count + j] * slope[j] }
        return sum
      }
    }
  }
}

/// The gradient of the log-likelihood of each observer's votes, per JOD, one row of photos for each observer.
func observerSlopes(
  _ judgements: SceneJudgements, fit: ScaleFit, model: ScalingModel
) -> [[Double]] {
  var slopes = [[Double]](
    repeating: Array(repeating: 0, count: judgements.photos.count),
    count: judgements.observers.count)
  let table = AnswerSlopeTable(judgements, positions: fit.jod, model: model)
  for vote in judgements.votes where vote.a != vote.b {
    let slope = table.slope(vote)
    slopes[vote.observer][vote.a] += slope
    slopes[vote.observer][vote.b] -= slope
  }
  return slopes
}
