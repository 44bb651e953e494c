public import Domain
internal import Files
internal import Foundation
internal import GRDB

extension StudyStore {
  /// Takes the tables of a data set in the public layout: photos, scores, splits and devices, in
  /// one transaction.
  ///
  /// Photos of people who withdrew are left out. Scores and lists that the study has already are
  /// replaced.
  ///
  /// - Returns: the number of photos that are new, and the error of each photo that was left out.
  public func take(_ layout: PIQLayout) throws -> (added: Int, refused: [InputError]) {
    try write { db in
      var added = 0
      var refused: [InputError] = []
      var rows: [ScenePhoto: Int64] = [:]
      for candidate in layout.candidates {
        do {
          let place = ScenePhoto(scene: candidate.scene, photo: candidate.photo)
          let (id, isNew) = try Self.place(db, candidate)
          rows[place] = id
          if isNew { added += 1 }
        } catch let error as InputError {
          refused.append(error)
        }
      }
      for table in layout.scores { try Self.keep(db, table, rows) }
      for list in layout.lists { try Self.keep(db, list) }
      return (added, refused)
    }
  }

  /// The row of a data set's photo, made when the study lacks it.
  private static func place(
    _ db: Database, _ candidate: StudyCandidate
  ) throws -> (id: Int64, isNew: Bool) {
    let subject = "\(candidate.scene)/\(candidate.photo)"
    if let fault = CandidateList.fault(
      scene: candidate.scene.text, photo: candidate.photo.text, subject: subject)
    {
      throw fault
    }
    let row = try Row.fetchOne(
      db, sql: "SELECT * FROM study_photo WHERE scene = ? AND name = ?",
      arguments: [candidate.scene.text, candidate.photo.text])
    if let row {
      let photo = try StudyPhoto(row)
      try update(db, photo, candidate.metadata)
      return (photo.id, false)
    }
    try insert(db, candidate, nil, candidate.metadata)
    return (db.lastInsertedRowID, true)
  }

  private static func keep(
    _ db: Database, _ table: PIQLayout.ScoreTable, _ rows: [ScenePhoto: Int64]
  ) throws {
    try db.execute(
      sql: "INSERT OR IGNORE INTO study_attribute VALUES (?, 0, 2500000, '')",
      arguments: [table.attribute.text])
    try keep(db, shape: table.shape, of: table.file)
    try db.execute(
      sql: "DELETE FROM study_score WHERE attribute = ?", arguments: [table.attribute.text])
    let statement = try db.makeStatement(
      sql: "INSERT INTO study_score VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    for (position, score) in table.scores.enumerated() {
      let photo = score.photo
      guard let id = rows[ScenePhoto(scene: photo.scene, photo: photo.photo)] else { continue }
      try statement.execute(arguments: [
        id, table.attribute.text, position, photo.score, photo.standardDeviation,
        photo.interval.low, photo.interval.high, photo.level, photo.cluster,
        photo.comparisons, score.sceneIndex, try score.spelling.map { try CanonicalJSON.line($0) },
      ])
    }
  }

  private static func keep(_ db: Database, _ list: PIQLayout.List) throws {
    try keep(db, shape: list.shape, of: list.file)
    try db.execute(sql: "DELETE FROM study_list_row WHERE list = ?", arguments: [list.file])
    let statement = try db.makeStatement(
      sql: "INSERT INTO study_list_row VALUES (?, ?, ?, ?, ?)")
    for (position, entry) in list.entries.enumerated() {
      try statement.execute(
        arguments: [list.file, position, entry.name, entry.value, entry.extra])
    }
  }

  private static func keep(_ db: Database, shape: TableShape, of file: String) throws {
    try db.execute(
      sql: "INSERT OR REPLACE INTO study_list VALUES (?, ?)",
      arguments: [file, try CanonicalJSON.line(shape)])
  }

  /// The score tables and lists as they came, without withdrawn photos.
  func publicTables() throws -> (scores: [PIQLayout.ScoreTable], lists: [PIQLayout.List]) {
    try read { db in
      var scores: [PIQLayout.ScoreTable] = []
      var lists: [PIQLayout.List] = []
      let shapes = try Row.fetchAll(db, sql: "SELECT name, shape FROM study_list ORDER BY name")
      for row in shapes {
        let (file, text): (String, String) = (row["name"], row["shape"])
        let shape = try JSONDecoder().decode(TableShape.self, from: Data(text.utf8))
        if PIQLayout.listColumns.contains(where: { $0.file == file }) {
          lists.append(
            PIQLayout.List(file: file, shape: shape, entries: try Self.entries(db, file)))
        } else {
          let attribute = Attribute(String(file.dropFirst("Scores_".count).dropLast(".csv".count)))
          scores.append(
            PIQLayout.ScoreTable(
              file: file, attribute: attribute, shape: shape,
              scores: try Self.scores(db, attribute)))
        }
      }
      return (scores, lists)
    }
  }

  private static func entries(_ db: Database, _ file: String) throws -> [PIQLayout.Entry] {
    let rows = try Row.fetchAll(
      db, sql: "SELECT name, value, extra FROM study_list_row WHERE list = ? ORDER BY position",
      arguments: [file])
    var entries = rows.map {
      PIQLayout.Entry(name: $0["name"], value: $0["value"], extra: $0["extra"])
    }
    guard file == "Scene Split.csv" else { return entries }
    // After a withdrawal the number of images is what is left.
    let isWhole = try Int.fetchOne(db, sql: "SELECT count(*) FROM study_tombstone") == 0
    guard !isWhole else { return entries }
    for index in entries.indices {
      let count = try Int.fetchOne(
        db, sql: "SELECT count(*) FROM study_photo WHERE scene = ?",
        arguments: [entries[index].name])
      entries[index].extra = "\(count ?? 0)"
    }
    return entries
  }

  private static func scores(_ db: Database, _ attribute: Attribute) throws -> [PIQLayout.Score] {
    let rows = try Row.fetchAll(
      db,
      sql: """
        SELECT s.*, p.scene, p.name, p.condition FROM study_score s
        JOIN study_photo p ON p.id = s.photo WHERE s.attribute = ? ORDER BY s.position
        """, arguments: [attribute.text])
    return try rows.map { row in
      let spelling: String? = row["spelling"]
      return PIQLayout.Score(
        photo: ScaledPhoto(
          photo: PhotoID(row["name"]), scene: SceneID(row["scene"]), score: row["jod"],
          standardDeviation: row["deviation"],
          interval: ConfidenceInterval(low: row["low"], high: row["high"]),
          comparisons: row["comparisons"], level: row["level"], cluster: row["cluster"],
          condition: (row["condition"] as String?).flatMap(LightingCondition.init)),
        sceneIndex: row["scene_index"],
        spelling: try spelling.map {
          try JSONDecoder().decode([String].self, from: Data($0.utf8))
        })
    }
  }
}
