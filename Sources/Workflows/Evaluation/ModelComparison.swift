public import Domain
public import Evaluation

/// Several models on one scale: every metric, the reference rows, and the tests between models.
public struct ModelComparison: Sendable {
  /// The attribute.
  public let attribute: Attribute
  /// Whether the measured scores live on one scale for all scenes.
  public let isUnified: Bool
  /// The unit of the measured scores, and of all errors.
  public let unit: ScoreUnit
  /// The models, in the order given.
  public let models: [EvaluationTable]
  /// A model that always answers 0.
  public let alwaysZero: EvaluationTable
  /// A model that always answers the training photos' mean; only on a unified scale with a known
  /// training part.
  public let trainingMean: EvaluationTable?
  /// What a perfect model would reach against these labels; nil where their errors are unknown.
  public let ceiling: EvaluationTable?
  /// The differences between models.
  public let contrasts: [ModelContrast]

  /// Evaluates models on the photos that all of them scored.
  ///
  /// - Parameters:
  ///   - set: the photos.
  ///   - models: the models, with predictions of the same photos.
  ///   - metrics: what to compare models by.
  ///   - bootstrap: replicates, level and seed of all intervals and tests.
  /// - Throws: `EvaluationError` when there is too little to evaluate, or photos differ between
  ///   models.
  public init(
    _ set: EvaluationSet, models: [ModelPredictions], metrics: [Metric],
    bootstrap: BootstrapSettings
  ) throws(EvaluationError) {
    attribute = set.attribute
    isUnified = set.isUnified
    unit = set.unit
    func evaluate(_ model: ModelPredictions) throws(EvaluationError) -> EvaluationTable {
      set.isUnified && model.hasOneScale
        ? try evaluateUnified(
          model: model.name, UnifiedPredictions(model.predictions), hasUnit: model.hasUnit,
          bootstrap: bootstrap)
        : try evaluatePerScene(
          model: model.name, model.predictions, hasUnit: model.hasUnit, bootstrap: bootstrap)
    }
    var tables: [EvaluationTable] = []
    for model in models { tables.append(try evaluate(model)) }
    self.models = tables
    let photos = models.first?.predictions ?? set.photos
    alwaysZero = try EvaluationReport.evaluation(
      "always 0", Evaluation.alwaysZero(photos), set.isUnified)
    if let mean = set.trainingMean, set.isUnified {
      trainingMean = try EvaluationReport.evaluation("training mean", always(mean, photos), true)
    } else {
      trainingMean = nil
    }
    ceiling = try noiseCeiling(photos, isUnified: set.isUnified, seed: bootstrap.seed)
    contrasts = try contrastModels(
      models, metrics: metrics, unified: set.isUnified, bootstrap: bootstrap)
  }

  /// The reference rows that there are.
  public var references: [EvaluationTable] {
    [alwaysZero, trainingMean, ceiling].compactMap(\.self)
  }

  /// What a reader must know about the numbers.
  public var notes: [String] {
    var notes: [String] = []
    let scenes = alwaysZero.scenes.count
    if scenes == 1 {
      notes.append(
        "\(attribute): one scene, so intervals and tests are about its photos, not about new scenes"
      )
    } else if scenes < 6 {
      notes.append(
        "\(attribute): with \(scenes) scenes, intervals over scenes are too narrow and no Wilcoxon test "
          + "can reach p < 0.05")
    }
    if ceiling == nil {
      notes.append(
        "\(attribute): the labels' errors are not known, so there is no row for a perfect model; give "
          + "\(Setting("scale")) with intervals")
    }
    return notes
  }
}
