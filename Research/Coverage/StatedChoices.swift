import Comparison
import Domain
import Foundation
import Scaling
import ScalingWorkflow
import Statistics

/// What `vernier scale` makes of studies whose pairs are said to have been chosen by a criterion,
/// rightly or wrongly.
///
/// A row for each true and each stated criterion: how often the replicates of the stated choice
/// resembled the study, the slope of the scale against the truth, and how far the features of the
/// design lie from those of replicates, in units of the feature.
enum StatedChoices {
  private static let stated: [PairCriterion] = [.errorReduction, .informationGain, .swiss]

  /// Prints the rows of one kind of study.
  static func run(_ design: CoverageDesign) throws {
    print("photos votes range true stated studies resembles slope closeness repeats unevenness")
    for criterion in stated + [.random] {
      var own = design
      own.criterion = criterion
      let studies = try (0..<design.studies).map { try study(own, number: $0) }
      for choice in stated {
        try row(own, stated: choice, studies)
      }
    }
  }

  private static func study(
    _ design: CoverageDesign, number: Int
  ) throws -> (judgements: SceneJudgements, truth: [PhotoID: Double])? {
    var generator = SeededGenerator(seed: design.seed).stream(UInt64(number))
    let qualities = generator.shuffled(
      (0..<design.photos).map {
        (Double($0) / Double(design.photos - 1) - 0.5) * design.range
      })
    let simulated = try SimulatedStudy(
      design, scene: "scene", photos: qualities.indices.map { PhotoID("photo \(1000 + $0)") },
      qualities: qualities, using: &generator)
    let bare = simulated.judgements.map {
      Judgement(
        observer: $0.observer, scene: $0.scene, attribute: $0.attribute, photoA: $0.photoA,
        photoB: $0.photoB, choice: $0.choice)
    }
    return SceneJudgements.grouping(bare).first.map { ($0, simulated.truth) }
  }

  private static func row(
    _ design: CoverageDesign, stated: PairCriterion,
    _ studies: [(judgements: SceneJudgements, truth: [PhotoID: Double])?]
  ) throws {
    var (resembling, slopes) = (0, [Double]())
    var steps = [[Double]](repeating: [], count: 3)
    for (number, study) in studies.enumerated() {
      guard let (judgements, truth) = study else { continue }
      var plan = ScalingPlan()
      plan.settings.replays = design.replays
      plan.settings.bootstraps = 0
      plan.choice = try StatedPairChoice(criterion: stated, batch: design.batch)
      let scaled = try plan.scaled(judgements)
      if case .corrected = scaled.choice { resembling += 1 }
      let qualities = judgements.photos.map { truth[$0] ?? 0 }
      let square = qualities.reduce(0) { $0 + $1 * $1 }
      slopes.append(
        zip(scaled.scale.photos, qualities).reduce(0) { $0 + $1.0.score * $1.1 } / square)
      let own = features(ComparisonMatrix(judgements), scaled.fit.jod)
      let replay = PairReplay(judgements, criterion: stated, batch: design.batch)
      var generator = SeededGenerator(seed: design.seed).stream(UInt64(1000 + number))
      let replicates = try (0..<10).map { _ in
        let answers = try replay.simulate(
          positions: qualities, opinionDeviation: design.opinions, using: &generator)
        return features(answers, try fitScale(answers).jod)
      }
      for place in steps.indices {
        steps[place].append(own[place] - Descriptive.mean(replicates.map { $0[place] }))
      }
    }
    let spans = steps.map {
      String(
        format: "%.2f[%.2f,%.2f]", Descriptive.mean($0), $0.min() ?? .nan, $0.max() ?? .nan)
    }
    print(
      design.photos, design.votes, design.range, design.criterion.rawValue, stated.rawValue,
      slopes.count, resembling, String(format: "%.2f", Descriptive.mean(slopes)),
      spans.joined(separator: " "))
  }

  private static func features(_ answers: ComparisonMatrix, _ positions: [Double]) -> [Double] {
    let totals = answers.comparisonsPerPhoto
    return [
      PairCloseness(positions, pairs: answers.pairs.map { ($0.first, $0.second, $0.total) })?.ratio
        ?? 1,
      1 - 2 * Double(answers.pairs.count) / totals.reduce(0, +),
      Descriptive.populationVariance(totals).squareRoot() / Descriptive.mean(totals),
    ]
  }
}
