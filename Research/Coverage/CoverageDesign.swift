import Comparison
import Domain
import Foundation
import Scaling
import ScalingWorkflow
import Statistics

/// A kind of study: how many photos, votes and observers, and what chooses the pairs.
struct CoverageDesign {
  var criterion = PairCriterion.errorReduction
  var photos = 60
  var votes = 1800
  /// The distance of the best photo from the worst, in JOD; the photos lie evenly between.
  var range = 8.0
  var observers = 12
  /// The standard deviation of one observer's own opinion of one photo, in JOD.
  var opinions = 0.0
  var batch = 24
  var randomShare = 0.0
  /// Whether a batch belongs to one observer, who judges no pair twice, as in the application; else it is dealt out.
  var once = false
  var studies = 8
  var seed: UInt64 = 1
  var replays = 200

  init() {}

  /// Reads options, each `--name value`.
  init(arguments: [String]) throws {
    var rest = arguments[...]
    func number<Value: LosslessStringConvertible>(_ name: String) throws -> Value {
      guard let text = rest.popFirst(), let value = Value(text) else {
        throw InputError(name, "its value is missing", remedy: "give a number")
      }
      return value
    }
    while let name = rest.popFirst() {
      switch name {
      case "--criterion":
        guard let value = rest.popFirst().flatMap(PairCriterion.init(rawValue:)) else {
          throw InputError(name, "its value is missing", remedy: "give a criterion")
        }
        criterion = value
      case "--photos": photos = try number(name)
      case "--votes": votes = try number(name)
      case "--range": range = try number(name)
      case "--observers": observers = try number(name)
      case "--opinions": opinions = try number(name)
      case "--batch": batch = try number(name)
      case "--random-share": randomShare = try number(name)
      case "--once": once = true
      case "--studies": studies = try number(name)
      case "--seed": seed = try number(name)
      case "--replay": replays = try number(name)
      default:
        throw InputError(name, "it has no meaning", remedy: "see Research/Coverage/main.swift")
      }
    }
  }

  /// Runs the studies and scales each with the command's defaults.
  func run() throws -> CoverageResult {
    var result = CoverageResult(design: self)
    for study in 0..<studies {
      var generator = SeededGenerator(seed: seed).stream(UInt64(study))
      let simulated = try SimulatedStudy(self, using: &generator)
      guard let judgements = SceneJudgements.grouping(simulated.judgements).first else { continue }
      var plan = ScalingPlan()
      plan.settings.replays = replays
      plan.settings.bootstraps = 0
      let start = ContinuousClock.now
      let scaled = try scaleScene(
        judgements, settings: plan.settings, simulation: plan.simulation(of: judgements))
      result.add(scaled, truth: simulated.truth, range: range, elapsed: ContinuousClock.now - start)
    }
    return result
  }
}

/// Votes of observers on photos of known quality.
private struct SimulatedStudy {
  private(set) var judgements: [Judgement] = []
  /// The true qualities in JOD, by photo.
  private(set) var truth: [PhotoID: Double] = [:]
  private let qualities: [Double]
  private let opinions: [[Double]]
  private let noise: Double

  init(_ design: CoverageDesign, using generator: inout SeededGenerator) throws {
    let count = design.photos
    qualities = generator.shuffled(
      (0..<count).map { (Double($0) / Double(count - 1) - 0.5) * design.range })
    var rows: [[Double]] = []
    for _ in 0..<design.observers {
      rows.append((0..<count).map { _ in design.opinions * generator.normal() })
    }
    opinions = rows
    // Opinions are a part of the spread that 1 JOD stands for.
    noise = (JOD.differenceSigma * JOD.differenceSigma - 2 * design.opinions * design.opinions)
      .squareRoot()
    for (photo, quality) in qualities.enumerated() { truth[Self.name(photo)] = quality }
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
        observer: ObserverID("observer \(100 + observer)"), scene: "scene", attribute: .details,
        photoA: Self.name(a), photoB: Self.name(b),
        choice: generator.uniform() < StandardNormal.cdf(difference / noise) ? .a : .b,
        origin: origin))
  }

  /// Names that sort like the photos.
  private static func name(_ photo: Int) -> PhotoID { PhotoID("photo \(1000 + photo)") }
}
