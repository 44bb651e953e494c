public import Domain
import Glibc
import Statistics

/// Why an observer is worth a talk.
public enum ObserverConcern: String, Hashable, Sendable, Codable, CaseIterable {
  /// Improbable answers: far below the other observers' likelihood.
  case unlikely
  /// Fewer answers in the order of the others' scale than the model expects.
  case disagrees
  /// Other answers when a pair comes again than the model expects.
  case inconsistent
  /// One side chosen more often than the photos explain.
  case sideBias
  /// Many answers that look blind.
  case lapses
  /// Many answers faster than a look at two photos takes.
  case hasty
}

/// A concern in words.
public struct ObserverFlag: Hashable, Sendable, Codable {
  /// What it is about.
  public let concern: ObserverConcern
  /// One sentence with the numbers.
  public let sentence: String
}

/// How a scale changes when some observers are left out; both scales have mean 0.
public struct ScaleEffect: Hashable, Sendable, Codable {
  /// The root mean square of the shifts, in JOD.
  public let rootMeanSquareShift: JOD
  /// The largest shift, in JOD.
  public let largestShift: JOD
  /// The photo that shifts most.
  public let photo: ScenePhoto?
  /// The rank correlation of the two scales, over all scenes' photos within their scene.
  public let spearman: Double
  /// The slope of the scale without them against the scale with them; above 1 they squeezed the
  /// scale.
  public let slope: Double
  /// Scenes that could not be scaled without them, because the votes left are not connected.
  public let lostScenes: [SceneID]
}

/// One observer's statistics, flags and weight in the scale.
public struct ScreenedObserver: Hashable, Sendable, Codable {
  /// What the answers say.
  public let statistics: ObserverStatistics
  /// What is worth a talk; empty for most.
  public let flags: [ObserverFlag]
  /// What leaving this observer out does to the scale.
  public let effect: ScaleEffect
}

/// The screening of a study's observers: flags for a person to decide on, never deletions.
public struct ObserverScreening: Hashable, Sendable, Codable {
  /// The observers, ascending by pseudonym.
  public let observers: [ScreenedObserver]
  /// What leaving out all flagged observers does to the scale; nil when none is flagged.
  public let effectOfFlagged: ScaleEffect?

  /// The flagged observers.
  public var flagged: [ObserverID] {
    observers.filter { !$0.flags.isEmpty }.map(\.statistics.observer)
  }
}

/// From where on an observer is flagged.
public struct ScreeningLimits: Hashable, Sendable, Codable {
  /// The distance of the likelihood, in interquartile ranges below the lower quartile (pwcmp: look
  /// near or above 1.5).
  public var distance: Double
  /// The probability below which a deviation is not due to chance, for all observers together.
  public var probability: Double
  /// The least lapse rate that matters.
  public var lapseRate: Double
  /// An answer faster than this is implausible, in milliseconds.
  public var fastMilliseconds: Double
  /// The share of such answers that matters.
  public var fastShare: Double

  /// Makes limits; the defaults are meant for experts in a laboratory.
  public init(
    distance: Double = 1.5, probability: Double = 0.05, lapseRate: Double = 0.1,
    fastMilliseconds: Double = 300, fastShare: Double = 0.05
  ) {
    self.distance = distance
    self.probability = probability
    self.lapseRate = lapseRate
    self.fastMilliseconds = fastMilliseconds
    self.fastShare = fastShare
  }
}

/// Looks at every observer of a study through the scale of the others.
///
/// For each observer the scenes are scaled without that observer's votes, so that nobody is
/// compared with their own opinion; the scale's uncertainty widens the predictions. p-values are
/// held against `limits.probability` divided by the number of observers (Bonferroni), separately
/// for each kind of concern.
///
/// Source: pwcmp's observer screening (Perez-Ortiz and Mantiuk 2017, section 6) for the
/// likelihood's distance.
///
/// - Parameters:
///   - scenes: the judgements of all scenes of one attribute (or of several: they are judged
///     together).
///   - limits: from where on an observer is flagged.
///   - fit: the posterior of a matrix of votes, nil when it has no finite scale.
/// - Returns: statistics, flags and effects for every observer.
/// - Throws: `InputError` when there are fewer than 2 observers or a scene has no scale; what `fit`
///   throws.
public func screenObservers(
  _ scenes: [SceneJudgements], limits: ScreeningLimits = ScreeningLimits(),
  fit: (ComparisonMatrix) throws -> QualityPosterior?
) throws -> ObserverScreening {
  let observers = Set(scenes.flatMap { $0.votes.indices.isEmpty ? [] : $0.observers }).sorted()
  guard observers.count >= 2 else {
    throw InputError(
      "observers", "\(observers.count) observers are too few to compare",
      remedy: "collect judgements of at least 2 observers, better 10")
  }
  var whole: [QualityPosterior] = []
  for scene in scenes {
    guard let posterior = try fit(ComparisonMatrix(scene)) else {
      throw InputError(
        "scene \(scene.scene)", "its votes have no finite scale",
        remedy: "connect its photos by more votes, or screen with a prior")
    }
    whole.append(posterior)
  }
  let study = ScreeningStudy(scenes: scenes, whole: whole)
  var statistics: [ObserverStatistics] = []
  var effects: [ScaleEffect] = []
  for observer in observers {
    let without = try study.refit(without: [observer], fit)
    statistics.append(
      ObserverStatistics(
        observer: observer, votes: study.predictions(for: observer, from: without),
        fastMilliseconds: limits.fastMilliseconds))
    effects.append(study.effect(of: without))
  }
  let likelihoods = statistics.map(\.logLikelihood)
  let lower = Descriptive.quantile(likelihoods, 0.25)
  let range = Descriptive.quantile(likelihoods, 0.75) - lower
  statistics = statistics.map { one in
    one.with(
      distance: range > 0 && one.logLikelihood < lower ? (lower - one.logLikelihood) / range : 0)
  }
  let screened = zip(statistics, effects).map { one, effect in
    ScreenedObserver(
      statistics: one, flags: one.flags(limits, observers: observers.count), effect: effect)
  }
  let flagged = screened.filter { !$0.flags.isEmpty }.map(\.statistics.observer)
  let together = flagged.isEmpty ? nil : study.effect(of: try study.refit(without: flagged, fit))
  return ObserverScreening(observers: screened, effectOfFlagged: together)
}

extension ObserverStatistics {
  /// The concerns that these numbers raise.
  func flags(_ limits: ScreeningLimits, observers: Int) -> [ObserverFlag] {
    let threshold = limits.probability / Double(max(observers, 1))
    var flags: [ObserverFlag] = []
    func raise(_ concern: ObserverConcern, _ sentence: String) {
      flags.append(ObserverFlag(concern: concern, sentence: "\(observer) \(sentence)"))
    }
    if distance >= limits.distance {
      raise(
        .unlikely,
        "answers less probably than the others: \(rounded(distance)) interquartile ranges below "
          + "the lower quartile")
    }
    if agreement.pValue < threshold {
      raise(
        .disagrees,
        "agrees with the others' scale in \(percent(agreement.found)) of the answers, "
          + "\(percent(agreement.expected)) are expected")
    }
    if let repeatAgreement, repeatAgreement.pValue < threshold {
      raise(
        .inconsistent,
        "repeats \(percent(repeatAgreement.found)) of \(repeatAgreement.answers) answers, "
          + "\(percent(repeatAgreement.expected)) are expected")
    }
    if sideA.pValue < threshold {
      raise(
        .sideBias,
        "chooses photo A in \(percent(sideA.found)) of the answers, "
          + "\(percent(sideA.expected)) are expected")
    }
    if lapseRate >= limits.lapseRate, lapsePValue < threshold {
      raise(
        .lapses,
        "seems to answer blindly in \(percent(lapseRate)) of the judgements "
          + "(±\(percent(lapseStandardError)))")
    }
    if let fastShare, fastShare >= limits.fastShare {
      raise(
        .hasty,
        "gives \(percent(fastShare)) of the answers in less than "
          + "\(Int(limits.fastMilliseconds)) ms")
    }
    return flags
  }

  private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

  private func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}

/// The scenes of a study with their scales by all observers.
private struct ScreeningStudy {
  let scenes: [SceneJudgements]
  let whole: [QualityPosterior]

  /// The scales without some observers: the whole scale where they did not judge, nil where none is
  /// left.
  func refit(
    without left: [ObserverID], _ fit: (ComparisonMatrix) throws -> QualityPosterior?
  ) throws -> [QualityPosterior?] {
    try scenes.indices.map { k in
      let scene = scenes[k]
      let gone = Set(scene.observers.indices.filter { left.contains(scene.observers[$0]) })
      guard scene.votes.contains(where: { gone.contains($0.observer) }) else { return whole[k] }
      let matrix = ComparisonMatrix(count: scene.photos.count, votes: scene.votes) {
        gone.contains($0.observer) ? 0 : 1
      }
      return matrix.pairs.isEmpty ? nil : try fit(matrix)
    }
  }

  /// An observer's votes with the chances that the others' scale gives them; the whole scale where
  /// theirs is lost.
  func predictions(
    for observer: ObserverID, from scales: [QualityPosterior?]
  ) -> [PredictedVote] {
    var votes: [PredictedVote] = []
    let noise = JOD.differenceSigma * JOD.differenceSigma
    for (k, scene) in scenes.enumerated() {
      guard let index = scene.observers.firstIndex(of: observer) else { continue }
      let scale = scales[k] ?? whole[k]
      for vote in scene.votes where vote.observer == index && vote.a != vote.b {
        let pair = PhotoPair(vote.a, vote.b)
        let spread = (noise + scale.differenceVariance(pair.first, pair.second)).squareRoot()
        votes.append(
          PredictedVote(
            pair: pair, scene: k, choice: vote.choice, firstIsA: vote.a == pair.first,
            milliseconds: vote.responseMilliseconds,
            firstWins: StandardNormal.cdf(scale.difference(pair.first, pair.second) / spread)))
      }
    }
    return votes
  }

  /// Compares the scales with the whole ones.
  func effect(of scales: [QualityPosterior?]) -> ScaleEffect {
    var squares = 0.0
    var count = 0
    var largest = 0.0
    var photo: ScenePhoto?
    var before: [Double] = []
    var after: [Double] = []
    var lost: [SceneID] = []
    for (k, scene) in scenes.enumerated() {
      guard let scale = scales[k] else {
        lost.append(scene.scene)
        continue
      }
      let (oldMean, newMean) = (Descriptive.mean(whole[k].means), Descriptive.mean(scale.means))
      for i in scene.photos.indices {
        let old = whole[k].means[i] - oldMean
        let new = scale.means[i] - newMean
        before.append(old)
        after.append(new)
        squares += (new - old) * (new - old)
        count += 1
        if abs(new - old) > largest {
          largest = abs(new - old)
          photo = ScenePhoto(scene: scene.scene, photo: scene.photos[i])
        }
      }
    }
    let power = before.reduce(0) { $0 + $1 * $1 }
    let product = zip(before, after).reduce(0) { $0 + $1.0 * $1.1 }
    return ScaleEffect(
      rootMeanSquareShift: JOD((squares / Double(max(count, 1))).squareRoot()),
      largestShift: JOD(largest), photo: photo,
      spearman: before.count > 1 ? Correlation.spearman(before, after) : 1,
      slope: power > 0 ? product / power : 1, lostScenes: lost)
  }
}
