public import Domain

/// The file of judgements, `votes.csv`:
/// `observer,scene,attribute,image_a,image_b,choice[,response_ms][,criterion,batch]`.
///
/// `choice` is `a`, `b` or `tie`; the other columns may be absent or empty. `criterion` and `batch`
/// say how the pair was chosen, as `vernier next-pairs` prints them.
public enum VotesFile {
  static let names = ["observer", "scene", "attribute", "image_a", "image_b", "choice"]
  static let responseName = "response_ms"
  static let criterionName = "criterion"
  static let batchName = "batch"

  /// Reads every judgement, in the order of the file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - allowsSelfVotes: whether a photo may be compared with itself, as pwcmp's published scales
  ///     need it.
  ///   - observer: hears how many rows repeat an earlier one.
  /// - Returns: the judgements.
  /// - Throws: `InputError` that names the file, the row and the column.
  public static func read(
    _ path: String, allowsSelfVotes: Bool = false, observer: WorkflowObserver = .silent
  ) throws(InputError) -> [Judgement] {
    let table = try CSVTable(path: path)
    let judgements = try read(table, allowsSelfVotes: allowsSelfVotes)
    let repeated = RepeatedRows(table, timed: table.column(ifPresent: responseName))
    if let repeated { observer.note(repeated.remark) }
    return judgements
  }

  /// Reads the votes of every scene and attribute, both ascending: ``SceneJudgements/grouping(_:)``
  /// of every judgement.
  ///
  /// Plain files are read without a judgement of its own for each row: ten million votes take about
  /// a second.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - allowsSelfVotes: whether a photo may be compared with itself.
  ///   - observer: hears how many rows repeat an earlier one.
  /// - Returns: the votes of each scene and attribute.
  /// - Throws: `InputError` that names the file, the row and the column.
  public static func scenes(
    _ path: String, allowsSelfVotes: Bool = false, observer: WorkflowObserver = .silent
  ) throws(InputError) -> [SceneJudgements] {
    let bytes = try InputFile.read(path, maximumBytes: CSVTable.maximumBytes)
    if let (scenes, repeats) = PlainVotes.scenes(bytes, allowsSelfVotes: allowsSelfVotes) {
      if let repeated = RepeatedRows(repeats, file: path) { observer.note(repeated.remark) }
      return scenes
    }
    let table = try CSVTable(bytes: bytes, file: path)
    let judgements = try read(table, allowsSelfVotes: allowsSelfVotes)
    let repeated = RepeatedRows(table, timed: table.column(ifPresent: responseName))
    if let repeated { observer.note(repeated.remark) }
    return SceneJudgements.grouping(judgements)
  }

  /// Reads every judgement of a table.
  public static func read(
    _ table: CSVTable, allowsSelfVotes: Bool = false
  ) throws(InputError) -> [Judgement] {
    let column = try table.columns(names)
    let response = table.column(ifPresent: responseName)
    let criterion = table.column(ifPresent: criterionName)
    let batch = table.column(ifPresent: batchName)
    var judgements: [Judgement] = []
    judgements.reserveCapacity(table.rowCount)
    for row in table.rows {
      let (a, b) = (try row.text(column[3]), try row.text(column[4]))
      if a == b, !allowsSelfVotes {
        throw row.error(
          column[4], "a photo is compared with itself", remedy: "name two different photos")
      }
      guard let choice = Choice(rawValue: row.rawText(column[5]).lowercased()) else {
        throw row.error(
          column[5], "\(CSVTable.quoted(row.rawText(column[5]))) is not a choice",
          remedy: "write a, b or tie")
      }
      let milliseconds = try row.optionalNumber(response)
      if let response, let milliseconds, milliseconds < 0 {
        throw row.error(response, "is negative", remedy: "write milliseconds or leave it empty")
      }
      judgements.append(
        Judgement(
          observer: ObserverID(try row.text(column[0])), scene: SceneID(try row.text(column[1])),
          attribute: Attribute(try row.text(column[2])), photoA: PhotoID(a), photoB: PhotoID(b),
          choice: choice, responseMilliseconds: milliseconds,
          origin: try origin(row, criterion: criterion, batch: batch)))
    }
    guard !judgements.isEmpty else {
      throw InputError(table.file, "holds no votes", remedy: "add a row for each judgement")
    }
    return judgements
  }

  /// How a row's pair was chosen; nil where the row does not say.
  private static func origin(
    _ row: CSVRow, criterion: CSVTable.Column?, batch: CSVTable.Column?
  ) throws(InputError) -> PairOrigin? {
    guard let criterion, !row.rawText(criterion).isEmpty else { return nil }
    guard let chosen = PairCriterion(rawValue: row.rawText(criterion)) else {
      let names = PairCriterion.allCases.map(\.rawValue).joined(separator: ", ")
      throw row.error(
        criterion, "\(CSVTable.quoted(row.rawText(criterion))) does not choose pairs",
        remedy: "write \(names), or leave it empty")
    }
    guard chosen.isAdaptive else {
      return PairOrigin(criterion: chosen, batch: batch.flatMap { Int(row.rawText($0)) } ?? 0)
    }
    guard let batch, let number = Int(row.rawText(batch)) else {
      throw row.error(
        batch ?? criterion, "the batch of the pair is missing",
        remedy:
          "copy the columns criterion and batch from `vernier next-pairs`, or leave both empty")
    }
    return PairOrigin(criterion: chosen, batch: number)
  }

  /// Writes judgements; the column `response_ms` is there when any of them was timed, `criterion`
  /// and `batch` when the origin of any pair is known.
  public static func write(_ judgements: [Judgement], to path: String) throws(InputError) {
    let timed = judgements.contains { $0.responseMilliseconds != nil }
    let known = judgements.contains { $0.origin != nil }
    var table = CSVWriter(
      columns: names + (timed ? [responseName] : [])
        + (known ? [criterionName, batchName] : []))
    for vote in judgements {
      var row = [
        vote.observer.text, vote.scene.text, vote.attribute.text, vote.photoA.text,
        vote.photoB.text, vote.choice.rawValue,
      ]
      if timed { row.append(CSVWriter.text(vote.responseMilliseconds)) }
      if known {
        row += [vote.origin?.criterion.rawValue ?? "", vote.origin.map { "\($0.batch)" } ?? ""]
      }
      table.append(row)
    }
    try table.write(to: path)
  }
}
