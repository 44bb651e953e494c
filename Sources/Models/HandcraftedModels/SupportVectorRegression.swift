import CSVM
import Domain
import Foundation

/// An epsilon support-vector regression with a radial basis function kernel, on scaled features.
///
/// Source: Chang and Lin 2011, ACM Transactions on Intelligent Systems and Technology 2(27).
struct SupportVectorRegression: Codable, Equatable, Sendable {
  /// The kernel is exp(−gamma · |a − b|²).
  let gamma: Double
  /// The constant that a prediction subtracts.
  let rho: Double
  /// One number for each support vector.
  let coefficients: [Double]
  /// The support vectors, in scaled features.
  let vectors: [[Double]]

  /// Σ coefficient · kernel − rho.
  func predict(_ features: [Double]) -> Double {
    var sum = -rho
    for (vector, coefficient) in zip(vectors, coefficients) {
      var distance = 0.0
      for (a, b) in zip(vector, features) { distance += (a - b) * (a - b) }
      sum += coefficient * exp(-gamma * distance)
    }
    return sum
  }

  /// Trains with libsvm; the same rows always give the same model.
  static func train(
    _ rows: [[Double]], _ targets: [Double], _ settings: BRISQUEModel.TrainingSettings
  ) throws(InputError) -> Self {
    var failure = [CChar](repeating: 0, count: 256)
    let flat = rows.flatMap { $0 }
    let raw = csvm_settings(
      cost: settings.cost, gamma: settings.gamma, epsilon: settings.epsilon,
      tolerance: settings.tolerance, cache_mebibytes: 100)
    let columns = rows.first?.count ?? 0
    guard let model = csvm_train(flat, targets, rows.count, columns, raw, &failure, failure.count)
    else {
      let reason = String(
        decoding: failure.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
      throw InputError(
        "training of BRISQUE", reason, remedy: "change the settings or the number of photos")
    }
    defer { csvm_free(model) }
    let count = csvm_vector_count(model)
    var coefficients = [Double](repeating: 0, count: count)
    var places = [Int](repeating: 0, count: count)
    csvm_vectors(model, &coefficients, &places)
    return Self(
      gamma: settings.gamma, rho: csvm_rho(model), coefficients: coefficients,
      vectors: places.map { rows[$0] })
  }
}

/// The linear map of each feature from its range to −1 … 1, as libsvm's scaling tool has it.
struct FeatureRange: Codable, Equatable, Sendable {
  /// The smallest value of each feature, mapped to the lower limit.
  let minima: [Double]
  /// The largest value of each feature, mapped to the upper limit.
  let maxima: [Double]
  /// What the smallest and the largest value are mapped to.
  var limits = [-1.0, 1.0]

  /// The ranges of a training set.
  init(covering rows: [[Double]]) {
    let first = rows.first ?? []
    minima = rows.reduce(first) { zip($0, $1).map(min) }
    maxima = rows.reduce(first) { zip($0, $1).map(max) }
  }

  /// Ranges that were read from a file.
  init(minima: [Double], maxima: [Double], limits: [Double]) {
    self.minima = minima
    self.maxima = maxima
    self.limits = limits
  }

  /// Scaled features; values outside the range are extrapolated linearly, and constant features
  /// become 0.
  func scaled(_ features: [Double]) -> [Double] {
    features.indices.map { index in
      let width = maxima[index] - minima[index]
      guard width > 0 else { return 0 }
      return limits[0] + (limits[1] - limits[0]) * (features[index] - minima[index]) / width
    }
  }
}
