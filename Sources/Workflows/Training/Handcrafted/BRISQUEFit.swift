public import Documents
public import Domain
public import Files
public import HandcraftedModels
public import Pixels

/// Fits BRISQUE's regression to scores.
public struct BRISQUEFit: Sendable {
  /// The points of the grid and how they are cross-validated.
  public var search: BRISQUEGridSearch
  /// The photos with their scores.
  public var data: ScoredPhotos
  /// The file of the scores, for the record.
  public var scores: String
  /// The unit of the model's scores; nil takes the given scores' own.
  public var unit: ScoreUnit?
  /// How photos are read.
  public var decoding = DecodingOptions()
  /// Further settings for the record.
  public var settings: [String: SettingValue] = [:]

  /// Plans a fit.
  public init(_ data: ScoredPhotos, scores: String, search: BRISQUEGridSearch) {
    (self.data, self.scores, self.search) = (data, scores, search)
  }

  /// What came out.
  public struct Outcome: Sendable {
    /// The grid with its errors.
    public let table: TextTable
    /// The number of photos that could not be read.
    public let failures: Int
  }

  /// Fits the model and writes it with its provenance.
  ///
  /// - Parameters:
  ///   - path: the JSON file.
  ///   - observer: hears progress, and of photos that can't be read, which are left out.
  /// - Returns: the grid, and how many photos were left out.
  /// - Throws: `InputError` for settings out of range and too few photos.
  public func run(to path: String, observer: WorkflowObserver = .silent) throws -> Outcome {
    let (features, kept) = features(observer)
    let targets = kept.map { data.scores[$0] }
    let count = search.costs.count * search.gammas.count
    let result = try search.run(
      features: features, targets: targets, groups: kept.map { data.groups[$0] },
      progress: { observer.progress("grid", $0, of: count) })
    var model = result.model
    model.unit = unit ?? data.unit
    try model.save(path)
    var settings = settings
    settings["C"] = .number(result.best.cost)
    settings["gamma"] = .number(result.best.gamma)
    settings["epsilon"] = .number(search.epsilon(for: targets))
    settings["folds"] = .integer(result.folds)
    settings["column"] = .text(data.column)
    settings["crossValidatedMSE"] = .number(result.best.meanSquaredError)
    try FitRecord.write(
      model: path, command: ["fit", "brisque"], seed: search.seed, settings: settings,
      photos: kept.map { data.photos[$0] }, more: [scores])
    observer.message(
      "\(kept.count) photos, \(model.supportVectorCount) support vectors; cross-validated MSE "
        + "\(NumberFormat.fixed(result.best.meanSquaredError, 4)), constant mean: "
        + "\(NumberFormat.fixed(result.baselineError, 4)); model: \(path)")
    if search.isAtEdge(result.best) {
      observer.message(
        "The best point lies at the grid's edge; widen \(Setting("log2-c")) or \(Setting("log2-gamma"))"
      )
    }
    return Outcome(table: table(result), failures: data.photos.count - kept.count)
  }

  /// The features of the photos that can be read, and which those are.
  private func features(_ observer: WorkflowObserver) -> (features: [[Double]], kept: [Int]) {
    var (features, kept) = ([[Double]](), [Int]())
    for (index, photo) in data.photos.enumerated() {
      let found = observer.attempt(photo) {
        try BRISQUE.features(HandcraftedPhotos.grey(photo, reading: decoding))
      }
      if let found {
        features.append(found)
        kept.append(index)
      }
      observer.progress("features", index + 1, of: data.photos.count)
    }
    return (features, kept)
  }

  private func table(_ result: BRISQUEGridSearch.Result) -> TextTable {
    TextTable(
      caption: "\(result.folds)-fold cross-validation, "
        + (data.hasScenes ? "scenes apart" : "photos apart"),
      columns: ["C", "gamma", "MSE", "SRCC", ""],
      rows: result.points.map { point in
        [
          NumberFormat.short(point.cost), NumberFormat.short(point.gamma),
          NumberFormat.fixed(point.meanSquaredError, 4), NumberFormat.fixed(point.spearman, 3),
          point == result.best ? "← best" : "",
        ]
      })
  }
}

extension BRISQUEGridSearch {
  /// Whether a point has the least or the greatest C or gamma of the grid.
  fileprivate func isAtEdge(_ point: Point) -> Bool {
    point.cost == costs.max() || point.cost == costs.min() || point.gamma == gammas.max()
      || point.gamma == gammas.min()
  }
}
