import Comparison
import Domain
import Scaling
import ScalingWorkflow
import Statistics

/// Votes of observers on photos of known quality.
struct SimulatedStudy {
  private(set) var judgements: [Judgement] = []
  /// The true qualities in JOD, by photo.
  private(set) var truth: [PhotoID: Double] = [:]
  private let scene: SceneID
  private let photos: [PhotoID]
  private let qualities: [Double]
  private let opinions: [[Double]]
  private let noise: Double

  /// Runs a study of `design.votes` votes on photos whose names ascend.
  init(
    _ design: CoverageDesign, scene: SceneID, photos: [PhotoID], qualities: [Double],
    using generator: inout SeededGenerator
  ) throws {
    (self.scene, self.photos, self.qualities) = (scene, photos, qualities)
    let count = photos.count
    var rows: [[Double]] = []
    for _ in 0..<design.observers {
      rows.append((0..<count).map { _ in design.opinions * generator.normal() })
    }
    opinions = rows
    // Opinions are a part of the spread that 1 JOD stands for.
    noise = (JOD.differenceSigma * JOD.differenceSigma - 2 * design.opinions * design.opinions)
      .squareRoot()
    for (photo, quality) in zip(photos, qualities) { truth[photo] = quality }
    var history = [[PhotoPair: Int]](repeating: [:], count: design.observers)
    for pair in randomSpanningTree(count: count, using: &generator) {
      let observer = judgements.count % design.observers
      history[observer][pair, default: 0] += 1
      ask(pair.first, pair.second, observer: observer, origin: nil, &generator)
    }
    let sampler = try PairSampler(criterion: design.criterion, randomShare: design.randomShare)
    var turn = 0
    while judgements.count < design.votes {
      guard let now = SceneJudgements.grouping(judgements).first else { return }
      var study = CountedVotes(ComparisonMatrix(now), fit: SceneVotes.posterior)
      turn += 1
      let asked = turn % design.observers
      var constraints = PairConstraints()
      if design.once { constraints.history = history[asked] }
      let number = judgements.count
      let pairs = try sampler.batch(
        min(design.batch, design.votes - number), study: &study, constraints: constraints,
        using: &generator)
      for (pair, criterion) in pairs {
        let observer = design.once ? asked : judgements.count % design.observers
        history[observer][pair.pair, default: 0] += 1
        ask(
          pair.a, pair.b, observer: observer,
          origin: PairOrigin(criterion: criterion, batch: number), &generator)
      }
    }
  }

  private mutating func ask(
    _ a: Int, _ b: Int, observer: Int, origin: PairOrigin?, _ generator: inout SeededGenerator
  ) {
    let difference =
      qualities[a] + opinions[observer][a] - qualities[b] - opinions[observer][b]
    judgements.append(
      Judgement(
        observer: ObserverID("observer \(100 + observer)"), scene: scene, attribute: .details,
        photoA: photos[a], photoB: photos[b],
        choice: generator.uniform() < StandardNormal.cdf(difference / noise) ? .a : .b,
        origin: origin))
  }
}
