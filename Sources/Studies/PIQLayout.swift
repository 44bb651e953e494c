public import Domain
internal import Files
internal import Foundation

/// The public data set's folder: score files, splits, metadata and one folder of regions for each attribute.
///
/// `Scores_{Details,Exposure,Overall}.csv` with 14 columns, `Device Split.csv` (`IMAGE,SPLIT`), `Scene Split.csv`
/// (`SCENE,SPLIT,NB IMAGES`) and `Image Metadata.csv` (`Image,Device`). Names are compared exactly.
public struct PIQLayout: Sendable {
  /// One row of a score file.
  struct Score: Hashable, Sendable {
    var photo: ScaledPhoto
    var sceneIndex: Int
    /// The fields as they were written, where the program would write them otherwise.
    var spelling: [String]?
  }

  /// One score file.
  struct ScoreTable: Sendable {
    var file: String
    var attribute: Attribute
    var shape: TableShape
    var scores: [Score]
  }

  /// One row of a split or of the metadata.
  struct Entry: Hashable, Sendable {
    var name: String
    var value: String
    var extra: String?
  }

  /// A split or the metadata.
  struct List: Sendable {
    var file: String
    var shape: TableShape
    var entries: [Entry]
  }

  /// The folder.
  public let folder: String
  var scores: [ScoreTable]
  var lists: [List]

  /// The lists with their columns.
  static let listColumns: [(file: String, columns: [String])] = [
    ("Device Split.csv", ["IMAGE", "SPLIT"]),
    ("Scene Split.csv", ["SCENE", "SPLIT", "NB IMAGES"]),
    ("Image Metadata.csv", ["Image", "Device"]),
  ]

  /// The name of an attribute's score file.
  static func scoreFile(_ attribute: Attribute) -> String { "Scores_\(attribute.title).csv" }

  /// Reads the tables of a folder; pictures are not opened.
  ///
  /// - Throws: `InputError` when no score file is there, or one of the tables can't be used.
  public init(_ folder: String) throws(InputError) {
    self.folder = folder
    scores = []
    lists = []
    let names = try FolderListing.entries(of: folder).compactMap(\.name)
    for name in names where name.hasPrefix("Scores_") && name.hasSuffix(".csv") {
      scores.append(
        try Self.readScores(InputFile.read("\(folder)/\(name)"), file: name, in: folder))
    }
    guard !scores.isEmpty else {
      throw InputError(
        folder, "holds no score file", remedy: "give the folder that holds Scores_Details.csv")
    }
    spellConditions()
    for (name, _) in Self.listColumns where names.contains(name) {
      lists.append(try Self.readList(InputFile.read("\(folder)/\(name)"), file: name, in: folder))
    }
  }

  /// A photo has one condition: rows that give another than its first row keep their own spelling.
  private mutating func spellConditions() {
    var first: [ScenePhoto: LightingCondition?] = [:]
    for table in scores.indices {
      for row in scores[table].scores.indices {
        let score = scores[table].scores[row]
        let place = ScenePhoto(scene: score.photo.scene, photo: score.photo.photo)
        let known = first[place] ?? score.photo.condition
        first[place] = known
        guard known != score.photo.condition else { continue }
        scores[table].scores[row].spelling = score.fields(scores[table].attribute)
      }
    }
  }

  /// The photos of all score files, in the order of their first rows, with what the tables say about them.
  public var candidates: [StudyCandidate] {
    let devices = values("Image Metadata.csv")
    let parts = values("Device Split.csv")
    var seen: Set<ScenePhoto> = []
    var result: [StudyCandidate] = []
    for table in scores {
      for score in table.scores {
        let place = ScenePhoto(scene: score.photo.scene, photo: score.photo.photo)
        guard seen.insert(place).inserted else { continue }
        var metadata = PhotoMetadata()
        metadata.condition = score.photo.condition
        metadata.device = devices[place.photo.text]
        metadata.part = parts[place.photo.text].flatMap { SplitPart(rawValue: $0.lowercased()) }
        result.append(
          StudyCandidate(
            path: folder, scene: place.scene, photo: place.photo, metadata: metadata))
      }
    }
    return result
  }

  /// The pictures that the score files name: photo, attribute and path.
  ///
  /// - Returns: the pictures, and one error for each path that leads out of the folder.
  public var pictures: [(place: ScenePhoto, attribute: Attribute, path: Result<String, InputError>)]
  {
    scores.flatMap { table in
      table.scores.map { score in
        let place = ScenePhoto(scene: score.photo.scene, photo: score.photo.photo)
        let path = Result<String, InputError> { () throws(InputError) -> String in
          try ImageFolder(folder).file(at: score.path(table.attribute, table.shape))
        }
        return (place, table.attribute, path)
      }
    }
  }

  private func values(_ file: String) -> [String: String] {
    let entries = lists.first { $0.file == file }?.entries ?? []
    return Dictionary(entries.map { ($0.name, $0.value) }, uniquingKeysWith: { one, _ in one })
  }

  /// Reads a score file from memory.
  static func readScores(
    _ bytes: [UInt8], file: String, in folder: String
  ) throws(InputError) -> ScoreTable {
    let table = try CSVTable(bytes: bytes, file: "\(folder)/\(file)")
    _ = try table.columns(ScoreRows.names)
    let index = try table.column("SCENE IDX")
    let all = table.columns.compactMap { table.column(ifPresent: $0) }
    let parsed = try ScoreRows(table).read(table)
    let attribute = try parsed.singleAttribute(of: table.file)
    guard file == scoreFile(attribute) else {
      throw InputError(
        table.file, "holds scores of \(attribute)", remedy: "name it \(scoreFile(attribute))")
    }
    var scores: [Score] = []
    for (row, known) in zip(table.rows, parsed) {
      let sceneIndex = try row.integer(index, in: 0...1_000_000)
      let written = all.map { row.portableText($0) }
      let ours = ScoreRows.row(known.photo, attribute: attribute, sceneIndex: sceneIndex)
      let isOurs = written == ours && table.columns == ScoreRows.names
      scores.append(
        Score(photo: known.photo, sceneIndex: sceneIndex, spelling: isOurs ? nil : written))
    }
    var shape = TableShape(bytes, columns: table.columns)
    let groups = Dictionary(grouping: scores.map(\.photo), by: \.scene)
    shape.unit = try ScoreRows.unit(of: Array(groups.values), beside: table.file).convention
    return ScoreTable(file: file, attribute: attribute, shape: shape, scores: scores)
  }

  /// Reads a list from memory.
  static func readList(
    _ bytes: [UInt8], file: String, in folder: String
  ) throws(InputError) -> List {
    let table = try CSVTable(bytes: bytes, file: "\(folder)/\(file)")
    let wanted = listColumns.first { $0.file == file }?.columns ?? []
    guard table.columns == wanted else {
      throw InputError(
        table.file, "has the columns \(table.columns.joined(separator: ","))",
        remedy: "write \(wanted.joined(separator: ","))")
    }
    let columns = try table.columns(wanted)
    var entries: [Entry] = []
    var once = OnceOnly<String>()
    for row in table.rows {
      let name = try row.text(columns[0])
      try once.check(name, row, columns[0])
      let value = try row.text(columns[1])
      if file.hasSuffix("Split.csv"), SplitPart(rawValue: value.lowercased()) == nil {
        throw row.error(
          columns[1], "\(CSVTable.quoted(value)) is not a part",
          remedy: "write Train, Valid or Test")
      }
      let extra = columns.count > 2 ? row.rawText(columns[2]) : nil
      entries.append(Entry(name: name, value: value, extra: extra))
    }
    return List(file: file, shape: TableShape(bytes, columns: wanted), entries: entries)
  }
}

extension PIQLayout.Score {
  /// The fields of the row.
  func fields(_ attribute: Attribute) -> [String] {
    spelling ?? ScoreRows.row(photo, attribute: attribute, sceneIndex: sceneIndex)
  }

  /// The picture's path as the row gives it.
  func path(_ attribute: Attribute, _ shape: TableShape) -> String {
    let column = shape.columns.firstIndex(of: "IMAGE PATH") ?? 0
    return fields(attribute)[column]
  }
}
