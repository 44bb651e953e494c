import Comparison
import Domain
import Scaling
import Statistics
import Unification

/// A study with known truth: scenes with own sensitivities and positions, and a cross-scene task.
struct SimulatedStudy {
  /// Slope and offset of each scene's line to the cross-scene scale, its own scale having mean 0.
  let lines: [(scene: SceneID, a: Double, b: Double)]
  /// The true unified positions in JOD of the first scene, by scene.
  let truth: [[Double]]
  let within: [SceneJudgements]
  let cross: SceneJudgements

  /// Five scenes of 24 photos, 40 votes a photo; 6 photos a scene across scenes, 40 votes each.
  init(
    seed: UInt64, photos: Int = 24, shared: Int = 6, votesPerPhoto: Int = 40,
    crossVotesPerPhoto: Int = 40, spread: Double = 6
  ) throws {
    let names: [SceneID] = ["A", "B", "C", "D", "E"]
    // Sensitivities relative to scene A, and the place of each scene's middle in JOD of A.
    let sensitivity = [1, 1.25, 0.8, 1.1, 0.9]
    let middle = [0, 2, -1.5, 1, -2.5]
    let crossSensitivity = 0.85
    var generator = SeededGenerator(seed: seed).stream(1)
    var truth: [[Double]] = []
    for k in names.indices {
      let raw = (0..<photos).map { _ in spread * (generator.uniform() - 0.5) }
      let mean = Descriptive.mean(raw)
      truth.append(raw.map { $0 - mean + middle[k] })
    }
    func name(_ index: Int) -> PhotoID { PhotoID("p\(index / 10)\(index % 10)") }
    var rows: [TrueQuality] = []
    var crossRows: [TrueQuality] = []
    for (k, scene) in names.enumerated() {
      for (i, u) in truth[k].enumerated() {
        rows.append(
          TrueQuality(
            scene: scene, attribute: .details, photo: name(i),
            quality: JOD(sensitivity[k] * (u - middle[k]))))
      }
      let order = truth[k].indices.sorted { truth[k][$0] < truth[k][$1] }
      for step in 0..<shared {
        let i = order[step * (photos - 1) / max(shared - 1, 1)]
        crossRows.append(
          TrueQuality(
            scene: "Cross", attribute: .details,
            photo: ScenePhoto(scene: scene, photo: name(i)).crossName,
            quality: JOD(crossSensitivity * truth[k][i])))
      }
    }
    let panel = SimulatedObserver.panel(20)
    within = SceneJudgements.grouping(
      try simulate(
        truth: rows, comparisons: photos * votesPerPhoto / 2, observers: panel, seed: seed))
    cross =
      SceneJudgements.grouping(
        try simulate(
          truth: crossRows, comparisons: crossRows.count * crossVotesPerPhoto / 2,
          observers: panel, seed: seed))[0]
    self.truth = truth
    lines = names.indices.map {
      (names[$0], crossSensitivity / sensitivity[$0], crossSensitivity * middle[$0])
    }
  }

  /// The scale of a set of judgements by maximum likelihood, intervals from the observed
  /// information.
  static func scale(
    _ judgements: SceneJudgements
  ) throws -> (photos: [ScaledPhoto], covariance: [Double]) {
    var settings = ScalingSettings()
    settings.bootstraps = 0
    let scaled = try scaleScene(judgements, settings: settings)
    return (scaled.scale.photos, scaled.estimates.covariance)
  }

  /// What the errors of two steps are carried from.
  enum ErrorSource {
    case residuals, covariances, scores
  }

  /// Paper 2's way, with errors from the residuals, the scales' covariances, or what their scores
  /// tell of these.
  func twoSteps(
    _ method: AlignmentMethod = .leastSquares, errors: ErrorSource = .residuals
  ) throws -> UnificationResult {
    var scales: [SceneScale] = []
    var matrices: [SceneID: [Double]] = [:]
    for scene in within {
      let (photos, covariance) = try Self.scale(scene)
      scales.append(
        SceneScale(scene: scene.scene, attribute: .details, convention: .jod, photos: photos))
      matrices[scene.scene] = covariance
    }
    let (crossPhotos, crossCovariance) = try Self.scale(cross)
    let photos = crossPhotos.compactMap { photo -> ScaledPhoto? in
      guard let name = ScenePhoto(crossName: photo.photo) else { return nil }
      return ScaledPhoto(
        photo: name.photo, scene: name.scene, score: photo.score,
        standardDeviation: photo.standardDeviation, interval: photo.interval,
        comparisons: photo.comparisons)
    }
    let crossScale = CrossScale(attribute: .details, convention: .jod, photos: photos)
    let covariances: ScaleCovariances? =
      switch errors {
      case .residuals: nil
      case .covariances: ScaleCovariances(scenes: matrices, cross: crossCovariance)
      case .scores: .inferred(scales: scales, cross: crossScale)
      }
    return try alignScenes(
      scales: scales, cross: crossScale, method: method, reference: "A", covariances: covariances)
  }

  /// Errors of all scores and how many intervals cover the truth, scene A apart from the others.
  func errors(_ scale: UnifiedScale) -> [(inReference: Bool, error: Double, covered: Bool)] {
    zip(scale.photos, truth.flatMap { $0 }).map { photo, u in
      (
        photo.scene == "A", photo.score - u,
        photo.interval.low <= u && u <= photo.interval.high
      )
    }
  }
}
