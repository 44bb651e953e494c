import Documents
import Domain
import Evaluation
import Foundation
import ModelLibrary
import Statistics

/// The default model's card.
struct Card {
  private let facts: Facts
  private let table: EvaluationTable
  private let always: EvaluationTable

  init(_ facts: Facts) throws {
    self.facts = facts
    table = try evaluateUnified(
      model: "portrait-details", UnifiedPredictions(facts.held), bootstrap: BootstrapSettings())
    let mean = Descriptive.mean(facts.held.map(\.measured))
    always = try evaluateUnified(
      model: "always the mean",
      UnifiedPredictions(facts.held.map { $0.predicting(mean) }))
  }

  private var scenes: Int { Set(facts.held.map(\.scene)).count }
  private func fixed(_ value: Double?, _ decimals: Int = 2) -> String {
    NumberFormat.fixed(value, decimals)
  }

  /// The card as Markdown.
  func text() -> String { wrapped(content) }

  private var content: String {
    """
    # portrait-details: the default model of `vernier score`

    Scores the details of a portrait's face in **JOD of simulated observers**: more is better, 1 \
    JOD is the difference that 75 % of them see, and 0 is the mean of the undamaged studio \
    portraits of the training. **No person judged a picture for this model.** It knows how much \
    damage of some kinds a law would see in a portrait, not what people prefer. For judgements of \
    your own cameras, let people compare and train on their votes (`vernier annotate`, `scale`, \
    `unify`, `train`).

    A linear head on the means and deviations of EfficientNet-Lite0's channels at five depths \
    (`lite0-stages`); the backbone (ImageNet) is fetched by `Scripts/setup` and named by its \
    SHA-256 in `model.json`. Made by `Scripts/default-model`, whose sources \
    (`Research/DefaultModels`) state everything below exactly.

    ## What it was trained on

    \(scenes) portraits, all in the public domain, listed with SHA-256 in `photos.csv`; the \
    photographs are not in this repository. \(scenes - 5) are official portraits of members of the \
    United States Congress by the Government Printing Office (public repository \
    unitedstates/images, commit 7eb7278deac9251bb7d787a96c5dabf84eabb60f, whose README says: \
    public domain); 4 are White House photographs and 1 is NASA's portrait of Eileen Collins, as \
    `Scripts/setup` fetches them.

    Each face region at its own resolution (median \(fixed(medianWidth, 0)) pixels wide) gives \
    \(facts.images.count / max(1, scenes)) images: one as it is, the others with one to four of: \
    subsampling by 1.1 to 6.5 (three kernels), Gaussian blur (0.5 to 4 pixels), sharpening, \
    Gaussian noise (coded or linear light), JPEG (quality 8 to 79), exposure by −2.5 to +1.5 \
    stops. 30 simulated observers judged pairs inside scenes and across scenes by the law in \
    `Research/Portraits/Recipe.swift`; `vernier`'s own scaling and unification made one scale of \
    the votes, on which the model was trained.

    ## Accuracy on unseen scenes

    Five folds; nobody in the tested fold was seen in training or in choosing the checkpoint. Mean \
    over scenes with 95 % interval by bootstrap over scenes and images, against the scale made of \
    the simulated votes:

    | | SRCC | PLCC | KRCC | MAE (JOD) | global SROCC | global MAE (JOD) |
    |---|---|---|---|---|---|---|
    | portrait-details | \(cell(.srcc)) | \(cell(.plcc)) | \(cell(.krcc)) | \(cell(.mae)) | \
    \(global(.srcc)) | \(global(.mae)) |
    | always the mean | – | – | – | \(fixed(always.mae.mean)) | – | \(fixed(always.global?.mae)) |

    Held-out images by what was done to them (most have several kinds of damage):

    | Damage | Images | SROCC | MAE (JOD) | mean error (JOD) |
    |---|---|---|---|---|
    \(kinds.joined(separator: "\n"))

    **Interval.** Each score is ± \(fixed(facts.calibration.margin)) JOD: \
    \(fixed(100 * facts.calibration.level, 0)) % conformal for a new scene of the same kind \
    (scenes weighted, \(facts.calibration.scenes) scenes). Calibrated on four folds it held \
    \(fixed(100 * facts.coverage.share, 1)) % of the images of the fifth; in the worst scene \
    \(fixed(100 * facts.coverage.worst, 0)) %.

    The scenes with the largest mean errors: \(worst). Press photographs are softer than their \
    width says, which the law does not know.

    ## What it does not know

    - **People's taste.** The truth is a law. Expressions, pose, light, beauty, skin tone and \
    faithful colors do not enter it.
    - **Other photographs.** All training portraits are well lit studio or press photographs; most \
    show people in formal dress before a plain ground. Phones' artifacts (smear of noise \
    reduction, HDR halos, motion blur, haze, lens flare, bokeh errors) were not among the damages.
    - **Finer detail than \(fixed(612, 0)) pixels** on the region's longer side: above that a \
    sharper camera gets no better score.
    - Regions without a face at all: with `--region full` it gives a number for anything.

    **Outside what it knows**: `knowledge.json` says how far features may lie from the training's \
    (Mahalanobis, 5 % false alarms on new scenes). `vernier score` then says OUTSIDE; do not trust \
    the score or its interval. Detectors that saw neither the scene nor its people called outside:

    | Pictures | called outside | of |
    |---|---|---|
    \(facts.strange.map { "| \($0.kind) | \(fixed(100 * $0.share, 0)) % | \($0.count) |" }.joined(separator: "\n"))

    ## License

    The weights: Apache-2.0, as the rest of the repository; the photographs behind them are in the \
    public domain. `predictions.csv` holds every held-out prediction.

    """
  }

  /// The three scenes that are misjudged most, with their mean errors.
  private var worst: String {
    let errors = Dictionary(grouping: facts.held, by: \.scene).map { scene, rows in
      (scene: scene, error: Descriptive.mean(rows.map { $0.predicted - $0.measured }))
    }
    return errors.sorted { abs($0.error) > abs($1.error) }.prefix(3)
      .map { "\($0.scene) (\(fixed($0.error)) JOD)" }.joined(separator: ", ")
  }

  private var medianWidth: Double {
    // The law's quality of an undamaged region gives its width back.
    Descriptive.median(
      facts.images.filter { $0.recipe == Recipe() }.map { 150 * exp2($0.quality.value / 1.6) })
  }

  private func cell(_ metric: Metric) -> String {
    let summary = table[metric]
    return range(fixed(summary.mean), summary.meanInterval)
  }

  private func global(_ metric: Metric) -> String {
    range(fixed(table.global?[metric]), table.globalIntervals[metric])
  }

  private func range(_ value: String, _ interval: ValueRange?) -> String {
    interval.map { "\(value) [\(fixed($0.low)), \(fixed($0.high))]" } ?? value
  }

  /// One row per kind of damage.
  private var kinds: [String] {
    let recipes = Dictionary(
      facts.images.map { ($0.key, $0.recipe) }, uniquingKeysWith: { first, _ in first })
    let tests: [(String, (Recipe) -> Bool)] = [
      ("none", { $0 == Recipe() }), ("subsampling", { $0.basic.subsamplingFactor > 1 }),
      ("blur", { $0.blurPixels > 0 }), ("sharpening", { $0.basic.sharpeningAmount > 0 }),
      ("noise", { $0.basic.noiseVariance > 0 }), ("JPEG", { $0.jpegQuality != nil }),
      ("underexposure", { $0.stops < 0 }), ("overexposure", { $0.stops > 0 }),
    ]
    return tests.map { name, test in
      let rows = facts.held.filter { row in
        recipes[ScenePhoto(scene: row.scene, photo: row.photo)].map(test) ?? false
      }
      let errors = rows.map { $0.predicted - $0.measured }
      let order = Correlation.spearman(rows.map(\.predicted), rows.map(\.measured))
      return
        "| \(name) | \(rows.count) | \(fixed(order)) | \(fixed(Descriptive.mean(errors.map(abs)))) "
        + "| \(fixed(Descriptive.mean(errors))) |"
    }
  }
}
