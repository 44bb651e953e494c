public import Domain
internal import Statistics

/// A measure of how well a model's scores agree with a scale.
public enum Metric: String, Hashable, Sendable, Codable, CaseIterable {
  /// Spearman's rank correlation, ties by average ranks.
  case srcc
  /// Pearson's correlation of the raw scores.
  case plcc
  /// Kendall's τ-b.
  case krcc
  /// The mean absolute error, in the unit of the scale.
  case mae
  /// The root mean square error, in the unit of the scale.
  case rmse
  /// Pearson's correlation after the fitted logistic curve.
  case fittedPLCC = "plcc_fitted"
  /// The mean absolute error after the fitted logistic curve, in the unit of the scale.
  case fittedMAE = "mae_fitted"
  /// The root mean square error after the fitted logistic curve, in the unit of the scale.
  case fittedRMSE = "rmse_fitted"
  /// The share of pairs with disjoint intervals that the model orders rightly.
  case pairAccuracy = "pair_accuracy"

  /// The name for table heads.
  public var title: String {
    switch self {
    case .srcc, .plcc, .krcc, .mae, .rmse: rawValue.uppercased()
    case .fittedPLCC: "PLCC fitted"
    case .fittedMAE: "MAE fitted"
    case .fittedRMSE: "RMSE fitted"
    case .pairAccuracy: "Pair accuracy"
    }
  }

  /// Whether more is better.
  public var isBetterHigher: Bool { !isError }

  /// Whether the metric's values have the unit of the scale.
  public var isError: Bool {
    switch self {
    case .mae, .rmse, .fittedMAE, .fittedRMSE: true
    case .srcc, .plcc, .krcc, .fittedPLCC, .pairAccuracy: false
    }
  }

  /// Whether the metric needs scores in the unit of the scale.
  public var needsUnit: Bool { self == .mae || self == .rmse }
}

/// How well predictions agree with a scale.
///
/// A metric is absent where it is undefined: correlations when all predictions, or all measured
/// scores, are equal; those after the fitted curve when no rising curve fits or there are fewer
/// than 6 photos; errors of a model whose scores have another unit; pair accuracy without two
/// disjoint intervals.
public struct AgreementMetrics: Hashable, Sendable {
  /// The number of photos.
  public let photos: Int
  /// The number of pairs of photos whose intervals are disjoint.
  public let pairs: Int
  /// The metrics that are defined.
  public let values: [Metric: Double]

  /// The value of a metric.
  public subscript(_ metric: Metric) -> Double? { values[metric] }

  /// Spearman's rank correlation.
  public var srcc: Double? { values[.srcc] }
  /// Pearson's correlation of the raw scores.
  public var plcc: Double? { values[.plcc] }
  /// Kendall's τ-b.
  public var krcc: Double? { values[.krcc] }
  /// The mean absolute error, in the unit of the scale.
  public var mae: Double? { values[.mae] }
  /// The root mean square error, in the unit of the scale.
  public var rmse: Double? { values[.rmse] }

  /// Measures the agreement of predictions with their measured scores.
  ///
  /// - Parameters:
  ///   - predictions: of one scene, or of one scale.
  ///   - hasUnit: whether the scores are in the unit of the scale, so that raw errors mean
  ///     something.
  public init(_ predictions: [Prediction], hasUnit: Bool = true) {
    self.init(Sample(predictions), hasUnit: hasUnit)
  }

  /// - Parameters:
  ///   - sample: the photos.
  ///   - hasUnit: whether raw errors mean something.
  ///   - fit: where the logistic curve comes from.
  init(_ sample: Sample, hasUnit: Bool, fit: CurveFit = .fresh) {
    var values: [Metric: Double] = [:]
    for metric in [Metric.srcc, .plcc, .krcc] { values[metric] = sample.correlation(metric) }
    if hasUnit, let errors = sample.errors() { (values[.mae], values[.rmse]) = errors }
    if let fitted = sample.fitted(fit) {
      if let errors = fitted.errors() { (values[.fittedMAE], values[.fittedRMSE]) = errors }
      values[.fittedPLCC] = fitted.correlation(.plcc)
    }
    let order = sample.pairOrder()
    values[.pairAccuracy] = order.accuracy
    photos = sample.count
    pairs = order.pairs
    self.values = values
  }

  init(photos: Int, pairs: Int, values: [Metric: Double]) {
    self.photos = photos
    self.pairs = pairs
    self.values = values
  }
}

/// The numbers of some photos, column by column.
struct Sample: Sendable {
  var measured: [Double]
  var predicted: [Double]
  /// The ends of the measured intervals; empty when any photo lacks one.
  var low: [Double]
  var high: [Double]

  init(_ predictions: [Prediction]) {
    measured = predictions.map(\.measured)
    predicted = predictions.map(\.predicted)
    let intervals = predictions.compactMap(\.measuredInterval)
    let known = intervals.count == predictions.count
    low = known ? intervals.map(\.low) : []
    high = known ? intervals.map(\.high) : []
  }

  init() { (measured, predicted, low, high) = ([], [], [], []) }

  var count: Int { measured.count }

  /// The photos at some places, which may repeat.
  func at(_ places: [Int]) -> Sample {
    var result = Sample()
    result.measured = places.map { measured[$0] }
    result.predicted = places.map { predicted[$0] }
    if !low.isEmpty {
      result.low = places.map { low[$0] }
      result.high = places.map { high[$0] }
    }
    return result
  }

  /// Adds the photos of another scene.
  mutating func append(_ other: Sample) {
    let known = (count == 0 || !low.isEmpty) && !other.low.isEmpty
    measured += other.measured
    predicted += other.predicted
    low = known ? low + other.low : []
    high = known ? high + other.high : []
  }
}

extension Sample {
  /// One metric alone; errors count as being in the scale's unit.
  func value(of metric: Metric) -> Double? {
    switch metric {
    case .srcc, .plcc, .krcc: correlation(metric)
    case .mae: errors()?.mean
    case .rmse: errors()?.rootMeanSquare
    case .fittedPLCC: fitted(.fresh)?.correlation(.plcc)
    case .fittedMAE: fitted(.fresh)?.errors()?.mean
    case .fittedRMSE: fitted(.fresh)?.errors()?.rootMeanSquare
    case .pairAccuracy: pairOrder().accuracy
    }
  }

  /// SRCC, PLCC or KRCC; nil where one side is constant.
  func correlation(_ metric: Metric) -> Double? {
    func varies(_ values: [Double]) -> Bool { values.contains { $0 != values[0] } }
    guard varies(measured), varies(predicted) else { return nil }
    let value =
      switch metric {
      case .srcc: Correlation.spearman(measured, predicted)
      case .krcc: Correlation.kendall(measured, predicted)
      default: Correlation.pearson(measured, predicted)
      }
    return value.isFinite ? value : nil
  }

  /// The mean absolute and the root mean square error.
  func errors() -> (mean: Double, rootMeanSquare: Double)? {
    guard count > 0 else { return nil }
    var (absolute, squared) = (0.0, 0.0)
    for (a, b) in zip(measured, predicted) {
      absolute += abs(a - b)
      squared += (a - b) * (a - b)
    }
    return (absolute / Double(count), (squared / Double(count)).squareRoot())
  }

  /// The same photos with predictions mapped by the logistic curve; nil where there is none.
  func fitted(_ fit: CurveFit) -> Sample? {
    let found: LogisticCurve? =
      switch fit {
      case .fresh: LogisticCurve(fitting: predicted, to: measured)
      case .near(let start): LogisticCurve(fitting: predicted, to: measured, from: start)
      case .kept(let curve): curve
      }
    guard let curve = found else { return nil }
    var result = Sample()
    result.measured = measured
    result.predicted = predicted.map { curve($0) }
    return result
  }
}

/// Where the logistic curve of a sample comes from.
enum CurveFit {
  /// It is fitted.
  case fresh
  /// It is fitted, starting near a curve.
  case near(LogisticCurve?)
  /// It is the curve of the photos that the sample was drawn from.
  ///
  /// A resample has fewer different photos; a curve fitted to them would follow their noise and
  /// promise too small errors.
  case kept(LogisticCurve?)
}
