public import Domain
import Glibc
import Statistics

/// How one photo of a scene moved when the scene was extended.
public struct PhotoShift: Hashable, Sendable, Codable {
  /// The photo.
  public let photo: PhotoID
  /// Its score from the old votes, the old photos' mean being 0.
  public let before: JOD
  /// Its score from all votes, the old photos' mean being 0.
  public let after: JOD
  /// The standard deviation of the shift that new votes alone explain, in JOD.
  public let standardDeviation: Double

  /// The shift.
  public var shift: JOD { after - before }
}

/// A scene's scale after new photos and votes came in.
public struct SceneExtension: Hashable, Sendable {
  /// All votes together, photos ascending by name.
  public let judgements: SceneJudgements
  /// All scores in JOD in the order of `judgements.photos`; the old photos' mean is 0, as before.
  public let scores: QualityPosterior
  /// The old photos, in the order of the old judgements.
  public let shifts: [PhotoShift]
  /// The photos that came in.
  public let added: [PhotoID]
  /// The root mean square of the old photos' shifts, in JOD.
  public let rootMeanSquareShift: JOD
  /// The slope of the old photos' new scores against their old ones; 1 when the unit stayed.
  public let slope: Double
  /// Twice the logarithm of the likelihood ratio: old photos judged as before, or anew.
  public let statistic: Double
  /// Its degrees of freedom; 0 when the new votes do not compare old photos with one another, even
  /// over new ones.
  public let degreesOfFreedom: Int
  /// The probability of a statistic at least as large when nothing changed; 1 without degrees of
  /// freedom.
  public let pValue: Double
  /// What to look at, one sentence each.
  public let warnings: [String]
}

/// Extends a scene by new photos: old and new votes are scaled together, and the old photos' shift
/// is tested.
///
/// The old scores need not stay where they were: new votes on old photos sharpen them. Whether they
/// moved by more than that is tested by the likelihood ratio of two models: one quality per photo
/// in all votes, or old photos with a second, free quality in the new votes (other observers,
/// screens or habits). Twice the logarithm is χ²-distributed when nothing changed. Each shift's
/// standard deviation is `√(C_old − C_all)`: the scale from all votes is the efficient one, so old
/// scores differ from it by exactly the variance it saves (Hausman 1978).
///
/// Source: paper 2, «Annotations», for the joint scaling of old and new votes.
///
/// - Parameters:
///   - old: the judgements so far.
///   - new: the judgements on new and old photos, of the same scene and attribute.
///   - alarm: the p-value below which a warning asks to look at the new votes.
///   - fit: the posterior of a matrix of votes, nil when it has no finite scale. The test is exact
///     for maximum likelihood and stays near it with weak priors.
/// - Returns: the extended scale with the origin of the old one.
/// - Throws: `InputError` for other scenes or attributes, votes that leave photos unconnected; what
///   `fit` throws.
public func extendScene(
  old: SceneJudgements, by new: SceneJudgements, alarm: Double = 0.01,
  fit: (ComparisonMatrix) throws -> QualityPosterior?
) throws -> SceneExtension {
  guard old.scene == new.scene, old.attribute == new.attribute else {
    throw InputError(
      "scene \(old.scene)", "the new votes are on \(new.scene), \(new.attribute)",
      remedy: "extend one scene and one attribute at a time")
  }
  let merged = merge(old, new)
  let index = Dictionary(uniqueKeysWithValues: zip(merged.photos, merged.photos.indices))
  let oldPlaces = old.photos.compactMap { index[$0] }
  let oldMatrix = ComparisonMatrix(old)
  let newMatrix = ComparisonMatrix(new)
  let strays = disconnected(ComparisonMatrix(merged))
  guard strays.isEmpty else {
    throw InputError(
      "scene \(old.scene)",
      "no chain of comparisons joins \(listed(strays.map { merged.photos[$0].text })) to the rest",
      remedy: "compare these photos with photos of the old scale")
  }
  guard let before = try fit(oldMatrix), let joint = try fit(ComparisonMatrix(merged)) else {
    throw InputError(
      "scene \(old.scene)", "its votes have no finite scale",
      remedy: "collect more votes, or scale with a prior")
  }
  let origin = Descriptive.mean(oldPlaces.map { joint.means[$0] })
  let oldOrigin = Descriptive.mean(before.means)
  let scores = try QualityPosterior(
    means: joint.means.map { $0 - origin }, covariance: joint.covariance)
  let oldVariances = centredVariances(before, Array(old.photos.indices))
  let newVariances = centredVariances(joint, oldPlaces)
  let shifts = old.photos.indices.map { k in
    PhotoShift(
      photo: old.photos[k], before: JOD(before.means[k] - oldOrigin),
      after: JOD(scores.means[oldPlaces[k]]),
      standardDeviation: max(0, oldVariances[k] - newVariances[k]).squareRoot())
  }
  let test = try driftTest(
    old: oldMatrix, new: newMatrix, merged: ComparisonMatrix(merged), before: before,
    joint: joint, fit)
  let power = shifts.reduce(0) { $0 + $1.before.value * $1.before.value }
  let product = shifts.reduce(0) { $0 + $1.before.value * $1.after.value }
  let squares = shifts.reduce(0) { $0 + $1.shift.value * $1.shift.value }
  var warnings: [String] = []
  if test.pValue < alarm {
    let worst = shifts.max { abs($0.shift.value) < abs($1.shift.value) }
    warnings.append(
      "\(old.scene): the new votes contradict the old scale (p = \(test.pValue)); "
        + (worst.map { "\($0.photo) moves most, by \($0.shift); " } ?? "")
        + "check whether observers, screens or instructions changed")
  }
  if test.freedom == 0 {
    warnings.append(
      "\(old.scene): the new votes do not compare old photos with one another, so a change of "
        + "habits cannot be detected; repeat some old pairs")
  }
  let known = Set(old.photos)
  return SceneExtension(
    judgements: merged, scores: scores, shifts: shifts,
    added: merged.photos.filter { !known.contains($0) },
    rootMeanSquareShift: JOD((squares / Double(max(shifts.count, 1))).squareRoot()),
    slope: power > 0 ? product / power : 1, statistic: test.statistic,
    degreesOfFreedom: test.freedom, pValue: test.pValue, warnings: warnings)
}

/// All votes of both, with photos and observers numbered through.
private func merge(_ old: SceneJudgements, _ new: SceneJudgements) -> SceneJudgements {
  let photos = Set(old.photos + new.photos).sorted()
  let observers = Set(old.observers + new.observers).sorted()
  let photoIndex = Dictionary(uniqueKeysWithValues: zip(photos, photos.indices))
  let observerIndex = Dictionary(uniqueKeysWithValues: zip(observers, observers.indices))
  let votes = [old, new].flatMap { part in
    part.votes.map { vote in
      SceneJudgements.Vote(
        observer: observerIndex[part.observers[vote.observer], default: 0],
        a: photoIndex[part.photos[vote.a], default: 0],
        b: photoIndex[part.photos[vote.b], default: 0], choice: vote.choice,
        responseMilliseconds: vote.responseMilliseconds)
    }
  }
  return SceneJudgements(
    scene: old.scene, attribute: old.attribute, photos: photos, observers: observers, votes: votes)
}

/// Groups of photos joined by votes, as a group number per photo.
private func groups(_ matrix: ComparisonMatrix) -> [Int] {
  var sets = DisjointSets(count: matrix.count)
  for pair in matrix.pairs { sets.join(pair.first, pair.second) }
  return sets.roots()
}

/// The photos outside the first photo's group.
private func disconnected(_ matrix: ComparisonMatrix) -> [Int] {
  let group = groups(matrix)
  return group.indices.filter { group[$0] != group[0] }
}

/// Variances of some photos' scores relative to their mean.
private func centredVariances(_ posterior: QualityPosterior, _ places: [Int]) -> [Double] {
  let n = posterior.count
  let k = Double(places.count)
  let rows = places.map { i in
    places.reduce(0) { $0 + posterior.covariance[i * n + $1] } / k
  }
  let total = rows.reduce(0, +) / k
  return zip(places, rows).map { posterior.covariance[$0 * n + $0] - 2 * $1 + total }
}

/// The logarithm of the votes' probability under Thurstone's Case V, ties as half votes.
private func logLikelihood(_ matrix: ComparisonMatrix, _ means: [Double]) -> Double {
  matrix.pairs.reduce(0) { sum, pair in
    let z = (means[pair.first] - means[pair.second]) / JOD.differenceSigma
    return sum + (pair.firstWins + pair.ties / 2) * StandardNormal.logCdf(z)
      + (pair.secondWins + pair.ties / 2) * StandardNormal.logCdf(-z)
  }
}

/// The likelihood ratio of one quality per photo against a second quality of old photos in the new
/// votes.
private func driftTest(
  old: ComparisonMatrix, new: ComparisonMatrix, merged: ComparisonMatrix,
  before: QualityPosterior, joint: QualityPosterior,
  _ fit: (ComparisonMatrix) throws -> QualityPosterior?
) throws -> (statistic: Double, freedom: Int, pValue: Double) {
  // Each group of the new votes is a scale of its own when its qualities are free.
  let group = groups(new)
  let newGroups = Set(group).count
  let freedom = (old.count - 1) + (new.count - newGroups) - (merged.count - 1)
  guard freedom > 0 else { return (0, 0, 1) }
  var alone = 0.0
  for member in Set(group).sorted() {
    let photos = group.indices.filter { group[$0] == member }
    let place = Dictionary(uniqueKeysWithValues: zip(photos, photos.indices))
    let part = ComparisonMatrix(
      count: photos.count,
      pairs: new.pairs.compactMap { pair in
        guard let i = place[pair.first], let j = place[pair.second] else { return nil }
        return ComparisonMatrix.Pair(
          first: i, second: j, firstWins: pair.firstWins, secondWins: pair.secondWins,
          ties: pair.ties)
      })
    guard !part.pairs.isEmpty else { continue }
    guard let scale = try fit(part) else { return (0, 0, 1) }
    alone += logLikelihood(part, scale.means)
  }
  let together = logLikelihood(merged, joint.means)
  let statistic = max(0, 2 * (logLikelihood(old, before.means) + alone - together))
  return (
    statistic, freedom, ChiSquared(degreesOfFreedom: Double(freedom)).survival(statistic)
  )
}
