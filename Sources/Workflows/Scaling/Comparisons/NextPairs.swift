import Comparison
public import Domain
public import Files
import Scaling
import Statistics

/// Chooses the most informative pairs for the scales of a votes file.
public struct NextPairs: Sendable {
  /// The votes so far; nil for none, which takes published scores.
  public var votes: String?
  /// The file of published scores whose votes are not available; the votes are then those on new
  /// and published photos.
  public var published: String?
  /// With published scores: the photos to be placed, `scene,image`; nil takes those of the votes.
  public var newPhotos: String?
  /// The only scene; nil takes all.
  public var scene: SceneID?
  /// The number of pairs per scene and attribute.
  public var batch: Int
  /// What makes a pair valuable.
  public var criterion: PairCriterion
  /// The share of the pairs, 0 to 1, that are drawn at random instead.
  public var randomShare: Double
  /// For this observer: pairs that were judged already are left out.
  public var observer: ObserverID?
  /// The file of pairs to avoid, `image_a,image_b`.
  public var avoided: String?
  /// The seed of ties and sides.
  public var seed: UInt64
  /// References, which stay in the design: each is compared with the best few of its scene first.
  public var references: Set<ScenePhoto> = []

  /// Plans a choice.
  public init(
    votes: String?, scene: SceneID? = nil, batch: Int,
    criterion: PairCriterion = .errorReduction, randomShare: Double = 0,
    observer: ObserverID? = nil,
    avoided: String? = nil, seed: UInt64 = 1
  ) {
    (self.votes, self.scene, self.batch, self.criterion) = (votes, scene, batch, criterion)
    self.randomShare = randomShare
    (self.observer, self.avoided, self.seed) = (observer, avoided, seed)
  }

  /// Chooses the pairs of every scene.
  ///
  /// - Parameter watcher: receives a message for scenes where fewer pairs are allowed.
  /// - Returns: `scene,attribute,image_a,image_b,gain`, and how each pair was chosen.
  /// - Throws: an error when a file can't be read or a scene has too few photos.
  public func table(observer watcher: WorkflowObserver = .silent) throws -> CSVWriter {
    guard batch >= 1 else {
      throw InputError(
        Setting("batch"), "\(batch) is not a number of pairs", remedy: "give 1 or more")
    }
    let sampler = try PairSampler(criterion: criterion, randomShare: randomShare)
    let scenes = try scenes(watcher)
    let avoided = try avoided.map { path throws(InputError) in try PairsFile.read(path) } ?? []
    var table = CSVWriter(columns: [
      "scene", "attribute", "image_a", "image_b", "gain", "criterion", "batch", "batch_size",
      "seed", "random_share",
    ])
    for (index, (judgements, posterior)) in scenes.enumerated() {
      var generator = SeededGenerator(seed: seed).stream(UInt64(index))
      var constraints = PairConstraints(
        judgements, observer: observer, avoided: Self.pairs(avoided, in: judgements))
      var study = CountedVotes(ComparisonMatrix(judgements), fit: posterior)
      let anchored = try anchored(judgements, &study, &constraints, &generator)
      for pair in anchored {
        table.append(
          Self.names(of: pair, in: judgements) + ["", "", "", "", "\(seed)", ""])
      }
      guard anchored.count < batch else { continue }
      let pairs = try sampler.batch(
        batch - anchored.count, study: &study, constraints: constraints, using: &generator)
      for (pair, criterion) in pairs {
        table.append(
          Self.names(of: pair, in: judgements) + [
            CSVWriter.text(pair.gain), criterion.rawValue,
            // The votes so far number the batch: later batches have higher numbers.
            "\(judgements.votes.count)", "\(batch)", "\(seed)", "\(randomShare)",
          ])
      }
      if pairs.count + anchored.count < batch {
        watcher.message(
          "\(judgements.scene): only \(pairs.count + anchored.count) pairs are allowed")
      }
    }
    return table
  }

  private static func names(of pair: PlannedPair, in scene: SceneJudgements) -> [String] {
    [
      scene.scene.text, scene.attribute.text, scene.photos[pair.a].text, scene.photos[pair.b].text,
    ]
  }

  /// The first comparisons of references; the constraints then leave them to nobody else.
  ///
  /// They have no criterion: which photos are the best few follows the answers so loosely that a
  /// scale takes these pairs as given.
  private func anchored(
    _ scene: SceneJudgements, _ study: inout CountedVotes, _ constraints: inout PairConstraints,
    _ generator: inout SeededGenerator
  ) throws -> [PlannedPair] {
    let own = Set(
      scene.photos.indices.filter {
        references.contains(ScenePhoto(scene: scene.scene, photo: scene.photos[$0]))
      })
    guard !own.isEmpty else { return [] }
    let met = Set(study.comparisons.pairs.map { PhotoPair($0.first, $0.second) })
    let pairs = referencePairs(
      references: own, means: try study.posterior().means, met: met, constraints: constraints,
      using: &generator
    ).prefix(batch)
    for pair in pairs {
      constraints.avoided.insert(pair.pair)
      constraints.sideSurplus[pair.a] += 1
      constraints.sideSurplus[pair.b] -= 1
    }
    return Array(pairs)
  }

  /// The judgements with the references of the scene that have no vote yet behind the others.
  private func joined(_ scene: SceneJudgements) -> SceneJudgements {
    let known = Set(scene.photos)
    let missing = references.filter { $0.scene == scene.scene }.map(\.photo).sorted()
      .filter { !known.contains($0) }
    guard !missing.isEmpty else { return scene }
    return SceneJudgements(
      scene: scene.scene, attribute: scene.attribute, photos: scene.photos + missing,
      observers: scene.observers, votes: scene.votes)
  }

  /// The judgements of every scene, and how votes become a posterior there.
  private func scenes(_ watcher: WorkflowObserver) throws -> [(
    judgements: SceneJudgements, posterior: (ComparisonMatrix) throws -> QualityPosterior
  )] {
    if let published {
      let open = try PublishedScenes(
        published: published, votes: votes, newPhotos: newPhotos, only: scene, observer: watcher)
      return open.scenes.map { scene in
        (joined(scene.judgements), { try anchoredPosterior(scene.published, comparisons: $0) })
      }
    }
    guard let votes else {
      throw InputError(
        Setting("votes"), "there are none", remedy: "give votes, or published scores")
    }
    return try SceneVotes.read(votes, only: scene, observer: watcher)
      .map { (joined($0), qualityPosterior) }
  }

  /// The pairs of a scene's photos by index; pairs of other photos are left out.
  private static func pairs(
    _ pairs: [(first: PhotoID, second: PhotoID)], in scene: SceneJudgements
  ) -> Set<PhotoPair> {
    Set(
      pairs.compactMap { first, second in
        guard let a = scene.photos.firstIndex(of: first),
          let b = scene.photos.firstIndex(of: second), a != b
        else { return nil }
        return PhotoPair(a, b)
      })
  }
}
