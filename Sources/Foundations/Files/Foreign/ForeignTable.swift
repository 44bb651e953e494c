public import Domain

/// Tables of votes as pwcmp reads them: `observer,scene,condition_A,condition_B,is_A_selected`.
///
/// What is compared may be spread over several columns, such as `method_A,method_B,level_A,level_B` (ASAP's scheduler) or
/// `dist_type1,dist_type2,dist_level1,dist_level2`; the names are then joined by `_`. The answer is in `is_A_selected` or
/// `selected_A` (1 or 0), in `selected` (1 or 2), or in `chose_1` and `chose_2`.
public enum ForeignTable {
  private static let names = ["observer", "scene", "condition_A", "condition_B", "is_A_selected"]
  private static let firstSelected = ["is_A_selected", "selected_A", "chose_1"]

  /// Reads a table, or a matrix of counts where the file holds numbers alone.
  ///
  /// - Throws: `InputError` for files that are neither, and for bad rows.
  public static func read(
    _ path: String, settings: ImportSettings
  ) throws(InputError) -> ImportedOpinions {
    let bytes = try InputFile.read(path)
    if CountMatrix.isMatrix(bytes) { return try CountMatrix.read(path, settings: settings) }
    let table = try CSVTable(bytes: bytes, file: path)
    var known = settings
    known.columns = settings.columns.filled(from: columns(of: table))
    return try MappedTable(table, settings: known).read()
  }

  /// What a table's own names tell.
  private static func columns(of table: CSVTable) -> VoteColumns {
    var mapping = VoteColumns()
    let compared = table.columns.compactMap { first -> (String, String)? in
      let second = partner(of: first)
      guard let second, table.columns.contains(second), !first.hasPrefix("chose") else {
        return nil
      }
      return (first, second)
    }
    if !compared.isEmpty {
      mapping.columns[.imageA] = compared.map(\.0)
      mapping.columns[.imageB] = compared.map(\.1)
    }
    if let answer = firstSelected.first(where: table.columns.contains) {
      mapping.columns[.choice] = [answer]
      mapping.choices = ["1": .a, "0": .b, "true": .a, "false": .b]
    } else if table.columns.contains("selected") {
      mapping.columns[.choice] = ["selected"]
      mapping.choices = ["1": .a, "2": .b]
    }
    return mapping
  }

  /// The name of the other side's column: `x_A` goes with `x_B`, `x1` with `x2`.
  private static func partner(of name: String) -> String? {
    if name.hasSuffix("_A") { return String(name.dropLast()) + "B" }
    return name.hasSuffix("1") ? String(name.dropLast()) + "2" : nil
  }

  /// Writes votes as a table that pwcmp reads, with `attribute` where there are several.
  ///
  /// - Throws: `InputError` for ties, which the table can't hold, and when the file can't be written.
  public static func write(_ votes: [Judgement], to path: String) throws(InputError) {
    let isMixed = Set(votes.map(\.attribute)).count > 1
    var table = CSVWriter(columns: names + (isMixed ? ["attribute"] : []))
    for vote in votes {
      guard vote.choice != .tie else { throw tie(path) }
      table.append(
        [
          vote.observer.text, vote.scene.text, vote.photoA.text, vote.photoB.text,
          vote.choice == .a ? "1" : "0",
        ] + (isMixed ? [vote.attribute.text] : []))
    }
    try table.write(to: path)
  }

  /// Writes votes with columns of other names; see ``VoteColumns``.
  ///
  /// - Throws: `InputError` for a mapping that joins columns, and when the file can't be written.
  public static func write(
    _ votes: [Judgement], columns: VoteColumns, to path: String
  ) throws(InputError) {
    let parts: [VoteColumns.Part] = [
      .observer, .scene, .attribute, .imageA, .imageB, .choice, .responseMilliseconds,
    ]
    var names: [String] = []
    for part in parts {
      let own = columns.columns[part] ?? [part.rawValue]
      guard own.count == 1 else {
        throw InputError(
          Setting("map"), "\(part.rawValue) is mapped to several columns",
          remedy: "name one column for each part")
      }
      names += own
    }
    var table = CSVWriter(columns: names)
    for vote in votes {
      let choice = columns.choices.filter { $0.value == vote.choice }.map(\.key).min()
      guard let choice = columns.choices.isEmpty ? vote.choice.rawValue : choice else {
        throw tie(path)
      }
      table.append([
        vote.observer.text, vote.scene.text, vote.attribute.text, vote.photoA.text,
        vote.photoB.text, choice, CSVWriter.text(vote.responseMilliseconds),
      ])
    }
    try table.write(to: path)
  }

  /// The last part of a path.
  static func lastPart(_ path: String) -> String {
    path.split(separator: "/").last.map(String.init) ?? path
  }

  /// The error about an answer that a format can't hold.
  static func tie(_ path: String) -> InputError {
    InputError(
      path, "the votes hold ties, for which the format has no place",
      remedy: "leave them out with \(Setting("withoutTies")), or choose a format with ties")
  }
}
