public import Domain
import Glibc
public import Statistics

/// How a published photo moved when new votes came in.
public struct AnchoredShift: Sendable, Hashable {
  /// The photo.
  public let photo: PhotoID
  /// Its published position.
  public let before: Double
  /// Its most probable position with the new votes; the scale's is this without the stretch.
  public let after: Double
  /// The standard deviation of the move that is expected when nothing changed.
  public let standardDeviation: Double
}

/// A published scale, extended by new photos that were compared with its own.
public struct AnchoredScale: Sendable {
  /// All photos in the published unit and with the published origin: the published ones first.
  public let scale: SceneScale
  /// The joint estimates behind it, in the published unit.
  public let estimates: Estimates
  /// The number of JOD in one published unit; 1 where the unit is the JOD.
  public let jodPerUnit: Double
  /// The 95 % interval of ``jodPerUnit``; both ends 1 where the unit is the JOD.
  public let jodPerUnitInterval: ConfidenceInterval
  /// The photos that came in.
  public let added: [PhotoID]
  /// The published photos, in their order.
  public let shifts: [AnchoredShift]
  /// The root mean square of the shifts, in the published unit.
  public let rootMeanSquareShift: Double
  /// The squared shifts against what is expected, χ²-distributed when nothing changed.
  public let statistic: Double
  /// The degrees of freedom of ``statistic``; 0 when the votes say nothing about published photos.
  public let degreesOfFreedom: Int
  /// The probability of a statistic at least as large when nothing changed.
  public let pValue: Double
  /// What to look at, one sentence each.
  public let warnings: [String]
}

/// Places new photos on a published scale whose votes are not available.
///
/// Published positions and their errors are the prior, the votes between old and new photos place
/// the new ones; origin and unit stay the published ones. What one published unit is in JOD is
/// estimated from the votes unless the unit is the JOD. A published photo is expected to move by
/// `√(S − C)`, its variance before less that after, when the votes agree with the publication; the
/// test of all moves together uses the same matrix. The outward bias of a likelihood's maximum is
/// taken out by 40 replicates of the answers.
///
/// Source: paper 2 («Annotations») for extending a scale by joint annotation; Hausman 1978
/// (doi:10.2307/1913827) for the variance of the difference of two estimates, one of which uses
/// more.
///
/// - Parameters:
///   - published: The published positions.
///   - votes: The votes on old and new photos of the same scene and attribute.
///   - settings: The prior of new photos, the meaning of ties and the level of the intervals.
///   - alarm: The p-value below which a warning asks to look at the new votes.
/// - Returns: The extended scale.
/// - Throws: `InputError` for votes of another scene and photos that no comparison joins to the
///   published ones, `ScalingError` when no maximum is found.
public func scaleAnchored(
  _ published: PublishedScale, votes: SceneJudgements,
  settings: ScalingSettings = ScalingSettings(), alarm: Double = 0.01
) throws -> AnchoredScale {
  let old = published.scale
  guard old.scene == votes.scene, old.attribute == votes.attribute else {
    throw InputError(
      "scene \(old.scene), \(old.attribute)", "the votes are on \(votes.scene), \(votes.attribute)",
      remedy: "extend one scene and one attribute at a time")
  }
  let judgements = published.joined(votes)
  let photos = judgements.photos
  let comparisons = ComparisonMatrix(judgements)
  try requireConnected(comparisons, photos: photos, to: old)
  let mode = try AnchoredFit(
    published, comparisons, ties: settings.ties, ridge: PairFitter(settings).ridge)
  let fit = mode.without(
    try AnchoredStretch(mode, published, comparisons, settings: settings),
    published: old.photos.count)
  let enough = votes.observers.count >= settings.minimumObservers
  let covariance = fit.covariance
  let estimates = Estimates(
    positions: fit.positions, information: covariance,
    spread: enough ? fit.spread(judgements) : nil,
    units: enough ? votes.observers.count : nil)
  let comparisonsPerPhoto = judgements.comparisonsPerPhoto
  let scored = photos.indices.map { place in
    // The origin is the published one: a position stands for itself, not for its distance from the
    // mean of all.
    let own = LinearCombination([(place, 1)])
    let ends = estimates.interval(own, level: settings.confidenceLevel)
    let known = place < old.photos.count ? old.photos[place] : nil
    return ScaledPhoto(
      photo: photos[place], scene: old.scene, score: fit.positions[place],
      standardDeviation: estimates.standardError(own),
      interval: ConfidenceInterval(
        low: ends.low, high: ends.high, level: settings.confidenceLevel),
      comparisons: (known?.comparisons ?? 0) + Int(comparisonsPerPhoto[place].rounded()),
      condition: known?.condition)
  }
  // The mode itself, whose moves the matrix S − C describes; without its stretch it would be found
  // to move in directions in which the votes say nothing.
  let moves = AnchoredMoves(published, positions: mode.positions, covariance: covariance)
  let width = StandardNormal.quantile(0.975) * fit.logUnitDeviation
  var warnings: [String] = []
  if moves.pValue < alarm {
    warnings.append(
      "The new votes contradict the published scores of \(old.scene) (p = "
        + "\(moves.pValue)): the old photos moved by \(moves.rootMeanSquare) in the mean square. "
        + "Look at the new observers and screens.")
  }
  if moves.degreesOfFreedom == 0 {
    warnings.append("No vote says anything about the published photos of \(old.scene).")
  }
  return AnchoredScale(
    scale: SceneScale(
      scene: old.scene, attribute: old.attribute, convention: old.convention, origin: old.origin,
      photos: scored), estimates: estimates, jodPerUnit: fit.jodPerUnit,
    jodPerUnitInterval: ConfidenceInterval(
      low: fit.jodPerUnit * exp(-width), high: fit.jodPerUnit * exp(width), level: 0.95),
    added: Array(photos.dropFirst(old.photos.count)), shifts: moves.shifts,
    rootMeanSquareShift: moves.rootMeanSquare, statistic: moves.statistic,
    degreesOfFreedom: moves.degreesOfFreedom, pValue: moves.pValue, warnings: warnings)
}

/// The posterior of all photos in JOD, from which pairs are chosen.
///
/// - Parameters:
///   - published: The published positions.
///   - comparisons: The votes between all of them, the published photos first.
/// - Returns: Means and covariance in JOD.
/// - Throws: `ScalingError` when no maximum is found.
public func anchoredPosterior(
  _ published: PublishedScale, comparisons: ComparisonMatrix
) throws -> QualityPosterior {
  let settings = ScalingSettings()
  let fit = try AnchoredFit(
    published, comparisons, ties: settings.ties, ridge: PairFitter(settings).ridge)
  let k = fit.jodPerUnit
  return try QualityPosterior(
    means: fit.positions.map { $0 * k }, covariance: fit.covariance.map { $0 * k * k })
}

/// Refuses photos that no chain of comparisons joins to a published one.
private func requireConnected(
  _ comparisons: ComparisonMatrix, photos: [PhotoID], to old: SceneScale
) throws(InputError) {
  var sets = DisjointSets(count: photos.count)
  for index in old.photos.indices.dropFirst() { sets.join(0, index) }
  for pair in comparisons.pairs { sets.join(pair.first, pair.second) }
  let roots = sets.roots()
  let strays = photos.indices.filter { roots[$0] != roots[0] }
  guard strays.isEmpty else {
    let names = strays.prefix(4).map { photos[$0].text }.joined(separator: ", ")
    throw InputError(
      "scene \(old.scene), \(old.attribute)",
      "no chain of comparisons joins \(names)\(strays.count > 4 ? ", …" : "") to a published photo",
      remedy: "compare new photos with photos of \(old.scene) that have a published score")
  }
}

extension AnchoredFit {
  /// The covariance of the positions that also holds how observers differ, row-major.
  fileprivate func spread(_ judgements: SceneJudgements) -> [Double] {
    let jod = positions.map { $0 * jodPerUnit }
    let own = ScaleFit(
      jod: jod, covariance: [], logLikelihood: 0, iterations: 0, tieParameter: nil)
    var slopes = observerSlopes(judgements, fit: own, model: .thurstone).map { slope in
      slope.map { $0 * jodPerUnit }
        + (size > positions.count ? [zip(slope, jod).reduce(0) { $0 + $1.0 * $1.1 }] : [])
    }
    let observers = Double(slopes.count)
    for index in 0..<size {
      let mean = slopes.reduce(0) { $0 + $1[index] } / observers
      for observer in slopes.indices { slopes[observer][index] -= mean }
    }
    var middle = priorPrecision
    let factor = observers / (observers - 1)
    for slope in slopes {
      for i in 0..<size where slope[i] != 0 {
        for j in 0..<size { middle[i * size + j] += factor * slope[i] * slope[j] }
      }
    }
    return block(product(product(inverse, middle), inverse))
  }

  private func product(_ a: [Double], _ b: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: size * size)
    for i in 0..<size {
      for k in 0..<size {
        let value = a[i * size + k]
        if value == 0 { continue }
        for j in 0..<size { result[i * size + j] += value * b[k * size + j] }
      }
    }
    return result
  }
}

/// How published photos moved, and whether by more than they may.
private struct AnchoredMoves {
  let shifts: [AnchoredShift]
  let rootMeanSquare: Double
  let statistic: Double
  let degreesOfFreedom: Int
  let pValue: Double

  init(_ published: PublishedScale, positions: [Double], covariance: [Double]) {
    let old = published.scale.photos
    let (n, count) = (old.count, positions.count)
    let moves = old.indices.map { positions[$0] - old[$0].score }
    var expected = published.covariance
    for i in 0..<n {
      for j in 0..<n { expected[i * n + j] -= covariance[i * count + j] }
    }
    shifts = old.indices.map {
      AnchoredShift(
        photo: old[$0].photo, before: old[$0].score, after: positions[$0],
        standardDeviation: max(0, expected[$0 * n + $0]).squareRoot())
    }
    rootMeanSquare = (moves.reduce(0) { $0 + $1 * $1 } / Double(n)).squareRoot()
    let eigen = SymmetricEigen(expected, count: n)
    // Directions in which the votes say next to nothing are numerical noise over itself.
    let largest = eigen.values.max() ?? 0
    let typical = (0..<n).reduce(0) { $0 + published.covariance[$1 * n + $1] } / Double(n)
    var (square, degrees) = (0.0, 0)
    for (value, vector) in zip(eigen.values, eigen.vectors)
    where value > max(1e-3 * largest, 1e-6 * typical) {
      let along = zip(vector, moves).reduce(0) { $0 + $1.0 * $1.1 }
      square += along * along / value
      degrees += 1
    }
    (statistic, degreesOfFreedom) = (square, degrees)
    pValue = degrees > 0 ? ChiSquared(degreesOfFreedom: Double(degrees)).survival(square) : 1
  }
}
