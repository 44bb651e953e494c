import Comparison
import Documents
import Domain
import Foundation
import Scaling
import Statistics
import Unification

/// Two-step alignment against one joint likelihood.
enum UnificationStudy {
  struct Design {
    let photos: Int
    let votesPerPhoto: Int
    let shared: Int
    let crossVotesPerPhoto: Int

    var name: String {
      "\(photos) photos, \(votesPerPhoto) votes each; \(shared) shared, \(crossVotesPerPhoto) each"
    }
  }

  static let designs = [
    Design(photos: 24, votesPerPhoto: 40, shared: 3, crossVotesPerPhoto: 40),
    Design(photos: 24, votesPerPhoto: 40, shared: 6, crossVotesPerPhoto: 20),
    Design(photos: 24, votesPerPhoto: 40, shared: 6, crossVotesPerPhoto: 40),
    Design(photos: 24, votesPerPhoto: 40, shared: 6, crossVotesPerPhoto: 160),
    Design(photos: 24, votesPerPhoto: 160, shared: 6, crossVotesPerPhoto: 40),
    Design(photos: 24, votesPerPhoto: 40, shared: 12, crossVotesPerPhoto: 40),
    Design(photos: 24, votesPerPhoto: 160, shared: 12, crossVotesPerPhoto: 160),
    Design(photos: 100, votesPerPhoto: 100, shared: 10, crossVotesPerPhoto: 100),
  ]

  enum Method: String, CaseIterable {
    case leastSquares = "Least squares, errors from residuals"
    case inferred = "Least squares, errors inferred from score files"
    case propagated = "Least squares, errors from covariances"
    case deming = "Deming, errors from covariances"
    case joint = "Joint likelihood"
  }

  /// What one study gives for one method, over the photos outside the reference scene.
  struct Outcome {
    var error = 0.0
    var covered = 0.0
    var slopes = 0.0
    var width = 0.0
  }

  /// Five scenes with own sensitivities and places; the truth of
  /// `Tests/UnificationTests/SimulatedStudy`.
  static func study(_ design: Design, seed: UInt64) throws -> [Outcome] {
    let names: [SceneID] = ["A", "B", "C", "D", "E"]
    let sensitivity = [1, 1.25, 0.8, 1.1, 0.9]
    let middle = [0, 2, -1.5, 1, -2.5]
    let crossSensitivity = 0.85
    var generator = SeededGenerator(seed: seed).stream(1)
    let truth = names.indices.map { k in
      let raw = (0..<design.photos).map { _ in 6 * (generator.uniform() - 0.5) }
      let mean = Descriptive.mean(raw)
      return raw.map { $0 - mean + middle[k] }
    }
    func name(_ index: Int) -> PhotoID { PhotoID(String(format: "p%03d", index)) }
    let rows = names.indices.flatMap { k in
      truth[k].indices.map {
        TrueQuality(
          scene: names[k], attribute: .details, photo: name($0),
          quality: JOD(sensitivity[k] * (truth[k][$0] - middle[k])))
      }
    }
    let panel = SimulatedObserver.panel(20)
    let within = SceneJudgements.grouping(
      try simulate(
        truth: rows, comparisons: design.photos * design.votesPerPhoto / 2, observers: panel,
        seed: seed))
    var scales: [SceneScale] = []
    var matrices: [SceneID: [Double]] = [:]
    for scene in within {
      let (photos, covariance) = try scale(scene)
      scales.append(
        SceneScale(scene: scene.scene, attribute: .details, convention: .jod, photos: photos))
      matrices[scene.scene] = covariance
    }
    // The photos are chosen as a laboratory would: from the measured scales.
    let chosen = try crossSet(scales: scales, perScene: design.shared).photos
    let crossRows = chosen.compactMap { photo -> TrueQuality? in
      guard let k = names.firstIndex(of: photo.scene),
        let i = truth[k].indices.first(where: { name($0) == photo.photo })
      else { return nil }
      return TrueQuality(
        scene: "Cross", attribute: .details,
        photo: ScenePhoto(scene: photo.scene, photo: photo.photo).crossName,
        quality: JOD(crossSensitivity * truth[k][i]))
    }
    let cross = SceneJudgements.grouping(
      try simulate(
        truth: crossRows, comparisons: crossRows.count * design.crossVotesPerPhoto / 2,
        observers: panel, seed: seed))[0]
    let (crossPhotos, crossCovariance) = try scale(cross)
    let crossScale = CrossScale(
      attribute: .details, convention: .jod,
      crossNamed: crossPhotos)
    let covariances = ScaleCovariances(scenes: matrices, cross: crossCovariance)
    return try Method.allCases.map { method in
      let unified: UnifiedScale
      switch method {
      case .leastSquares:
        unified = try alignScenes(scales: scales, cross: crossScale, reference: "A").scale
      case .inferred:
        unified = try alignScenes(
          scales: scales, cross: crossScale, reference: "A",
          covariances: .inferred(scales: scales, cross: crossScale)
        ).scale
      case .propagated:
        unified = try alignScenes(
          scales: scales, cross: crossScale, reference: "A", covariances: covariances
        ).scale
      case .deming:
        unified = try alignScenes(
          scales: scales, cross: crossScale, method: .deming(errorVarianceRatio: nil),
          reference: "A", covariances: covariances
        ).scale
      case .joint:
        unified = try unifyJointly(within: within, cross: cross, reference: "A").scale
      }
      var outcome = Outcome()
      let others = zip(unified.photos, truth.flatMap { $0 }).filter { $0.0.scene != "A" }
      for (photo, u) in others {
        let error = photo.score - u
        outcome.error += error * error
        if photo.interval.low <= u, u <= photo.interval.high { outcome.covered += 1 }
        outcome.width += photo.interval.width
      }
      let count = Double(others.count)
      let freedom = Double(5 * (design.shared - 2))
      let quantile =
        method == .leastSquares ? StudentT(degreesOfFreedom: freedom).quantile(0.975) : 1.96
      for (line, own) in zip(unified.alignments, sensitivity)
      where abs(line.a - crossSensitivity / own) < quantile * line.aStandardError {
        outcome.slopes += 0.2
      }
      return Outcome(
        error: (outcome.error / count).squareRoot(), covered: outcome.covered / count,
        slopes: outcome.slopes, width: outcome.width / count)
    }
  }

  private static func scale(
    _ judgements: SceneJudgements
  ) throws -> (photos: [ScaledPhoto], covariance: [Double]) {
    var settings = ScalingSettings()
    settings.bootstraps = 0
    let scaled = try scaleScene(judgements, settings: settings)
    return (scaled.scale.photos, scaled.estimates.covariance)
  }

  static func run(into folder: URL, studies: Int?) throws {
    var csv =
      "photos,votes_per_photo,shared,cross_votes_per_photo,method,studies,error_jod,low95,high95,"
      + "coverage,slope_coverage,mean_width_jod,ratio_to_least_squares,ratio_low95,ratio_high95\n"
    for design in designs {
      let count = studies ?? (design.photos > 50 ? 60 : 200)
      let runs = try Parallel.map(count: count) { index in
        try study(design, seed: UInt64(50_000 + index))
      }
      print(design.name)
      for (k, method) in Method.allCases.enumerated() {
        let error = Summary(runs.map { $0[k].error })
        // Errors are skewed; their ratio is a mean of logarithms.
        let ratio = Summary(runs.map { log($0[k].error / $0[0].error) })
        let covered = Descriptive.mean(runs.map { $0[k].covered })
        let slopes = Descriptive.mean(runs.map { $0[k].slopes })
        let width = Descriptive.mean(runs.map { $0[k].width })
        csv +=
          "\(design.photos),\(design.votesPerPhoto),\(design.shared),\(design.crossVotesPerPhoto),"
          + "\(method.rawValue.replacing(",", with: ";")),\(count),\(error.mean.digits(4)),"
          + "\(error.low.digits(4)),\(error.high.digits(4)),\(covered.digits(4)),"
          + "\(slopes.digits(4)),\(width.digits(3)),\(exp(ratio.mean).digits(4)),"
          + "\(exp(ratio.low).digits(4)),\(exp(ratio.high).digits(4))\n"
        print(
          "  \(method.rawValue): error \(error.mean.digits(3)) JOD, ratio "
            + "\(exp(ratio.mean).digits(2)) [\(exp(ratio.low).digits(2)), "
            + "\(exp(ratio.high).digits(2))], coverage \(covered.digits(3)), slopes "
            + "\(slopes.digits(3)), width \(width.digits(2))")
      }
    }
    try Data(csv.utf8).write(to: folder.appending(path: "unification.csv"))
  }
}
