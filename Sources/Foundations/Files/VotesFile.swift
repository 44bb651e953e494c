public import Domain

/// The file of judgements, `votes.csv`: `observer,scene,attribute,image_a,image_b,choice[,response_ms]`.
///
/// `choice` is `a`, `b` or `tie`; `response_ms` may be absent or empty.
public enum VotesFile {
  private static let names = ["observer", "scene", "attribute", "image_a", "image_b", "choice"]
  private static let responseName = "response_ms"

  /// Reads every judgement, in the order of the file.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - allowsSelfVotes: whether a photo may be compared with itself, as pwcmp's published scales need it.
  /// - Returns: the judgements.
  /// - Throws: `InputError` that names the file, the row and the column.
  public static func read(
    _ path: String, allowsSelfVotes: Bool = false
  ) throws(InputError) -> [Judgement] {
    try read(CSVTable(path: path), allowsSelfVotes: allowsSelfVotes)
  }

  /// Reads every judgement of a table.
  public static func read(
    _ table: CSVTable, allowsSelfVotes: Bool = false
  ) throws(InputError) -> [Judgement] {
    let column = try table.columns(names)
    let response = table.column(ifPresent: responseName)
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
          column[5], "\(CSVTable.quoted(row.rawText(column[5]))) is no choice",
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
          choice: choice, responseMilliseconds: milliseconds))
    }
    guard !judgements.isEmpty else {
      throw InputError(table.file, "holds no votes", remedy: "add a row for each judgement")
    }
    return judgements
  }

  /// Writes judgements; the column `response_ms` is there when any of them was timed.
  public static func write(_ judgements: [Judgement], to path: String) throws(InputError) {
    let timed = judgements.contains { $0.responseMilliseconds != nil }
    var table = CSVWriter(columns: timed ? names + [responseName] : names)
    for vote in judgements {
      var row = [
        vote.observer.text, vote.scene.text, vote.attribute.text, vote.photoA.text,
        vote.photoB.text, vote.choice.rawValue,
      ]
      if timed { row.append(CSVWriter.text(vote.responseMilliseconds)) }
      table.append(row)
    }
    try table.write(to: path)
  }
}
