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
      let constraints = PairConstraints(
        judgements, observer: observer, avoided: Self.pairs(avoided, in: judgements))
      var study = CountedVotes(ComparisonMatrix(judgements), fit: posterior)
      let pairs = try sampler.batch(
        batch, study: &study, constraints: constraints, using: &generator)
      for (pair, criterion) in pairs {
        table.append([
          judgements.scene.text, judgements.attribute.text, judgements.photos[pair.a].text,
          judgements.photos[pair.b].text, CSVWriter.text(pair.gain), criterion.rawValue,
          // The votes so far number the batch: later batches have higher numbers.
          "\(judgements.votes.count)", "\(batch)", "\(seed)", "\(randomShare)",
        ])
      }
      if pairs.count < batch {
        watcher.message("\(judgements.scene): only \(pairs.count) pairs are allowed")
      }
    }
    return table
  }

  /// The judgements of every scene, and how votes become a posterior there.
  private func scenes(_ watcher: WorkflowObserver) throws -> [(
    judgements: SceneJudgements, posterior: (ComparisonMatrix) throws -> QualityPosterior
  )] {
    if let published {
      let open = try PublishedScenes(
        published: published, votes: votes, newPhotos: newPhotos, only: scene, observer: watcher)
      return open.scenes.map { scene in
        (scene.judgements, { try anchoredPosterior(scene.published, comparisons: $0) })
      }
    }
    guard let votes else {
      throw InputError(
        Setting("votes"), "there are none", remedy: "give votes, or published scores")
    }
    return try SceneVotes.read(votes, only: scene, observer: watcher)
      .map { ($0, qualityPosterior) }
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
