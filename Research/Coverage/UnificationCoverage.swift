import Domain
import Foundation
import Scaling
import ScalingWorkflow
import Statistics
import Unification

/// Coverage of lines and unified scores when the pairs of every scene and of the cross-scene set
/// follow the answers.
///
/// Five scenes with sensitivities and places of their own, 24 photos and 480 votes each; 6 photos
/// of each scene are judged across scenes, 20 votes a photo.
enum UnificationCoverage {
  private struct Tally {
    /// Whether slopes and offsets ± 1.96 standard errors and the scores' intervals hold the truth.
    var slopes: [Double] = []
    var offsets: [Double] = []
    var scores: [Double] = []
    var errors: [Double] = []
    var stretch: [Double] = []

    /// - Parameters:
    ///   - unified: The scale.
    ///   - truth: The qualities.
    ///   - origin: The quality at which the cross-scene scale is 0.
    mutating func add(_ unified: UnifiedScale, truth: [ScenePhoto: Double], origin: Double) {
      let sensitivity = UnificationCoverage.sensitivity
      for (k, line) in unified.alignments.enumerated() {
        let a = UnificationCoverage.crossSensitivity / sensitivity[k]
        let b = UnificationCoverage.crossSensitivity * (UnificationCoverage.middle[k] - origin)
        slopes.append(abs(line.a - a) <= 1.959964 * line.aStandardError ? 1 : 0)
        offsets.append(abs(line.b - b) <= 1.959964 * line.bStandardError ? 1 : 0)
      }
      let others = unified.photos.filter { $0.scene != "A" }
      var (error, product, square) = (0.0, 0.0, 0.0)
      for photo in others {
        let u = truth[ScenePhoto(scene: photo.scene, photo: photo.photo)] ?? 0
        scores.append(photo.interval.low <= u && u <= photo.interval.high ? 1 : 0)
        error += (photo.score - u) * (photo.score - u)
        product += photo.score * u
        square += u * u
      }
      errors.append((error / Double(others.count)).squareRoot())
      stretch.append(product / square)
    }
  }

  private static let sensitivity = [1, 1.25, 0.8, 1.1, 0.9]
  private static let middle = [0, 2, -1.5, 1, -2.5]
  private static let crossSensitivity = 0.85

  /// Prints a row for each way to unify.
  static func run(_ design: CoverageDesign) throws {
    var tallies: [String: Tally] = [:]
    for study in 0..<design.studies {
      var generator = SeededGenerator(seed: design.seed).stream(UInt64(study))
      for (name, unified, truth, origin) in try unify(design, using: &generator) {
        tallies[name, default: Tally()].add(unified, truth: truth, origin: origin)
      }
    }
    print(
      "criterion method studies slopes-hold offsets-hold scores-hold rmse "
        + "slope-mean slope-median")
    for (name, tally) in tallies.sorted(by: { $0.key < $1.key }) {
      print(
        design.criterion.rawValue, name, design.studies,
        String(
          format: "%.3f %.3f %.3f %.3f %.3f %.3f", Descriptive.mean(tally.slopes),
          Descriptive.mean(tally.offsets), Descriptive.mean(tally.scores),
          Descriptive.mean(tally.errors),
          Descriptive.mean(tally.stretch), Descriptive.median(tally.stretch)))
    }
  }

  private static func unify(
    _ design: CoverageDesign, using generator: inout SeededGenerator
  ) throws -> [(String, UnifiedScale, [ScenePhoto: Double], origin: Double)] {
    let names: [SceneID] = ["A", "B", "C", "D", "E"]
    var plan = ScalingPlan()
    plan.settings.replays = design.replays
    plan.settings.bootstraps = 0
    var truth: [ScenePhoto: Double] = [:]
    var scales: [SceneScale] = []
    var matrices: [SceneID: [Double]] = [:]
    var within: [SceneJudgements] = []
    let photos = (0..<24).map { PhotoID("p\(100 + $0)") }
    for (k, scene) in names.enumerated() {
      let raw = photos.map { _ in 6 * (generator.uniform() - 0.5) }
      let mean = Descriptive.mean(raw)
      for (photo, value) in zip(photos, raw) {
        truth[ScenePhoto(scene: scene, photo: photo)] = value - mean + middle[k]
      }
      var own = design
      own.votes = 480
      let study = try SimulatedStudy(
        own, scene: scene, photos: photos, qualities: raw.map { sensitivity[k] * ($0 - mean) },
        using: &generator)
      guard let judgements = SceneJudgements.grouping(study.judgements).first else { continue }
      let scaled = try plan.scaled(judgements)
      within.append(judgements)
      scales.append(scaled.scale)
      matrices[scene] = scaled.estimates.covariance
    }
    // The photos are chosen as a laboratory would: from the measured scales.
    let chosen = try crossSet(scales: scales, perScene: 6).photos
      .map { ScenePhoto(scene: $0.scene, photo: $0.photo) }.sorted()
    var across = design
    across.votes = 10 * chosen.count
    let crossStudy = try SimulatedStudy(
      across, scene: "Cross", photos: chosen.map(\.crossName),
      qualities: chosen.map { crossSensitivity * (truth[$0] ?? 0) }, using: &generator)
    guard let cross = SceneJudgements.grouping(crossStudy.judgements).first else { return [] }
    let crossScaled = try plan.scaled(cross)
    let crossScale = CrossScale(
      attribute: .details, convention: .jod, crossNamed: crossScaled.scale.photos)
    let origin = Descriptive.mean(chosen.map { truth[$0] ?? 0 })
    let covariances = ScaleCovariances(scenes: matrices, cross: crossScaled.estimates.covariance)
    return [
      (
        "two-step,covariances",
        try alignScenes(
          scales: scales, cross: crossScale, reference: "A", covariances: covariances
        ).scale, truth, origin
      ),
      (
        "two-step,calibrated",
        try alignScenes(
          scales: scales, cross: crossScale, method: .calibrated, reference: "A",
          covariances: covariances
        ).scale, truth, origin
      ),
      (
        "two-step,calibrated,inferred",
        try alignScenes(
          scales: scales, cross: crossScale, method: .calibrated, reference: "A",
          covariances: .inferred(scales: scales, cross: crossScale)
        ).scale, truth, origin
      ),
      (
        "two-step,deming",
        try alignScenes(
          scales: scales, cross: crossScale, method: .deming(errorVarianceRatio: nil),
          reference: "A", covariances: covariances
        ).scale, truth, origin
      ),
      (
        "two-step,inferred",
        try alignScenes(
          scales: scales, cross: crossScale, reference: "A",
          covariances: .inferred(scales: scales, cross: crossScale)
        ).scale, truth, origin
      ),
      ("joint", try unifyJointly(within: within, cross: cross, reference: "A").scale, truth, 0),
      (
        "joint,replayed",
        try unifyJointly(
          within: within, cross: cross, reference: "A",
          replay: JointPairChoice(within, cross: cross).replay(
            replicates: design.replays, seed: design.seed)
        ).scale, truth, 0
      ),
    ]
  }
}
