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
      let qualities = generator.shuffled(
        (0..<photos).map { (Double($0) / Double(photos - 1) - 0.5) * range })
      let simulated = try SimulatedStudy(
        self, scene: "scene",
        photos: qualities.indices.map { PhotoID("photo \(1000 + $0)") }, qualities: qualities,
        using: &generator)
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
