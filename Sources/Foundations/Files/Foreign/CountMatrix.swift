public import Domain

/// Matrices of counts as pwcmp and ASAP take them.
///
/// The number in row i and column j says how often photo i was preferred to photo j. A matrix with a row for each observer
/// holds each observer's matrix flattened column by column.
///
/// Source: the documentation of pwcmp's `pw_scale` and `pw_scale_bootstrp` and of ASAP's `run_asap`.
public enum CountMatrix {
  /// Whether a text starts as a matrix does: with a number, a bracket, or an empty corner beside names.
  static func isMatrix(_ bytes: [UInt8]) -> Bool {
    let start = bytes.drop { $0 <= 0x20 }.prefix(200)
    if let sign = start.firstIndex(of: UInt8(ascii: "=")),
      start[(sign + 1)...].first(where: { $0 > 0x20 }) == UInt8(ascii: "[")
    {
      return true
    }
    guard let first = start.first else { return false }
    return "[,-".utf8.contains(first) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first)
      || String(decoding: start.prefix(3), as: UTF8.self).lowercased() == "nan"
  }

  /// Reads a matrix as votes.
  ///
  /// - Throws: `InputError` for matrices of other shapes, and for what is no count.
  public static func read(
    _ path: String, settings: ImportSettings
  ) throws(InputError) -> ImportedOpinions {
    let matrix = try NumberMatrix(path: path)
    let count = Int(Double(matrix.width).squareRoot().rounded())
    var result = ImportedOpinions()
    if matrix.rows.count == matrix.width {
      let names = try names(matrix, count: matrix.width, settings, path)
      result.notes.append(
        "A matrix of counts doesn't tell observers apart: all votes are of one, «unknown», so that "
          + "intervals can't allow for observers who differ.")
      try add(
        to: &result, observer: ImportedOpinions.unknownObserver, names: names, settings, path
      ) { matrix.rows[$0][$1] }
    } else if count * count == matrix.width, count > 1 {
      let names = try names(matrix, count: count, settings, path)
      for (index, row) in matrix.rows.enumerated() {
        let observer = matrix.rowNames?[index] ?? "\(index + 1)"
        try add(to: &result, observer: ObserverID(observer), names: names, settings, path) {
          row[$1 * count + $0]
        }
      }
    } else {
      throw InputError(
        path, "has \(matrix.rows.count) rows and \(matrix.width) columns of numbers",
        remedy: "give N × N counts, or a row of N × N counts for each observer")
    }
    guard !result.votes.isEmpty else {
      throw InputError(path, "holds no votes", remedy: "give a matrix with counts above 0")
    }
    return result
  }

  private static func names(
    _ matrix: NumberMatrix, count: Int, _ settings: ImportSettings, _ path: String
  ) throws(InputError) -> [PhotoID] {
    let own = [matrix.columnNames, matrix.rows.count == count ? matrix.rowNames : nil]
      .compactMap(\.self).first { $0.count == count }
    let names = settings.photoNames ?? own ?? (1...count).map { "\($0)" }
    guard names.count == count, Set(names).count == count else {
      throw InputError(
        Setting("names"), "there are \(Set(names).count) different names for \(count) photos",
        remedy: "give one name a line, in the order of the rows of \(path)")
    }
    return names.map { PhotoID($0) }
  }

  private static func add(
    to result: inout ImportedOpinions, observer: ObserverID, names: [PhotoID],
    _ settings: ImportSettings, _ path: String, _ count: (Int, Int) -> Double?
  ) throws(InputError) {
    for i in names.indices {
      if let own = count(i, i), own != 0 {
        throw InputError(
          "\(path), photo \(names[i])", "has \(own) votes against itself",
          remedy: "write 0 on the diagonal")
      }
      for j in names.indices.dropFirst(i + 1) {
        let (wins, losses) = (count(i, j) ?? 0, count(j, i) ?? 0)
        let ties = wins.truncatingRemainder(dividingBy: 1) == 0.5 ? 1 : 0
        let halves = 0.5 * Double(ties)
        guard wins >= 0, losses >= 0, let a = Int(exactly: wins - halves),
          let b = Int(exactly: losses - halves), a < 1 << 32, b < 1 << 32,
          result.votes.count + a + b < 50_000_000
        else {
          throw InputError(
            "\(path), photos \(names[i]) and \(names[j])", "\(wins) and \(losses) are no counts",
            remedy: "write whole numbers from 0, or halves on both sides for a tie")
        }
        for (choice, times) in [(Choice.a, a), (.b, b), (.tie, ties)] {
          let vote = Judgement(
            observer: observer, scene: settings.sceneOrAll,
            attribute: settings.attributeOrOverall, photoA: names[i], photoB: names[j],
            choice: choice)
          result.votes.append(contentsOf: repeatElement(vote, count: times))
        }
      }
    }
  }

  /// Writes the votes of one scene and attribute as an N × N matrix of counts, photos in ascending order of name.
  ///
  /// - Returns: the names, in the matrix' order.
  /// - Throws: `InputError` for ties, which counts can't hold, and when the file can't be written.
  public static func write(_ votes: [Judgement], to path: String) throws(InputError) -> [PhotoID] {
    let names = Set(votes.flatMap { [$0.photoA, $0.photoB] }).sorted()
    let place = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
    var counts = [[Int]](repeating: Array(repeating: 0, count: names.count), count: names.count)
    for vote in votes {
      guard let a = place[vote.photoA], let b = place[vote.photoB] else { continue }
      switch vote.choice {
      case .a: counts[a][b] += 1
      case .b: counts[b][a] += 1
      case .tie: throw ForeignTable.tie(path)
      }
    }
    let lines = counts.map { row in row.map { "\($0)" }.joined(separator: ",") + "\n" }
    try AtomicFile.write(lines.joined(), to: path)
    return names
  }
}
