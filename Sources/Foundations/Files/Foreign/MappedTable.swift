public import Domain

/// Reads votes or ratings from a table whose columns are mapped; see ``VoteColumns``.
public struct MappedTable {
  private let table: CSVTable
  private let settings: ImportSettings
  private var columns: [VoteColumns.Part: [CSVTable.Column]] = [:]

  /// Finds the columns; unmapped parts are in the columns of their own names, where the table has them.
  ///
  /// - Throws: `InputError` for mapped columns that the table lacks.
  public init(_ table: CSVTable, settings: ImportSettings) throws(InputError) {
    (self.table, self.settings) = (table, settings)
    for part in VoteColumns.Part.allCases {
      if let names = settings.columns.columns[part] {
        columns[part] = try table.columns(names)
      } else if let own = table.column(ifPresent: part.rawValue) {
        columns[part] = [own]
      }
    }
  }

  /// Reads every row.
  ///
  /// - Throws: `InputError` for tables that hold neither votes nor ratings, and for bad rows.
  public func read() throws(InputError) -> ImportedOpinions {
    var result = ImportedOpinions()
    let isVotes = columns[.choice] != nil && columns[.imageA] != nil && columns[.imageB] != nil
    guard isVotes || columns[.image] != nil && columns[.rating] != nil else {
      let found = table.columns.joined(separator: ", ")
      throw InputError(
        table.file, "holds no mapped votes or ratings (columns: \(CSVTable.quoted(found)))",
        remedy: "map image_a, image_b and choice, or image and rating, with \(Setting("map"))")
    }
    var selfVotes = 0
    for row in table.rows {
      if isVotes {
        let vote = try vote(row)
        if vote.photoA == vote.photoB { selfVotes += 1 } else { result.votes.append(vote) }
      } else {
        result.ratings.append(try rating(row))
      }
    }
    guard !result.votes.isEmpty || !result.ratings.isEmpty else {
      throw InputError(
        table.file, "holds no \(isVotes ? "votes" : "ratings")", remedy: "give a table with rows")
    }
    result.note(selfVotes, "row compares", "rows compare", "a photo with itself: left out.")
    if columns[.observer] == nil {
      result.notes.append(
        "No column tells observers apart: all rows are of one, «unknown», so that intervals can't "
          + "allow for observers who differ.")
    }
    return result
  }

  private func vote(_ row: CSVRow) throws(InputError) -> Judgement {
    let (a, b) = (try text(.imageA, row) ?? "", try text(.imageB, row) ?? "")
    let time = try row.optionalNumber(columns[.responseMilliseconds]?.first)
    if let column = columns[.responseMilliseconds]?.first, let time, time < 0 {
      throw row.error(column, "is negative", remedy: "write milliseconds or leave it empty")
    }
    return Judgement(
      observer: try observer(row), scene: try scene(row), attribute: try attribute(row),
      photoA: PhotoID(a), photoB: PhotoID(b), choice: try choice(row, a, b),
      responseMilliseconds: time)
  }

  private func rating(_ row: CSVRow) throws(InputError) -> Rating {
    guard let column = columns[.rating]?.first else {
      throw row.error("has no rating", remedy: "map the column rating")
    }
    return Rating(
      observer: try observer(row), scene: try scene(row), attribute: try attribute(row),
      photo: PhotoID(try text(.image, row) ?? ""), value: try row.number(column))
  }

  private func observer(_ row: CSVRow) throws(InputError) -> ObserverID {
    try text(.observer, row).map { ObserverID($0) } ?? ImportedOpinions.unknownObserver
  }

  private func scene(_ row: CSVRow) throws(InputError) -> SceneID {
    try text(.scene, row).map { SceneID($0) } ?? settings.sceneOrAll
  }

  private func attribute(_ row: CSVRow) throws(InputError) -> Attribute {
    try text(.attribute, row).map { Attribute($0) } ?? settings.attributeOrOverall
  }

  /// The text of a part, of several columns joined; nil for a part without a column.
  private func text(_ part: VoteColumns.Part, _ row: CSVRow) throws(InputError) -> String? {
    guard let columns = columns[part] else { return nil }
    var texts: [String] = []
    for column in columns { texts.append(try row.text(column)) }
    return texts.joined(separator: "_")
  }

  /// What a row's answer means: as mapped, else `a`, `b`, `tie` or the chosen photo's name.
  private func choice(_ row: CSVRow, _ a: String, _ b: String) throws(InputError) -> Choice {
    guard let column = columns[.choice]?.first, let text = try text(.choice, row) else {
      throw row.error("has no choice", remedy: "map the column choice")
    }
    if !settings.columns.choices.isEmpty {
      if let choice = mapped(text) { return choice }
      let known = settings.columns.choices.keys.sorted().joined(separator: ", ")
      throw row.error(
        column, "\(CSVTable.quoted(text)) is none of \(known)",
        remedy: "say what it means with \(Setting("choices"))")
    }
    let byName: Choice? = a == b ? nil : text == a ? .a : text == b ? .b : nil
    let byLetter = Choice(rawValue: text.lowercased())
    if let byName, let byLetter, byName != byLetter {
      throw row.error(
        column, "\(CSVTable.quoted(text)) is the name of a photo and a side",
        remedy: "say what it means with \(Setting("choices"))")
    }
    if let choice = byName ?? byLetter { return choice }
    throw row.error(
      column, "\(CSVTable.quoted(text)) is no choice",
      remedy: "say which text means what, such as \(Setting("choices")) 1=a,0=b")
  }

  /// A text's mapped meaning; numbers are compared as numbers, so that `1.0` is `1`.
  private func mapped(_ text: String) -> Choice? {
    let choices = settings.columns.choices
    if let choice = choices[text.lowercased()] { return choice }
    guard let number = CSVRow.number(text) else { return nil }
    return choices.first { CSVRow.number($0.key) == number }?.value
  }
}
