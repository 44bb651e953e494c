public import Domain

/// A model's score of one photo beside the observers' scale: a row of `predictions.csv`.
public struct PredictionRow: Hashable, Sendable {
  /// The prediction.
  public let prediction: Prediction
  /// The lower and upper end of the model's interval, if it gives one.
  public let interval: ConfidenceInterval?

  /// Makes a row.
  public init(_ prediction: Prediction, interval: ConfidenceInterval? = nil) {
    self.prediction = prediction
    self.interval = interval
  }
}

/// The file of a model's scores, `predictions.csv`:
/// `photo,scene,split,measured,predicted,low,high,unit`.
///
/// `low` and `high` are empty where the model gives no interval. Version 0.1.0 wrote no `unit`.
public enum PredictionsFile {
  private static let names = ["photo", "scene", "split", "measured", "predicted", "low", "high"]

  /// Reads every row, in the order of the file.
  ///
  /// - Throws: `InputError` that names the file, the row and the column.
  public static func read(_ path: String) throws(InputError) -> [PredictionRow] {
    let table = try CSVTable(path: path)
    let column = try table.columns(names)
    var rows: [PredictionRow] = []
    rows.reserveCapacity(table.rowCount)
    for row in table.rows {
      guard let part = SplitPart(rawValue: row.rawText(column[2])) else {
        throw row.error(
          column[2], "\(CSVTable.quoted(row.rawText(column[2]))) is not a part",
          remedy: "write train, valid or test")
      }
      let prediction = Prediction(
        photo: PhotoID(try row.text(column[0])), scene: SceneID(try row.text(column[1])),
        part: part, measured: try row.number(column[3]),
        predicted: try row.number(column[4]))
      let ends = (try row.optionalNumber(column[5]), try row.optionalNumber(column[6]))
      switch ends {
      case (nil, nil): rows.append(PredictionRow(prediction))
      case (let low?, let high?) where low <= high:
        rows.append(
          PredictionRow(prediction, interval: ConfidenceInterval(low: low, high: high)))
      default:
        throw row.error(
          column[6], "low and high are not an interval", remedy: "give both, low first, or neither")
      }
    }
    return rows
  }

  /// Writes rows.
  ///
  /// - Parameters:
  ///   - rows: the predictions.
  ///   - unit: the unit of the measured and the predicted scores.
  ///   - path: the file.
  /// - Throws: `InputError` when it can't be written.
  public static func write(
    _ rows: [PredictionRow], unit: ScoreUnit, to path: String
  ) throws(InputError) {
    var table = CSVWriter(columns: names + ["unit"])
    for row in rows {
      let prediction = row.prediction
      table.append([
        prediction.photo.text, prediction.scene.text, prediction.part.rawValue,
        CSVWriter.text(prediction.measured), CSVWriter.text(prediction.predicted),
        CSVWriter.text(row.interval?.low), CSVWriter.text(row.interval?.high),
        unit.text,
      ])
    }
    try table.write(to: path)
  }
}
