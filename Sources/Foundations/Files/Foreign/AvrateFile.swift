public import Domain

/// The ratings of AVRateNG, as its `convert_ratings_to_csv.py` writes them:
/// `user_ID,stimuli_ID,stimuli_file,rating_type,rating,timestamp` (older: `video_ID`, `video_name`).
///
/// `stimuli_file` is a file's path, or a Python list of one or two. Stimuli of one file are rated; answers on two files are
/// votes, and what they mean must be said. The attribute is the `rating_type` where a file has several.
public enum AvrateFile {
  /// What a row's rating is.
  private enum Content {
    case rating(Double)
    case skipped
    case other
  }

  /// Reads ratings, or votes.
  ///
  /// - Throws: `InputError` for files of another shape, and for answers on two files whose meaning isn't said.
  public static func read(
    _ path: String, settings: ImportSettings
  ) throws(InputError) -> ImportedOpinions {
    let bytes = try InputFile.read(path)
    guard !bytes.starts(with: "SQLite format 3".utf8) else {
      throw InputError(
        path, "is the data base, not the table of ratings",
        remedy: "run AVRateNG's convert_ratings_to_csv.py and give its _ratings.csv")
    }
    let table = try CSVTable(bytes: bytes, file: path)
    let needed = try table.columns(["user_ID", "rating_type", "rating"])
    let file = try table.column(
      ["stimuli_file", "video_name"].first(where: table.columns.contains) ?? "stimuli_file")
    let types = Set(table.rows.map { $0.rawText(needed[1]) }).subtracting(["user_registered"])
    var result = ImportedOpinions()
    var (skipped, others) = (0, 0)
    for row in table.rows where row.rawText(needed[1]) != "user_registered" {
      let observer = ObserverID(try row.text(needed[0]))
      var attribute = settings.attribute ?? .overall
      if settings.attribute == nil, types.count > 1 {
        attribute = Attribute(try row.text(needed[1]))
      }
      let photos = try photos(row, file)
      if photos.count == 2 {
        result.votes.append(
          Judgement(
            observer: observer, scene: settings.sceneOrAll, attribute: attribute,
            photoA: photos[0], photoB: photos[1],
            choice: try choice(row, needed[2], settings.columns)))
        continue
      }
      switch content(row.rawText(needed[2])) {
      case .rating(let value):
        result.ratings.append(
          Rating(
            observer: observer, scene: settings.sceneOrAll, attribute: attribute, photo: photos[0],
            value: value))
      case .skipped: skipped += 1
      case .other: others += 1
      }
    }
    result.note(skipped, "rating was", "ratings were", "skipped by the subject: left out.")
    result.note(others, "row holds", "rows hold", "no number: left out.")
    guard result.votes.isEmpty != result.ratings.isEmpty else {
      throw InputError(
        path, result.votes.isEmpty ? "holds no ratings" : "holds votes and ratings",
        remedy: "give the rows of one kind")
    }
    return result
  }

  /// The files of a stimulus: a path, or a list of one or two as Python prints it.
  private static func photos(
    _ row: CSVRow, _ column: CSVTable.Column
  ) throws(InputError) -> [PhotoID] {
    let text = try row.text(column)
    var paths = [text]
    if text.hasPrefix("[") {
      let list = try PythonLiterals(Array("files = \(text)".utf8), file: text).values["files"]
      paths = list?.members?.compactMap(\.name) ?? []
    }
    guard (1...2).contains(paths.count), paths.allSatisfy({ !$0.isEmpty }),
      Set(paths).count == paths.count
    else {
      throw row.error(
        column, "\(CSVTable.quoted(text)) is neither one file nor two different ones",
        remedy: "give the path of a file, or a list of two")
    }
    return paths.map { PhotoID(ForeignTable.lastPart($0)) }
  }

  private static func content(_ text: String) -> Content {
    guard let value = CSVRow.number(text) else { return .other }
    return value == -1 ? .skipped : .rating(value)
  }

  private static func choice(
    _ row: CSVRow, _ column: CSVTable.Column, _ columns: VoteColumns
  ) throws(InputError) -> Choice {
    let text = try row.text(column)
    guard let choice = columns.choices[text.lowercased()] else {
      throw row.error(
        column, "\(CSVTable.quoted(text)) of two files is no choice by itself",
        remedy: "say which file it prefers, such as \(Setting("choices")) better=b,worse=a")
    }
    return choice
  }
}
