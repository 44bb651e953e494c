public import Domain

/// One score of a model as a file gives it: the photo may be a path, and its scene may be missing.
public struct ModelScoreRow: Hashable, Sendable {
  /// The photo as the file names it.
  public let photo: String
  /// The scene, if the file states it.
  public let scene: SceneID?
  /// The attribute, if the file names it.
  public let attribute: Attribute?
  /// The model's name, if the file names it.
  public let model: String?
  /// The SHA-256 of the model's weights, if the file states it.
  public let modelSHA256: String?
  /// The unit of the score, if the file names it.
  public let unit: ScoreUnit?
  /// The score.
  public let score: Double
  /// The standard deviation of the score over crops, if the file gives it.
  public let spread: Double?
  /// The ends of the model's own interval, if the file gives them.
  public let interval: ConfidenceInterval?
  /// Whether the model calls the photo unlike those that it learned from.
  public let isOutside: Bool
  /// The row in the file, for errors.
  public let row: Int

  /// Takes a score that no file holds.
  public init(_ score: PhotoScore, scene: SceneID) {
    (photo, self.scene, attribute) = (score.photo, scene, score.attribute)
    (model, modelSHA256, unit) = (score.model, score.modelSHA256, score.unit)
    (self.score, spread) = (score.score, score.spread)
    interval = score.low.flatMap { low in
      score.high.map { ConfidenceInterval(low: low, high: $0) }
    }
    (isOutside, row) = (score.isOutside == true, 0)
  }

  fileprivate init(
    photo: String, scene: SceneID?, attribute: Attribute?, model: String?, modelSHA256: String?,
    unit: ScoreUnit?, score: Double, spread: Double?, interval: ConfidenceInterval?,
    isOutside: Bool, row: Int
  ) {
    (self.photo, self.scene, self.attribute) = (photo, scene, attribute)
    (self.model, self.modelSHA256, self.unit) = (model, modelSHA256, unit)
    (self.score, self.spread, self.interval) = (score, spread, interval)
    (self.isOutside, self.row) = (isOutside, row)
  }
}

/// A file of a model's scores, in any layout that this laboratory or the data set uses.
///
/// Understood are, by their columns:
/// - `photo,score` as `vernier score --csv` writes (`scene`, `attribute`, `model`, `model_sha256`,
///   `unit`, `spread`, `low`, `high` and `outside` may be there),
/// - `photo,predicted` as `predictions.csv` of a run,
/// - `IMAGE,SCORE` as the challenge's submissions,
/// - `IMAGE,SCENE,JOD` as the data set's `Scores_<Attribute>.csv`, whose `JOD` then is the model's
///   score.
public enum ModelScoresFile {
  /// Reads every score, in the order of the file.
  ///
  /// - Throws: `InputError` that names the file, the row and the column.
  public static func read(_ path: String) throws(InputError) -> [ModelScoreRow] {
    try read(CSVTable(path: path))
  }

  /// Reads every score of a table.
  public static func read(_ table: CSVTable) throws(InputError) -> [ModelScoreRow] {
    func first(_ names: [String]) -> CSVTable.Column? {
      names.lazy.compactMap { table.column(ifPresent: $0) }.first
    }
    guard let photo = first(["photo", "IMAGE", "image"]),
      let score = first(["score", "SCORE", "predicted", "JOD"])
    else {
      throw InputError(
        table.file,
        "holds no scores of photos (it has: \(CSVTable.quoted(table.columns.joined(separator: ", "))))",
        remedy: "give a file with photo,score or photo,predicted or IMAGE,SCORE or IMAGE,SCENE,JOD")
    }
    let scene = first(["scene", "SCENE"])
    let attribute = first(["attribute", "ATTRIBUTE"])
    let (model, spread) = (first(["model", "MODEL"]), first(["spread", "SPREAD"]))
    let (unit, digest) = (first(["unit"]), first(["model_sha256"]))
    let (low, high, outside) = (first(["low"]), first(["high"]), first(["outside"]))
    func text(_ column: CSVTable.Column?, _ row: CSVRow) -> String? {
      guard let column else { return nil }
      let text = row.rawText(column)
      return text.isEmpty ? nil : text
    }
    var rows: [ModelScoreRow] = []
    rows.reserveCapacity(table.rowCount)
    for row in table.rows {
      let deviation = try row.optionalNumber(spread)
      if let spread, let deviation, deviation < 0 {
        throw row.error(spread, "is negative", remedy: "write 0 or more")
      }
      rows.append(
        ModelScoreRow(
          photo: try row.text(photo), scene: text(scene, row).map { SceneID($0) },
          attribute: text(attribute, row).map { Attribute($0) }, model: text(model, row),
          modelSHA256: text(digest, row),
          unit: text(unit, row).map { ScoreUnit(text: $0) },
          score: try row.number(score), spread: deviation,
          interval: try interval(row, low, high), isOutside: text(outside, row) == "yes",
          row: row.number))
    }
    guard !rows.isEmpty else {
      throw InputError(table.file, "holds no scores", remedy: "score some photos first")
    }
    return rows
  }

  private static func interval(
    _ row: CSVRow, _ low: CSVTable.Column?, _ high: CSVTable.Column?
  ) throws(InputError) -> ConfidenceInterval? {
    guard let highColumn = high, let low = try row.optionalNumber(low),
      let high = try row.optionalNumber(high)
    else { return nil }
    if low > high {
      throw row.error(highColumn, "is below low", remedy: "exchange the two")
    }
    return ConfidenceInterval(low: low, high: high)
  }
}
