public import Domain
public import Statistics

/// A study's choice of pairs, to be run again on simulated answers.
///
/// Pairs that were chosen by earlier answers follow the errors of those answers: a photo that
/// happened to win early meets better photos afterwards, and so on. What this does to a scale is
/// seen by running the same choice on answers that are drawn from a known scale. Votes whose pair
/// did not depend on answers keep their pair; only the answer is drawn.
///
/// Source: the parametric bootstrap of an adaptive design (Efron and Tibshirani 1993, chapter 6);
/// the effect itself: Bramley and Vitello 2019, doi:10.1080/0969594X.2017.1418734.
public struct PairReplay: Sendable {
  /// Pairs that were chosen together, by the answers before the first of them.
  private struct Batch: Sendable {
    let criterion: PairCriterion
    var count: Int
    /// The observer who judged all of them; nil when they were dealt out.
    var observer: Int?
  }

  private let photos: Int
  private let observers: Int
  /// The votes in the order of judging, each with its batch; nil where the pair did not depend on
  /// answers.
  private let votes: [(vote: SceneJudgements.Vote, batch: Int?)]
  private let batches: [Batch]
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
  /// The first votes, until every photo has been compared, count as chosen beforehand. A file
  /// sorted by observer does not tell the order of judging; observers are then taken to have worked
  /// side by side, if that has all photos compared sooner.
  ///
  /// - Parameters:
  ///   - judgements: The votes.
  ///   - criterion: What chose the pairs.
  ///   - batch: How many pairs were chosen at a time.
  public init(_ judgements: SceneJudgements, criterion: PairCriterion, batch: Int) {
    let judgements = judgements.inOrderOfJudging
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
    var places: [PairOrigin: Int] = [:]
    var batches: [Batch] = []
    var votes: [(vote: SceneJudgements.Vote, batch: Int?)] = []
    for place in Self.order(origins) {
      let vote = judgements.votes[place]
      guard let origin = origins[place], origin.criterion.isAdaptive else {
        votes.append((vote, nil))
        continue
      }
      if let known = places[origin] {
        batches[known].count += 1
        if batches[known].observer != vote.observer { batches[known].observer = nil }
        votes.append((vote, known))
      } else {
        places[origin] = batches.count
        votes.append((vote, batches.count))
        batches.append(Batch(criterion: origin.criterion, count: 1, observer: vote.observer))
      }
    }
    (self.votes, self.batches) = (votes, batches)
    var seen: Set<SeenPair> = []
    pairsOncePerObserver = judgements.votes.allSatisfy {
      seen.insert(SeenPair(observer: $0.observer, pair: PhotoPair($0.a, $0.b))).inserted
    }
  }

  /// The order of judging: that of the file when its batches begin in ascending order, as they were
  /// chosen; else votes without a batch first, then by batch.
  private static func order(_ origins: [PairOrigin?]) -> [Int] {
    var begun: Set<Int> = []
    let starts = origins.compactMap { $0 }.filter(\.criterion.isAdaptive).map(\.batch)
      .filter { begun.insert($0).inserted }
    if zip(starts, starts.dropFirst()).allSatisfy({ $0 < $1 }) { return Array(origins.indices) }
    return origins.indices.sorted {
      (origins[$0]?.batch ?? .min, $0) < (origins[$1]?.batch ?? .min, $1)
    }
  }

  private struct SeenPair: Hashable {
    let observer: Int
    let pair: PhotoPair
  }

  /// The choice as the Scaling stage takes it: ``simulate(positions:opinionDeviation:using:)``.
  public var simulation:
    @Sendable (
      _ positions: [Double], _ opinionDeviation: Double, _ generator: inout SeededGenerator
    )
      throws -> ComparisonMatrix
  {
    { positions, deviation, generator in
      try simulate(positions: positions, opinionDeviation: deviation, using: &generator)
    }
  }

  /// Draws answers from a scale and lets the choice of pairs run on them.
  ///
  /// - Parameters:
  ///   - positions: The true positions, in JOD.
  ///   - opinionDeviation: The standard deviation, in JOD, of one observer's own opinion of one
  ///     photo.
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
    var chosen = [[PhotoPair]?](repeating: nil, count: batches.count)
    for (vote, batch) in votes where vote.a != vote.b {
      var pair = PhotoPair(vote.a, vote.b)
      if let batch {
        var pairs = try chosen[batch] ?? choose(batches[batch], &study, history, &generator)
        let place = pairs.lastIndex {
          !pairsOncePerObserver || history[vote.observer][$0] == nil
        }
        // What the constraints left over stays as it was asked.
        if let place { pair = pairs.remove(at: place) }
        chosen[batch] = pairs
      }
      answer(pair.first, pair.second, observer: vote.observer, &generator)
    }
    return study.comparisons
  }

  /// The pairs of a batch, the first to be asked last.
  private func choose(
    _ batch: Batch, _ study: inout InterimStudy, _ history: [[PhotoPair: Int]],
    _ generator: inout SeededGenerator
  ) throws -> [PhotoPair] {
    var constraints = PairConstraints()
    if pairsOncePerObserver, let observer = batch.observer {
      constraints.history = history[observer]
    }
    // Where a batch is dealt out, an observer skips the pairs that he or she has judged.
    let spare = pairsOncePerObserver && batch.observer == nil ? batch.count : 0
    let sampler = try PairSampler(criterion: batch.criterion)
    let pairs = try? sampler.batch(
      batch.count + spare, study: &study, constraints: constraints, using: &generator)
    return (pairs ?? []).reversed().map(\.pair.pair)
  }
}

extension SceneJudgements {
  /// The votes in the order of judging, as far as the order of the file tells it.
  fileprivate var inOrderOfJudging: Self {
    let changes = zip(votes, votes.dropFirst()).count { $0.observer != $1.observer }
    var totals = [Int](repeating: 0, count: observers.count)
    for vote in votes { totals[vote.observer] += 1 }
    guard changes > 0, changes == totals.count(where: { $0 > 0 }) - 1 else { return self }
    var given = [Int](repeating: 0, count: observers.count)
    let shares = votes.map { vote -> Double in
      given[vote.observer] += 1
      return (Double(given[vote.observer]) - 0.5) / Double(totals[vote.observer])
    }
    let order = votes.indices.sorted { (shares[$0], $0) < (shares[$1], $1) }
    let sideBySide = Self(
      scene: scene, attribute: attribute, photos: photos, observers: observers,
      votes: order.map { votes[$0] })
    return sideBySide.votesUntilAllCompared < votesUntilAllCompared ? sideBySide : self
  }

  /// The number of votes after which every photo has been compared.
  private var votesUntilAllCompared: Int {
    var open = Set(photos.indices)
    return votes.prefix { (vote: Vote) -> Bool in
      let isOpen = !open.isEmpty
      open.remove(vote.a)
      open.remove(vote.b)
      return isOpen
    }.count
  }
}
