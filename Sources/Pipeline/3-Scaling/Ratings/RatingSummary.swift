import Domain
import Statistics

/// Ratings reduced to what a scale needs: a mean for each photo, how sure the means are, and how
/// far single ratings of one photo scatter.
///
/// The model is additive: a rating is the photo's mean, plus the observer's own level, plus noise.
/// Observers' levels are taken out by least squares, so that a severe observer who saw only good
/// photos harms none. Averages of a study carry its observers' levels in their deviations.
struct RatingSummary {
  /// The means in points, with mean 0 over the photos that have ratings; 0 for others.
  let means: [Double]
  /// The inverse covariance of the means for noise of variance 1, row-major; it knows nothing of
  /// their common level.
  let precision: [Double]
  /// The standard deviation of one rating, in points.
  let noise: Double
  /// The degrees of freedom of ``noise``.
  let freedom: Double
  /// The number of ratings of each photo.
  let counts: [Double]

  /// Reduces ratings.
  ///
  /// - Parameters:
  ///   - ratings: The ratings.
  ///   - photos: All photos of the scale, also those without a rating.
  /// - Throws: `InputError` when the ratings show no noise or their photos have no link.
  init(_ ratings: SceneRatings, photos: [PhotoID]) throws {
    let place = Dictionary(zip(photos, photos.indices)) { first, _ in first }
    switch ratings.content {
    case .opinions(let opinions):
      var counts = [Double](repeating: 0, count: photos.count)
      var sums = counts
      var squares = 0.0
      var freedom = 0.0
      for opinion in opinions {
        guard let photo = place[opinion.photo] else { continue }
        counts[photo] += opinion.count
        sums[photo] += opinion.count * opinion.mean
        squares += (opinion.count - 1) * opinion.deviation * opinion.deviation
        freedom += opinion.count - 1
      }
      try self.init(
        ratings, counts: counts, sums: sums, shared: [], squares: squares, freedom: freedom)
    case .ratings(let list):
      try self.init(ratings, list, place, count: photos.count)
    }
  }

  /// Reduces single ratings: two-way least squares.
  private init(
    _ ratings: SceneRatings, _ list: [Rating], _ place: [PhotoID: Int], count: Int
  ) throws {
    var observers: [ObserverID: Int] = [:]
    var seen: [[Int: Double]] = []
    var counts = [Double](repeating: 0, count: count)
    var sums = counts
    var levelSums: [Double] = []
    var levelCounts: [Double] = []
    for rating in list {
      guard let photo = place[rating.photo] else { continue }
      let observer = observers[rating.observer] ?? observers.count
      if observer == observers.count {
        observers[rating.observer] = observer
        seen.append([:])
        levelSums.append(0)
        levelCounts.append(0)
      }
      seen[observer][photo, default: 0] += 1
      counts[photo] += 1
      sums[photo] += rating.value
      levelSums[observer] += rating.value
      levelCounts[observer] += 1
    }
    // The normal equations of the photos, the observers' levels eliminated.
    for (observer, photos) in seen.enumerated() {
      let mean = levelSums[observer] / levelCounts[observer]
      for (photo, times) in photos { sums[photo] -= times * mean }
    }
    let shared = zip(seen, levelCounts).map { photos, total in (photos, total) }
    let fit = try RatingSummary(
      ratings, counts: counts, sums: sums, shared: shared, squares: 0, freedom: 1)
    var squares = 0.0
    var levels = [Double](repeating: 0, count: seen.count)
    for (observer, photos) in seen.enumerated() {
      let explained = photos.reduce(0) { $0 + $1.value * fit.means[$1.key] }
      levels[observer] = (levelSums[observer] - explained) / levelCounts[observer]
    }
    for rating in list {
      guard let photo = place[rating.photo], let observer = observers[rating.observer]
      else { continue }
      let rest = rating.value - fit.means[photo] - levels[observer]
      squares += rest * rest
    }
    let rated = counts.count { $0 > 0 }
    let total = counts.reduce(0, +)
    try self.init(
      ratings, means: fit.means, precision: fit.precision, counts: counts, squares: squares,
      freedom: total - Double(rated) - Double(seen.count) + 1)
  }

  /// Solves the photos' normal equations: `sums` is their right side, `shared` the photos that
  /// share a level with their number of ratings (empty for one level).
  private init(
    _ ratings: SceneRatings, counts: [Double], sums: [Double],
    shared: [(photos: [Int: Double], total: Double)], squares: Double, freedom: Double
  ) throws {
    let n = counts.count
    let total = counts.reduce(0, +)
    var precision = [Double](repeating: 0, count: n * n)
    for i in 0..<n { precision[i * n + i] = counts[i] }
    if shared.isEmpty {
      for i in 0..<n {
        for j in 0..<n { precision[i * n + j] -= counts[i] * counts[j] / total }
      }
    }
    for (photos, number) in shared {
      for (i, first) in photos {
        for (j, second) in photos { precision[i * n + j] -= first * second / number }
      }
    }
    var right = sums
    if shared.isEmpty {
      let mean = sums.reduce(0, +) / total
      for i in 0..<n { right[i] -= counts[i] * mean }
    }
    // The common level, and photos without a rating, get a weight of their own; neither touches a
    // difference of rated photos.
    var matrix = precision
    let weight = total / Double(n * n)
    for i in 0..<n {
      if counts[i] == 0 { matrix[i * n + i] = 1 }
      for j in 0..<n where counts[i] > 0 && counts[j] > 0 { matrix[i * n + j] += weight }
    }
    guard let factor = Cholesky(matrix, count: n) else {
      throw InputError(
        "\(ratings.scene), \(ratings.attribute)",
        "groups of photos were rated by different observers, and no photo or observer links them",
        remedy: "rate some photos of each group by the same observers")
    }
    try self.init(
      ratings, means: factor.solve(right), precision: precision, counts: counts, squares: squares,
      freedom: freedom)
  }

  private init(
    _ ratings: SceneRatings, means: [Double], precision: [Double], counts: [Double],
    squares: Double, freedom: Double
  ) throws {
    guard freedom >= 1 else {
      throw InputError(
        "\(ratings.scene), \(ratings.attribute)",
        "there are too few ratings to see how much those of one photo scatter",
        remedy: "give at least two ratings of some photos, or averages with their deviations")
    }
    let rated = counts.count { $0 > 0 }
    let level = zip(means, counts).reduce(0) { $0 + ($1.1 > 0 ? $1.0 : 0) } / Double(max(1, rated))
    self.means = zip(means, counts).map { $1 > 0 ? $0 - level : 0 }
    (self.precision, self.counts, self.freedom) = (precision, counts, freedom)
    noise = (squares / freedom).squareRoot()
  }
}
