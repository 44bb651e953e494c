internal import Domain

/// Reads a votes file of the plainest form fast, straight into votes by index.
///
/// Plain is: comma-separated, without quotes, spaces around names or doubtful rows. At anything
/// else it gives up, and the slower reader, which knows every form and every error, reads the file
/// from its start. So this one needs no errors of its own, and accepts nothing that the other
/// refuses.
struct PlainVotes {
  /// The scenes of a file, and its repeated rows among the first ``checkedRows``; nil when it is
  /// not plain.
  static func scenes(
    _ bytes: [UInt8], allowsSelfVotes: Bool
  ) -> (scenes: [SceneJudgements], repeats: RepeatSearch)? {
    bytes.withUnsafeBufferPointer { buffer in
      guard var scan = PlainVotes(buffer, allowsSelfVotes: allowsSelfVotes) else { return nil }
      var number = 1
      while !scan.cursor.isAtEnd {
        number += 1
        if scan.cursor.skipLineBreak() { continue }
        guard scan.takeRow() else { return nil }
        if scan.repeats.rows < checkedRows { scan.lookForRepeats(number) }
      }
      return scan.votes.scenes().map { ($0, scan.repeats) }
    }
  }

  /// Larger files are looked through for repeated rows up to here: a memory of every row takes
  /// longer than reading.
  private static let checkedRows = 1_000_000

  private var cursor: PlainFields
  private let columns: PlainVoteColumns
  private let allowsSelfVotes: Bool
  private var fields: [PlainFields.Field]
  private var votes = VotesByIndex()
  private var repeats = RepeatSearch()

  private init?(_ buffer: UnsafeBufferPointer<UInt8>, allowsSelfVotes: Bool) {
    var cursor = PlainFields(buffer)
    while cursor.skipLineBreak() {}
    var fields: [PlainFields.Field] = []
    while fields.count < 64 {
      guard let field = cursor.next() else { return nil }
      fields.append(field)
      if field.endsRow { break }
    }
    guard fields.last?.endsRow ?? false, fields.allSatisfy({ !$0.isWide }) else { return nil }
    let names = fields.map { [cursor] in cursor.text($0) ?? "" }
    guard Set(names).count == names.count, let columns = PlainVoteColumns(names) else { return nil }
    self.cursor = cursor
    self.columns = columns
    self.allowsSelfVotes = allowsSelfVotes
    self.fields = fields
    votes.hasTimes = columns.time != nil
    votes.hasOrigins = columns.criterion != nil
  }

  private mutating func takeRow() -> Bool {
    for column in fields.indices {
      guard let field = cursor.next(), field.endsRow == (column == fields.count - 1) else {
        return false
      }
      fields[column] = field
    }
    for column in columns.others where fields[column].isWide { return false }
    guard let scene = votes.scenesByName.index(cursor, fields[columns.scene]),
      let attribute = votes.attributesByName.index(cursor, fields[columns.attribute]),
      let observer = votes.observersByName.index(cursor, fields[columns.observer]),
      let a = votes.photosByName.index(cursor, fields[columns.a]),
      let b = votes.photosByName.index(cursor, fields[columns.b]), a != b || allowsSelfVotes,
      let choice = cursor.choice(fields[columns.choice])
    else { return false }
    votes.add(scene: scene, attribute: attribute, observer: observer, a: a, b: b, choice: choice)
    return takeTime() && takeOrigin()
  }

  private mutating func lookForRepeats(_ number: Int) {
    var hash: UInt64 = 0
    for field in fields {
      hash = (hash ^ (cursor.hash(field) &+ UInt64(field.count))) &* 0x9E37_79B9_7F4A_7C15
      hash ^= hash >> 29
    }
    repeats.add(
      hash, isTimed: columns.time.map { fields[$0].count > 0 } ?? false, number: number)
  }

  private mutating func takeTime() -> Bool {
    guard let time = columns.time else { return true }
    guard fields[time].count > 0 else {
      votes.addTime(nil)
      return true
    }
    guard let text = cursor.text(fields[time]), let value = CSVRow.number(text), value >= 0 else {
      return false
    }
    votes.addTime(value)
    return true
  }

  private mutating func takeOrigin() -> Bool {
    guard let criterion = columns.criterion else { return true }
    guard fields[criterion].count > 0 else {
      votes.addOrigin(nil)
      return true
    }
    guard let name = cursor.text(fields[criterion]), let chosen = PairCriterion(rawValue: name)
    else { return false }
    guard chosen.isAdaptive else {
      let batch = columns.batch.flatMap { cursor.text(fields[$0]) }.flatMap { Int($0) }
      votes.addOrigin(PairOrigin(criterion: chosen, batch: batch ?? 0))
      return true
    }
    guard let batch = columns.batch, let text = cursor.text(fields[batch]), let number = Int(text)
    else { return false }
    votes.addOrigin(PairOrigin(criterion: chosen, batch: number))
    return true
  }
}

/// Where the columns of a votes file stand.
private struct PlainVoteColumns {
  let observer: Int
  let scene: Int
  let attribute: Int
  let a: Int
  let b: Int
  let choice: Int
  let time: Int?
  let criterion: Int?
  let batch: Int?
  /// The columns that nobody reads, or reads as plain text.
  let others: [Int]

  init?(_ names: [String]) {
    let needed = VotesFile.names.compactMap { names.firstIndex(of: $0) }
    guard needed.count == VotesFile.names.count else { return nil }
    (observer, scene, attribute) = (needed[0], needed[1], needed[2])
    (a, b, choice) = (needed[3], needed[4], needed[5])
    time = names.firstIndex(of: VotesFile.responseName)
    criterion = names.firstIndex(of: VotesFile.criterionName)
    batch = names.firstIndex(of: VotesFile.batchName)
    others = names.indices.filter { !needed.contains($0) }
  }
}
