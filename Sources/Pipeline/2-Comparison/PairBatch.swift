public import Domain
public import Statistics

/// What is known of a running study when its next pairs are chosen; each part is asked only by
/// criteria that need it.
public protocol StudyEvidence {
  /// The number of photos.
  var photos: Int { get }
  /// All votes so far.
  var comparisons: ComparisonMatrix { get }
  /// What the votes say about all qualities together.
  mutating func posterior() throws -> QualityPosterior
  /// The scale that ASAP's gains rest on: means in JOD, variances in JOD².
  mutating func asapScale() -> (means: [Double], variances: [Double])
}

/// The evidence of a finished count of votes.
public struct CountedVotes: StudyEvidence {
  /// All votes so far.
  public let comparisons: ComparisonMatrix
  private let fit: (ComparisonMatrix) throws -> QualityPosterior

  /// Takes votes, and how they become a posterior.
  public init(
    _ comparisons: ComparisonMatrix, fit: @escaping (ComparisonMatrix) throws -> QualityPosterior
  ) {
    (self.comparisons, self.fit) = (comparisons, fit)
  }

  /// The number of photos.
  public var photos: Int { comparisons.count }
  /// What the fit says.
  public func posterior() throws -> QualityPosterior { try fit(comparisons) }
  /// Expectation propagation to convergence.
  public func asapScale() -> (means: [Double], variances: [Double]) {
    Comparison.asapScale(comparisons)
  }
}

/// How a batch of pairs is chosen: a criterion, and the shares of the pairs that are random, or far
/// apart, whatever it says.
public struct PairSampler: Hashable, Sendable {
  /// What the pairs are chosen for.
  public let criterion: PairCriterion
  /// The probability, 0 to 1, that a pair of the batch is drawn at random instead.
  public let randomShare: Double
  /// The share of an adaptive batch, 0 to 1, that are pairs far apart; see ``anchorPairs``.
  public let anchorShare: Double

  /// Makes a sampler.
  ///
  /// - Throws: `InputError` for a share outside 0 to 1.
  public init(
    criterion: PairCriterion, randomShare: Double = 0, anchorShare: Double = 0
  ) throws(InputError) {
    for (name, share) in [("randomShare", randomShare), ("anchorShare", anchorShare)]
    where !(0...1).contains(share) {
      throw InputError(
        Setting(name), "\(share) is not a share", remedy: "give a number from 0 to 1")
    }
    self.criterion = criterion
    self.randomShare = randomShare
    self.anchorShare = anchorShare
  }

  /// Chooses a batch of pairs, each with what chose it.
  ///
  /// - Parameters:
  ///   - count: The number of pairs.
  ///   - study: What is known so far.
  ///   - constraints: Pairs to avoid, the observer's history, sides.
  ///   - generator: Draws random pairs, breaks ties and decides sides.
  /// - Returns: At most `count` different pairs; fewer when the constraints leave fewer.
  /// - Throws: `InputError` when there are fewer than 2 photos or no pair is allowed; what the
  ///   study's posterior throws.
  public func batch(
    _ count: Int, study: inout some StudyEvidence,
    constraints: PairConstraints = PairConstraints(), using generator: inout SeededGenerator
  ) throws -> [(pair: PlannedPair, criterion: PairCriterion)] {
    var random = criterion == .random ? count : 0
    if criterion.isAdaptive, randomShare > 0 {
      for _ in 0..<count where generator.uniform() < randomShare { random += 1 }
    }
    var chosen: [(pair: PlannedPair, criterion: PairCriterion)] = []
    var constraints = constraints
    let anchors =
      criterion.isAdaptive && criterion != .anchor
      ? Int((anchorShare * Double(count - random)).rounded()) : 0
    if anchors > 0 {
      let pairs = try anchorPairs(
        means: study.posterior().means, count: anchors, constraints: constraints,
        using: &generator)
      chosen += pairs.map { ($0, .anchor) }
      for pair in pairs { constraints.avoided.insert(pair.pair) }
    }
    if chosen.count + random < count {
      let pairs = try adaptive(
        count - random - chosen.count, study: &study, constraints: constraints, using: &generator)
      chosen += pairs.map { ($0, criterion) }
      for pair in pairs { constraints.avoided.insert(pair.pair) }
    }
    if random > 0 {
      do {
        let pairs = try randomPairs(
          photos: study.photos, count: random, constraints: constraints, using: &generator)
        chosen += pairs.map { ($0, .random) }
      } catch {
        // The adaptive pairs took all that were allowed.
        if chosen.isEmpty { throw error }
      }
    }
    return chosen
  }

  private func adaptive(
    _ count: Int, study: inout some StudyEvidence, constraints: PairConstraints,
    using generator: inout SeededGenerator
  ) throws -> [PlannedPair] {
    switch criterion {
    case .errorReduction, .informationGain, .random:
      return try nextPairs(
        posterior: study.posterior(), count: count, criterion: criterion, constraints: constraints,
        using: &generator)
    case .anchor:
      return try anchorPairs(
        means: study.posterior().means, count: count, constraints: constraints, using: &generator)
    case .asap:
      let scale = study.asapScale()
      let gains = PairGains.asapApproximate(means: scale.means, variances: scale.variances)
      return try Self.rounds(count, constraints: constraints) { left, constraints in
        try nextPairs(gains: gains, count: left, constraints: constraints, using: &generator)
      }
    case .swiss:
      var met: [PhotoPair: Int] = [:]
      for pair in study.comparisons.pairs {
        met[PhotoPair(pair.first, pair.second), default: 0] += Int(pair.total.rounded())
      }
      let means = try study.posterior().means
      return try Self.rounds(count, constraints: constraints) { _, constraints in
        // A round goes down the ranking: a part of it must not be its top.
        generator.shuffled(
          try swissPairs(means: means, met: met, constraints: constraints, using: &generator))
      }
    }
  }

  /// Pairs of as many rounds as a batch takes, such as trees; a round avoids the pairs of those
  /// before it.
  private static func rounds(
    _ count: Int, constraints: PairConstraints,
    next: (_ left: Int, _ constraints: PairConstraints) throws -> [PlannedPair]
  ) throws -> [PlannedPair] {
    var pairs: [PlannedPair] = []
    var constraints = constraints
    while pairs.count < count {
      let round: [PlannedPair]
      do { round = try next(count - pairs.count, constraints) } catch {
        // Earlier rounds took all pairs that are allowed.
        if pairs.isEmpty { throw error }
        break
      }
      if round.isEmpty { break }
      for pair in round.prefix(count - pairs.count) {
        pairs.append(pair)
        constraints.avoided.insert(pair.pair)
      }
    }
    return pairs
  }
}
