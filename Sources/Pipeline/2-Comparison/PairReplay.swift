public import Domain
public import Statistics

/// A study's choice of pairs, to be run again on simulated answers.
///
/// Pairs that were chosen by earlier answers follow the errors of those answers: a photo that happened to win early meets
/// better photos afterwards, and so on. What this does to a scale is seen by running the same choice on answers that
/// are drawn from a known scale. Votes whose pair did not depend on answers keep their pair; only the answer is drawn.
///
/// Source: the parametric bootstrap of an adaptive design (Efron and Tibshirani 1993, chapter 6); the effect itself:
/// Bramley and Vitello 2019, doi:10.1080/0969594X.2017.1418734.
public struct PairReplay: Sendable {
  /// Votes that follow one another in the file.
  private enum Step: Sendable {
    /// Their pairs did not depend on answers.
    case kept(Range<Int>)
    /// Their pairs were chosen together, by the answers before them.
    case chosen(PairCriterion, Range<Int>)
  }

  private let photos: Int
  private let votes: [SceneJudgements.Vote]
  private let observers: Int
  private let steps: [Step]
  /// Whether no observer judged a pair twice, as the application has it.
  private let pairsOncePerObserver: Bool

  /// Reads the choice off the votes' origins; nil when no pair was chosen by earlier answers.
  public init?(_ judgements: SceneJudgements) {
    guard judgements.votes.contains(where: { $0.origin?.criterion.isAdaptive ?? false }) else {
      return nil
    }
    self.init(judgements, origins: judgements.votes.map(\.origin))
  }

  /// Takes a stated choice for votes without origins, in the order of the file.
  ///
  /// The first votes, until every photo has been compared, count as chosen beforehand.
  ///
  /// - Parameters:
  ///   - judgements: The votes.
  ///   - criterion: What chose the pairs.
  ///   - batch: How many pairs were chosen at a time.
  public init(_ judgements: SceneJudgements, criterion: PairCriterion, batch: Int) {
    var open = Set(judgements.photos.indices)
    var place = 0
    var origins: [PairOrigin?] = []
    for vote in judgements.votes {
      guard open.isEmpty else {
        origins.append(nil)
        open.remove(vote.a)
        open.remove(vote.b)
        continue
      }
      origins.append(PairOrigin(criterion: criterion, batch: place / max(1, batch)))
      place += 1
    }
    self.init(judgements, origins: origins)
  }

  private init(_ judgements: SceneJudgements, origins: [PairOrigin?]) {
    photos = judgements.photos.count
    observers = max(1, judgements.observers.count)
    // Votes of one batch stand together, in the order of the batches; others keep their place in the file.
    var steps: [Step] = []
    var start = 0
    while start < origins.count {
      var end = start + 1
      if let origin = origins[start], origin.criterion.isAdaptive {
        while end < origins.count, origins[end] == origin { end += 1 }
        steps.append(.chosen(origin.criterion, start..<end))
      } else {
        while end < origins.count, !(origins[end]?.criterion.isAdaptive ?? false) { end += 1 }
        steps.append(.kept(start..<end))
      }
      start = end
    }
    self.steps = steps
    votes = judgements.votes
    var seen: Set<SeenPair> = []
    pairsOncePerObserver = judgements.votes.allSatisfy {
      seen.insert(SeenPair(observer: $0.observer, pair: PhotoPair($0.a, $0.b))).inserted
    }
  }

  private struct SeenPair: Hashable {
    let observer: Int
    let pair: PhotoPair
  }

  /// Draws answers from a scale and lets the choice of pairs run on them.
  ///
  /// - Parameters:
  ///   - positions: The true positions, in JOD.
  ///   - opinionDeviation: The standard deviation, in JOD, of one observer's own opinion of one photo.
  ///   - generator: All randomness.
  /// - Returns: The votes, by photo.
  /// - Throws: what the choice of pairs throws.
  public func simulate(
    positions: [Double], opinionDeviation: Double, using generator: inout SeededGenerator
  ) throws -> ComparisonMatrix {
    var study = InterimStudy(photos: photos)
    let opinions: [Double] =
      opinionDeviation > 0
      ? (0..<(observers * photos)).map { _ in opinionDeviation * generator.normal() } : []
    // Opinions are a part of the spread that 1 JOD stands for; the rest is each vote's own.
    let total = JOD.differenceSigma * JOD.differenceSigma
    let noise = max(total - 2 * opinionDeviation * opinionDeviation, total / 4).squareRoot()
    var history = [[PhotoPair: Int]](
      repeating: [:], count: pairsOncePerObserver ? observers : 0)
    func answer(_ a: Int, _ b: Int, observer: Int, _ generator: inout SeededGenerator) {
      var difference = positions[a] - positions[b]
      if !opinions.isEmpty {
        difference += opinions[observer * photos + a] - opinions[observer * photos + b]
      }
      let first = generator.uniform() < StandardNormal.cdf(difference / noise)
      study.add(winner: first ? a : b, loser: first ? b : a)
      if pairsOncePerObserver { history[observer][PhotoPair(a, b), default: 0] += 1 }
    }
    for step in steps {
      switch step {
      case .kept(let range):
        for vote in votes[range] where vote.a != vote.b {
          answer(vote.a, vote.b, observer: vote.observer, &generator)
        }
      case .chosen(let criterion, let range):
        let asked = votes[range.lowerBound].observer
        let isOneObserver = votes[range].allSatisfy { $0.observer == asked }
        var constraints = PairConstraints()
        if pairsOncePerObserver, isOneObserver { constraints.history = history[asked] }
        let sampler = try PairSampler(criterion: criterion)
        let batch =
          (try? sampler.batch(
            range.count, comparisons: study.matrix, posterior: { try study.posterior() },
            constraints: constraints, using: &generator))
          ?? []
        for (vote, chosen) in zip(votes[range], batch) {
          answer(chosen.pair.a, chosen.pair.b, observer: vote.observer, &generator)
        }
        // What the constraints left over stays as it was asked.
        for vote in votes[range].dropFirst(batch.count) where vote.a != vote.b {
          answer(vote.a, vote.b, observer: vote.observer, &generator)
        }
      }
    }
    return study.matrix
  }
}
