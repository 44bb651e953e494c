import Documents
import Domain
import Evaluation
import Files
import Foundation
import Statistics
import Training
import Unification

/// Paper 2's claim: one model learns better from a unified scale than from the scenes' own scales.
///
/// Votes are simulated on scales that are stretched and shifted by known (a, b) in every scene, so
/// that unification has something to undo. The same images, split, network and settings serve both;
/// only the scores to learn differ.
struct Claims {
  let study: DefaultModel
  let seeds: Int
  private let names = ["unified scale", "individual scales"]

  /// How the images of scenes differ.
  private enum Design: String, CaseIterable {
    /// Every scene has the same kinds and strengths of damage.
    case same = "all scenes span the same qualities"
    /// A scene keeps the 7 of its 12 images nearest to a quality of its own, as indoor and night
    /// scenes do.
    case different = "scenes span different qualities"
  }

  private struct Outcome {
    let seed: Int
    let srcc: [Double]
    let plcc: [Double]
    let mae: [Double]
    let globalSRCC: [Double]
  }

  func run(into folder: String) throws {
    try AtomicFile.makeFolder(folder)
    let images = try study.pictures.images(study.photos, say: study.say)
    var table = CSVWriter(columns: ["design", "seed", "model", "metric", "value"])
    var rows: [[String]] = []
    for design in Design.allCases {
      var outcomes: [Outcome] = []
      for seed in 1...seeds {
        let outcome: Outcome
        do {
          outcome = try one(images, design, seed: UInt64(seed))
        } catch let error as InputError {
          // A scene whose images hardly differ may not be unified; the table says how many seeds
          // that leaves.
          study.say("\(design.rawValue): seed \(seed) is left out: \(error)")
          continue
        }
        outcomes.append(outcome)
        for (metric, values) in metrics(outcome) {
          for (name, value) in zip(names, values) {
            table.append([design.rawValue, "\(seed)", name, metric, "\(value)"])
          }
        }
        study.say("\(design.rawValue): seed \(seed) of \(seeds)")
      }
      rows += summary(design, outcomes)
    }
    try table.write(to: "\(folder)/claims.csv")
    let result = TextTable(
      caption: """
        Unified against individual scales on scenes and people that no model saw: means over up to \
        \(seeds) seeds (votes, distortions, split, order of photos), with 95 % intervals by \
        Student's t; the difference is paired by seed. All against the simulated observers' true \
        quality. SRCC and PLCC: mean over scenes. Global SROCC and MAE (after the best line, JOD): \
        all photos together.
        """,
      columns: ["Design", "Metric", "Unified", "Individual", "Difference", "Seeds won"], rows: rows)
    try AtomicFile.write(result.markdown(), to: "\(folder)/claims.md")
    print(result.terminalText(), terminator: "")
  }

  private func metrics(_ outcome: Outcome) -> [(String, [Double])] {
    [
      ("SRCC", outcome.srcc), ("PLCC", outcome.plcc), ("global SROCC", outcome.globalSRCC),
      ("global MAE", outcome.mae),
    ]
  }

  private func one(_ all: [StudyImage], _ design: Design, seed: UInt64) throws -> Outcome {
    var random = SeededGenerator(seed: seed)
    var distortions: [SceneID: (a: Double, b: Double)] = [:]
    var centres: [SceneID: Double] = [:]
    let scenes = Set(all.map(\.scene)).sorted()
    for scene in scenes {
      distortions[scene] = Votes.distortion(&random)
      centres[scene] = random.uniform()
    }
    let images = design == .same ? all : near(all, centres)
    let votes = Votes(seed: seed)
    let scales = try votes.scales(images) { distortions[$0] ?? (1, 0) }
    let unified = try votes.unified(scales, images).scale
    // A fifth of the people test, another fifth chooses the checkpoint.
    let folds = Learning.folds(images, count: 5, seed: seed)
    let learning = Learning(
      configuration: try study.learning().configuration, seed: seed,
      learningRate: study.learningRate, weightDecay: study.weightDecay)
    let both = try [unified.photos, scales.flatMap(\.photos)].map { photos in
      let scores = Dictionary(
        photos.map { (ScenePhoto(scene: $0.scene, photo: $0.photo), $0.score) }
      ) { first, _ in first }
      let run = try learning.train(
        images.compactMap { image in
          scores[image.key].map { ScoredImage(image: image, score: $0) }
        },
        parts: { folds[0].contains($0) ? .test : folds[1].contains($0) ? .valid : .train })
      return run.predictions.filter { $0.part == .test }
    }
    let truth = Dictionary(images.map { ($0.key, $0.quality.value) }) { first, _ in first }
    let measured = try both.map { try agreement($0, truth) }
    return Outcome(
      seed: Int(seed), srcc: measured.map(\.srcc), plcc: measured.map(\.plcc),
      mae: measured.map(\.mae), globalSRCC: measured.map(\.globalSRCC))
  }

  /// The images of every scene that are nearest to a quality of its own: a place in the scene's
  /// range.
  private func near(_ images: [StudyImage], _ centres: [SceneID: Double]) -> [StudyImage] {
    let scenes = Dictionary(grouping: images, by: \.scene)
    return scenes.keys.sorted().flatMap { scene -> [StudyImage] in
      let own = scenes[scene] ?? []
      let qualities = own.map(\.quality.value)
      let (low, high) = (qualities.min() ?? 0, qualities.max() ?? 0)
      let centre = low + (centres[scene] ?? 0.5) * (high - low)
      return Array(
        own.sorted { abs($0.quality.value - centre) < abs($1.quality.value - centre) }.prefix(7)
      ).sorted { $0.photo < $1.photo }
    }
  }

  private func agreement(
    _ predictions: [Prediction], _ truth: [ScenePhoto: Double]
  ) throws -> (srcc: Double, plcc: Double, mae: Double, globalSRCC: Double) {
    let known = predictions.map {
      truth[ScenePhoto(scene: $0.scene, photo: $0.photo)] ?? .nan
    }
    let rows = zip(predictions, known).map {
      Prediction(
        photo: $0.photo, scene: $0.scene, part: .test, measured: $1, predicted: $0.predicted)
    }
    let table = try evaluatePerScene(model: "m", rows, hasUnit: false)
    let scores = predictions.map(\.predicted)
    // A line may be fitted: the individual scales have no common unit, and JOD no common zero.
    let (x, y) = (Descriptive.mean(scores), Descriptive.mean(known))
    let slope =
      zip(scores, known).reduce(0) { $0 + ($1.0 - x) * ($1.1 - y) }
      / scores.reduce(0) { $0 + ($1 - x) * ($1 - x) }
    let errors = zip(scores, known).map { abs(y + slope * ($0 - x) - $1) }
    return (
      table.srcc.mean ?? .nan, table.plcc.mean ?? .nan, Descriptive.mean(errors),
      Correlation.spearman(scores, known)
    )
  }

  private func summary(_ design: Design, _ outcomes: [Outcome]) -> [[String]] {
    guard let first = outcomes.first else { return [] }
    return metrics(first).indices.map { index in
      let name = metrics(first)[index].0
      let values = outcomes.map { metrics($0)[index].1 }
      let gains = values.map { $0[0] - $0[1] }
      let isError = name.contains("MAE")
      let won = gains.count { isError ? $0 < 0 : $0 > 0 }
      return [
        design.rawValue, name, withMargin(values.map { $0[0] }), withMargin(values.map { $0[1] }),
        withMargin(gains), "\(won) of \(values.count)",
      ]
    }
  }

  private func withMargin(_ values: [Double]) -> String {
    let mean = NumberFormat.fixed(Descriptive.mean(values), 3)
    guard values.count > 1 else { return mean }
    let critical = StudentT(degreesOfFreedom: Double(values.count - 1)).quantile(0.975)
    let margin = critical * (Descriptive.variance(values) / Double(values.count)).squareRoot()
    return "\(mean) ± \(NumberFormat.fixed(margin, 3))"
  }
}
