public import Domain

/// BRISQUE's regression from features to a score: trained on a data set, or imported.
public struct BRISQUEModel: Equatable, Sendable {
  /// How the regression is trained.
  public struct TrainingSettings: Hashable, Sendable {
    /// The price of an error, libsvm's C.
    public var cost = 1024.0
    /// The kernel's width, libsvm's gamma.
    public var gamma = 0.05
    /// Errors below cost nothing; in the unit of the targets, libsvm's p.
    public var epsilon = 0.1
    /// Where the optimisation stops, libsvm's eps.
    public var tolerance = 0.001

    /// The settings of the published model.
    public init() {}
  }

  private struct File: Codable {
    var format = BRISQUEModel.format
    let range: FeatureRange
    let regression: SupportVectorRegression
    var unit: ScoreUnit?
  }

  private static let format = "vernier-brisque-1"
  private let range: FeatureRange
  private let regression: SupportVectorRegression

  /// The unit of the scores that the model was trained on; nil for an imported one.
  public var unit: ScoreUnit?

  /// The number of support vectors.
  public var supportVectorCount: Int { regression.coefficients.count }

  private init(range: FeatureRange, regression: SupportVectorRegression) {
    self.range = range
    self.regression = regression
  }

  /// Trains on the features of photos and their scores, such as JOD.
  ///
  /// Features are scaled to −1 … 1 over the training set. The score has the unit and the direction
  /// of the targets.
  ///
  /// - Parameters:
  ///   - features: For each photo the 36 numbers of ``BRISQUE/features(_:)``.
  ///   - targets: For each photo its score.
  ///   - settings: Those of libsvm.
  /// - Returns: The model; the same photos always give the same one.
  /// - Throws: `InputError` when there are fewer than 2 photos, numbers are missing or not finite,
  ///   or a setting is out of range.
  public static func train(
    features: [[Double]], targets: [Double], settings: TrainingSettings = TrainingSettings()
  ) throws(InputError) -> Self {
    let subject = "training of BRISQUE"
    guard features.count == targets.count, features.count >= 2 else {
      throw InputError(
        subject, "\(features.count) photos and \(targets.count) scores",
        remedy: "give at least 2 photos and one score for each")
    }
    for (index, row) in features.enumerated()
    where row.count != BRISQUE.featureCount || !(row + [targets[index]]).allSatisfy(\.isFinite) {
      throw InputError(
        "\(subject), photo \(index + 1)", "its features or its score aren't finite numbers",
        remedy: "leave this photo out")
    }
    let range = FeatureRange(covering: features)
    let regression = try SupportVectorRegression.train(
      features.map(range.scaled), targets, settings)
    return Self(range: range, regression: regression)
  }

  /// Imports the authors' files `allmodel` and `allrange`, or others that libsvm has written.
  ///
  /// The authors' model gives 0 for the best and about 100 for the worst photos.
  ///
  /// - Throws: `InputError` when a file can't be read or isn't of libsvm for 36 features.
  public static func importing(model: String, range: String) throws(InputError) -> Self {
    let regression = try LibsvmText.model(model, featureCount: BRISQUE.featureCount)
    return Self(
      range: try LibsvmText.range(range, featureCount: BRISQUE.featureCount),
      regression: regression)
  }

  /// The score of a photo.
  ///
  /// - Throws: `InputError` when the photo is smaller than 16 × 16 pixels or flat.
  public func score(_ grey: GreyPlane) throws(InputError) -> Double {
    try score(features: BRISQUE.features(grey))
  }

  /// The score of a photo's features.
  ///
  /// - Throws: `InputError` when there aren't 36.
  public func score(features: [Double]) throws(InputError) -> Double {
    guard features.count == BRISQUE.featureCount else {
      throw InputError(
        "photo", "\(features.count) features instead of 36", remedy: "give those of BRISQUE")
    }
    return regression.predict(range.scaled(features))
  }

  /// How many of a photo's features lie outside the range of the training photos, by more than a
  /// tenth of it.
  ///
  /// There the regression had no training data, and its score means little.
  public func outsideCount(features: [Double]) -> Int {
    let reach = range.limits.map { abs($0) }.max() ?? 1
    return range.scaled(features).count { abs($0) > 1.2 * reach }
  }

  /// Writes readable JSON.
  ///
  /// - Throws: `InputError` when the file can't be written.
  public func save(_ path: String) throws(InputError) {
    try ModelFile.write(File(range: range, regression: regression, unit: unit), to: path)
  }

  /// Reads what ``save(_:)`` wrote.
  ///
  /// - Throws: `InputError` when it isn't such a file.
  public static func load(_ path: String) throws(InputError) -> Self {
    let file = try ModelFile.decode(File.self, ModelFile.bytes(path), path)
    let sides = [file.range.minima, file.range.maxima] + file.regression.vectors
    guard file.format == format, sides.allSatisfy({ $0.count == BRISQUE.featureCount }),
      file.range.limits.count == 2,
      file.regression.coefficients.count == file.regression.vectors.count
    else {
      throw InputError(
        path, "it is not a BRISQUE model of this program", remedy: "train it or import it again")
    }
    var model = Self(range: file.range, regression: file.regression)
    model.unit = file.unit
    return model
  }
}
