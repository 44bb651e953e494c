import Glibc
import Statistics

/// The sensitivities of a study's tasks, from the qualities that the scenes' votes let expect of
/// the photos judged across scenes.
///
/// The sensitivities that are most probable together with all positions are not to be trusted:
/// every shared photo brings a position of its own to be fitted, and one that was chosen because it
/// was measured far out is taken to lie there. Here the positions are random within their scene:
/// its own votes let expect a quality of every photo (``ExpectedQualities``), and the cross-scene
/// scale lies around the line `a_j·x + b_j` through them.
struct JointSensitivities {
  /// The logarithms of all tasks' sensitivities, 0 for the reference.
  let logarithms: [Double]
  /// The precision matrix of the tasks other than the reference, in their order, row-major.
  let precision: [Double]

  /// Finds them; nil where a task has no scale of its own or a scene no rising line.
  ///
  /// - Parameters:
  ///   - scales: The scale of each task alone: the scenes', then that across scenes.
  ///   - photos: The numbers of the photos of each task.
  ///   - model: The likelihood of the votes.
  init?(_ scales: [TaskScale?], _ photos: [[Int]], _ model: JointLikelihood) {
    let n = model.scenes
    guard let cross = scales[n] else { return nil }
    var slopes: [TaskSlope] = []
    for scene in 0..<n {
      guard let own = scales[scene],
        let slope = TaskSlope(own, photos[scene], across: cross, photos[n])
      else { return nil }
      slopes.append(slope)
    }
    // ln t_j = ln a_r − ln a_j and ln t_0 = ln a_r.
    let tasks = (0...n).filter { $0 != model.reference }
    let contrasts = tasks.map { task in
      (0..<n).map { ($0 == model.reference ? 1.0 : 0) - ($0 == task ? 1 : 0) }
    }
    let logarithms = slopes.map { log($0.value) }
    let covariance = (0..<n).map { j in
      (0..<n).map { k in
        (slopes[j].shared(with: slopes[k], cross) + (j == k ? slopes[j].ownVariance : 0))
          / (slopes[j].value * slopes[k].value)
      }
    }
    var spread: [Double] = []
    for left in contrasts {
      let row = covariance.map { VectorMath.dot($0, left, count: n) }
      spread += contrasts.map { VectorMath.dot($0, row, count: n) }
    }
    guard let factor = Cholesky(spread, count: n) else { return nil }
    // Together with the likelihood's prior.
    let pull = factor.solve(contrasts.map { VectorMath.dot($0, logarithms, count: n) })
    var precision = factor.inverse()
    for i in 0..<n { precision[i * n + i] += model.slopePrecision }
    guard let posterior = Cholesky(precision, count: n) else { return nil }
    var found = [Double](repeating: 0, count: n + 1)
    for (task, value) in zip(tasks, posterior.solve(pull)) { found[task] = value }
    (self.logarithms, self.precision) = (found, precision)
  }
}

/// The slope of one scene's line to the cross-scene scale, by least squares on the expected
/// qualities.
///
/// Weighing by the errors would flatten it: photos measured farthest out are the least sure.
private struct TaskSlope {
  let value: Double
  /// The variance that the errors within the scene bring.
  let ownVariance: Double
  /// How the slope changes with the scores of the photos across scenes, by their places there.
  private let weights: [(place: Int, weight: Double)]

  init?(_ own: TaskScale, _ ownPhotos: [Int], across cross: TaskScale, _ crossPhotos: [Int]) {
    let place = Dictionary(uniqueKeysWithValues: zip(ownPhotos, ownPhotos.indices))
    let shared = crossPhotos.enumerated().compactMap { index, photo in
      place[photo].map { (own: $0, cross: index) }
    }
    let expected = ExpectedQualities(scores: own.scores, covariance: own.covariance)
    let values = expected?.values ?? own.scores
    let x = shared.map { values[$0.own] }
    guard
      let line = LineFit(x: x, y: shared.map { cross.scores[$0.cross] }, ratio: nil), line.a > 0
    else { return nil }
    let shares = x.map { ($0 - line.meanX) * line.unitSlopeVariance }
    let errors = expected?.errors ?? own.covariance
    var variance = 0.0
    for (p, left) in zip(shared, shares) {
      for (q, right) in zip(shared, shares) {
        variance += left * right * errors[p.own * own.scores.count + q.own]
      }
    }
    value = line.a
    ownVariance = line.a * line.a * variance
    weights = zip(shared, shares).map { ($0.cross, $1) }
  }

  /// What the errors of the cross-scene scale bring to the covariance of two slopes.
  func shared(with other: Self, _ cross: TaskScale) -> Double {
    var sum = 0.0
    for left in weights {
      for right in other.weights {
        sum +=
          left.weight * right.weight
          * cross.covariance[left.place * cross.scores.count + right.place]
      }
    }
    return sum
  }
}
