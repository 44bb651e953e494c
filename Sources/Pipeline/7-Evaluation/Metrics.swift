public import Domain
internal import Statistics

/// How well predictions agree with a scale.
///
/// Correlations are `nil` where they are undefined: when all predictions, or all measured scores, are equal.
public struct AgreementMetrics: Hashable, Sendable {
  /// The number of photos.
  public let photos: Int
  /// Spearman's rank correlation, ties by average ranks.
  public let srcc: Double?
  /// Pearson's correlation of the raw scores.
  public let plcc: Double?
  /// Kendall's τ-b.
  public let krcc: Double?
  /// The mean absolute error, in JOD.
  public let mae: Double
  /// The root mean square error, in JOD.
  public let rmse: Double

  /// Measures the agreement of `predicted` with `measured`, two arrays of the same length in the same order, in JOD.
  public init(measured: [Double], predicted: [Double]) {
    let errors = zip(measured, predicted).map { $0 - $1 }
    let count = Double(max(errors.count, 1))
    let defined = Self.varies(measured) && Self.varies(predicted)
    photos = errors.count
    srcc = defined ? Correlation.spearman(measured, predicted) : nil
    plcc = defined ? Correlation.pearson(measured, predicted) : nil
    krcc = defined ? Correlation.kendall(measured, predicted) : nil
    mae = errors.reduce(0) { $0 + abs($1) } / count
    rmse = (errors.reduce(0) { $0 + $1 * $1 } / count).squareRoot()
  }

  /// Whether a correlation with these values is defined.
  private static func varies(_ values: [Double]) -> Bool {
    values.count >= 2 && values.contains { $0 != values[0] }
  }
}

/// The agreement inside one scene.
public struct SceneMetrics: Hashable, Sendable {
  /// The scene.
  public let scene: SceneID
  /// The agreement over its photos.
  public let metrics: AgreementMetrics
}

/// A metric over several scenes.
public struct SceneSummary: Hashable, Sendable {
  /// The mean over the scenes where the metric is defined.
  public let mean: Double?
  /// The median over the same scenes.
  public let median: Double?
  /// Half the width of the mean's 95 % interval by Student's t, from 2 scenes on.
  public let margin: Double?

  /// Summarises one value per scene; `nil` where it is undefined.
  init(_ values: [Double?]) {
    let defined = values.compactMap(\.self)
    mean = defined.isEmpty ? nil : Descriptive.mean(defined)
    median = defined.isEmpty ? nil : Descriptive.quantile(defined, 0.5)
    if defined.count >= 2 {
      let count = Double(defined.count)
      let critical = StudentT(degreesOfFreedom: count - 1).quantile(0.975)
      let center = Descriptive.mean(defined)
      let variance = defined.reduce(0) { $0 + ($1 - center) * ($1 - center) } / (count - 1)
      margin = critical * (variance / count).squareRoot()
    } else {
      margin = nil
    }
  }
}
