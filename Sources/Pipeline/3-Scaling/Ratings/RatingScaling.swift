public import Domain
import Statistics

/// A scale in JOD from ratings, alone or together with votes.
///
/// A rating of photo i is `a·q_i + b + noise`: the photo's quality in JOD times the points for one
/// JOD, plus a level. Together with votes, `a` is estimated from both. Without votes nothing says
/// how many points a JOD is but the scatter of the ratings: the noise of one rating is taken for
/// the noise of one impression in a comparison, 1.4826/√2 = 1.048 JOD. The uncertainty of `a` is
/// part of every interval.
///
/// Source: Perez-Ortiz, Mikhailiuk, Zerman, Hulusic, Valenzise and Mantiuk 2019, «From pairwise
/// comparisons and rating to a unified quality scale», doi:10.1109/TIP.2019.2936103.
public struct RatingScaling: Sendable {
  /// The scale, as votes give it.
  public let scaled: ScaledScene
  /// How many points of the ratings one JOD is.
  public let pointsPerJOD: Double
  /// The noise of one rating, in JOD; 1.048 by definition where there are no votes.
  public let ratingNoise: Double
}

/// The noise of one impression in JOD: two of them make the noise of a comparison.
private let impressionNoise = JOD.differenceSigma / 2.0.squareRoot()

/// Places photos by their ratings, and by votes if there are any.
///
/// - Parameters:
///   - ratings: The ratings of one scene and attribute.
///   - judgements: The votes of the same scene and attribute; nil for none.
///   - settings: The prior and the level of the intervals; the unit must be JOD.
/// - Returns: The scale, its photos those of the ratings and of the votes.
/// - Throws: `InputError` when the ratings allow no scale, `ScalingError` when no maximum is found.
public func scaleRatings(
  _ ratings: SceneRatings, judgements: SceneJudgements? = nil,
  settings: ScalingSettings = ScalingSettings()
) throws -> RatingScaling {
  try settings.validate()
  guard settings.convention == .jod, settings.model == .thurstone else {
    throw InputError(
      Setting("ratings"), "they are scaled in JOD under Thurstone's model only",
      remedy: "leave \(Setting("convention")) and \(Setting("model")) as they are")
  }
  let rated = Set(ratings.photos)
  let photos = ratings.photos + (judgements?.photos ?? []).filter { !rated.contains($0) }
  guard photos.count <= 4_000 else {
    throw InputError(
      "\(ratings.scene), \(ratings.attribute)",
      "\(photos.count) photos have ratings; 4000 in a scene can be scaled by them",
      remedy: "name parts of them as scenes")
  }
  let summary = try RatingSummary(ratings, photos: photos)
  guard summary.noise > 0 else {
    throw InputError(
      "\(ratings.scene), \(ratings.attribute)",
      "all ratings of a photo are the same, so nothing says how many points a JOD is",
      remedy: "give the single ratings, or averages with their deviations, or votes too")
  }
  let found =
    try judgements.map { try JointFit(summary, votes: $0, photos: photos, settings: settings) }
    ?? JointFit(summary)
  let units = Int(min(summary.freedom, 1e9)) + 1
  let votes = judgements.map { judgements in
    let perPhoto = Dictionary(zip(judgements.photos, judgements.comparisonsPerPhoto)) { $1 }
    return photos.map { perPhoto[$0] ?? 0 }
  }
  let estimates = Estimates(
    positions: found.positions, information: found.covariance, units: units)
  let scored = photos.indices.map { photo in
    let ends = estimates.interval(
      .position(photo, of: photos.count), level: settings.confidenceLevel)
    return ScaledPhoto(
      photo: photos[photo], scene: ratings.scene, score: found.positions[photo],
      standardDeviation: found.covariance[photo * photos.count + photo].squareRoot(),
      interval: ConfidenceInterval(
        low: ends.low, high: ends.high, level: settings.confidenceLevel),
      comparisons: Int((summary.counts[photo] + (votes?[photo] ?? 0)).rounded()))
  }
  let fit = ScaleFit(
    jod: found.positions, covariance: found.covariance, logLikelihood: found.logLikelihood,
    iterations: found.iterations, tieParameter: nil)
  let scaled = ScaledScene(
    scale: SceneScale(
      scene: ratings.scene, attribute: ratings.attribute, convention: .jod, photos: scored),
    estimates: estimates, influences: ObserverInfluences(observers: [], vectors: []), fit: fit,
    bootstrap: nil, intervals: .observedInformation, settings: settings,
    notes: [found.note(summary)])
  return RatingScaling(
    scaled: scaled, pointsPerJOD: found.points, ratingNoise: summary.noise / found.points)
}

/// Positions and the points of one JOD at once.
private struct JointFit {
  let positions: [Double]
  let covariance: [Double]
  /// Points for one JOD.
  let points: Double
  let logLikelihood: Double
  let iterations: Int
  private let usesVotes: Bool

  /// The scale of ratings alone.
  init(_ summary: RatingSummary) throws {
    let n = summary.means.count
    let points = summary.noise / impressionNoise
    positions = summary.means.map { $0 / points }
    // The precision knows nothing of the common level, which centering takes out again.
    let total = summary.counts.reduce(0, +)
    var matrix = summary.precision
    for place in matrix.indices { matrix[place] += total / Double(n * n) }
    guard let factor = Cholesky(matrix, count: n) else {
      throw ScalingError.notConverged(iterations: 0)
    }
    let unit = impressionNoise * impressionNoise
    var covariance = centeredCovariance(factor.inverse().map { $0 * unit }, count: n)
    // The noise, and with it the length of a JOD, is an estimate: its logarithm has the variance
    // 1/(2·freedom).
    for i in 0..<n {
      for j in 0..<n {
        covariance[i * n + j] += positions[i] * positions[j] / (2 * summary.freedom)
      }
    }
    (self.covariance, self.points, usesVotes) = (covariance, points, false)
    (logLikelihood, iterations) = (0, 1)
  }

  /// The scale of ratings and votes: Gauss and Newton's method with the votes' exact likelihood.
  init(
    _ summary: RatingSummary, votes: SceneJudgements, photos: [PhotoID], settings: ScalingSettings
  ) throws {
    let n = photos.count
    let place = Dictionary(zip(photos, photos.indices)) { first, _ in first }
    let matrix = ComparisonMatrix(
      count: n,
      pairs: ComparisonMatrix(votes).pairs.compactMap { pair in
        guard let first = place[votes.photos[pair.first]],
          let second = place[votes.photos[pair.second]]
        else { return nil }
        return ComparisonMatrix.Pair(
          first: first, second: second, firstWins: pair.firstWins, secondWins: pair.secondWins,
          ties: pair.ties)
      })
    let ridge = PairFitter(settings).ridge
    guard ridge > 0 else {
      throw InputError(
        Setting("prior"), "ratings and votes together need a Gaussian prior",
        remedy: "leave \(Setting("prior")) as it is")
    }
    let likelihood = LikelihoodFit<ThurstoneLink>(
      pairs: try PairCounts(
        matrix, ties: settings.ties, selfVotes: [Double](repeating: 0, count: n)),
      ridge: ridge)
    let weight = 1 / (summary.noise * summary.noise)
    let precision = summary.precision
    func product(_ x: [Double]) -> [Double] {
      (0..<n).map { i in (0..<n).reduce(0) { $0 + precision[i * n + $1] * x[$1] } }
    }
    func value(_ q: [Double], _ a: Double) -> Double {
      let rest = (0..<n).map { summary.means[$0] - a * q[$0] }
      let square = zip(rest, product(rest)).reduce(0) { $0 + $1.0 * $1.1 }
      return likelihood.objective(q) - 0.5 * weight * square
    }
    var a = summary.noise / impressionNoise
    var q = summary.means.map { $0 / a }
    var current = value(q, a)
    for iteration in 1...200 {
      let (gradient, weights) = likelihood.slopes(q)
      let rest = product((0..<n).map { summary.means[$0] - a * q[$0] })
      var slope = (0..<n).map { gradient[$0] - ridge * q[$0] + a * weight * rest[$0] }
      slope.append(weight * zip(q, rest).reduce(0) { $0 + $1.0 * $1.1 })
      let information = Self.bordered(
        likelihood.information(weights: weights), precision, product(q), q, a, weight)
      guard let factor = Cholesky(information, count: n + 1) else { break }
      let step = factor.solve(slope)
      let gain = zip(slope, step).reduce(0) { $0 + $1.0 * $1.1 }
      var fraction = 1.0
      var (next, nextA, nextValue) = (q, a, current)
      repeat {
        next = (0..<n).map { q[$0] + fraction * step[$0] }
        nextA = a + fraction * step[n]
        nextValue = nextA > 0 ? value(next, nextA) : -.infinity
        if nextValue >= current + 1e-4 * fraction * gain || (gain < 1e-9 && nextA > 0) { break }
        fraction /= 2
      } while fraction > 1e-10
      let length = step.reduce(0) { max($0, abs($1)) } * fraction
      (q, a, current) = (next, nextA, nextValue)
      guard length < 1e-7 else { continue }
      let (_, last) = likelihood.slopes(q)
      let final = Self.bordered(
        likelihood.information(weights: last), precision, product(q), q, a, weight)
      guard let inverse = Cholesky(final, count: n + 1)?.inverse() else { break }
      var covariance = [Double](repeating: 0, count: n * n)
      for i in 0..<n {
        for j in 0..<n { covariance[i * n + j] = inverse[i * (n + 1) + j] }
      }
      let mean = q.reduce(0, +) / Double(n)
      positions = q.map { $0 - mean }
      self.covariance = centeredCovariance(covariance, count: n)
      (points, logLikelihood, iterations) = (a, likelihood.logLikelihood(q), iteration)
      usesVotes = true
      return
    }
    throw ScalingError.notConverged(iterations: 200)
  }

  /// The information about the positions and the points of a JOD, row-major.
  private static func bordered(
    _ votes: [Double], _ precision: [Double], _ product: [Double], _ q: [Double], _ a: Double,
    _ weight: Double
  ) -> [Double] {
    let n = q.count
    var result = [Double](repeating: 0, count: (n + 1) * (n + 1))
    for i in 0..<n {
      for j in 0..<n {
        result[i * (n + 1) + j] = votes[i * n + j] + a * a * weight * precision[i * n + j]
      }
      result[i * (n + 1) + n] = a * weight * product[i]
      result[n * (n + 1) + i] = a * weight * product[i]
    }
    // The least weight keeps the points of a JOD determined where all photos are alike.
    result[n * (n + 1) + n] =
      weight * zip(q, product).reduce(0) { $0 + $1.0 * $1.1 } + 1e-9
    return result
  }

  /// What a reader must know.
  func note(_ summary: RatingSummary) -> String {
    let count = Int(summary.counts.reduce(0, +).rounded())
    func short(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
    return usesVotes
      ? "\(count) ratings stand beside the votes: 1 JOD is \(short(points)) points, and one rating "
        + "has a noise of \(short(summary.noise / points)) JOD."
      : "Ratings alone: 1 JOD is \(short(points)) points, because the noise of one rating "
        + "(\(short(summary.noise)) points) is taken for that of one impression in a comparison "
        + "(\(short(impressionNoise)) JOD). Votes between some of the photos would measure it."
  }
}
