public import Domain

/// Which columns of a table hold a vote's or a rating's parts, for tables that name them in their own way.
///
/// ```swift
/// let columns = try VoteColumns(["observer=worker_id,image_a=left,image_b=right", "choice=answer"], ["1=a", "2=b"])
/// ```
public struct VoteColumns: Hashable, Sendable {
  /// A part of a vote or rating, by the name that `votes.csv` and `ratings.csv` give its column.
  public enum Part: String, CaseIterable, Sendable {
    /// Who judged.
    case observer
    /// The scene.
    case scene
    /// What was judged.
    case attribute
    /// The photo shown as A.
    case imageA = "image_a"
    /// The photo shown as B.
    case imageB = "image_b"
    /// The answer.
    case choice
    /// The time to the answer, in milliseconds.
    case responseMilliseconds = "response_ms"
    /// The photo that was rated.
    case image
    /// The rating.
    case rating
  }

  /// The columns of each part; the texts of several are joined by `_`.
  public var columns: [Part: [String]] = [:]
  /// What each text of the choice's column means, by the text in lower case.
  public var choices: [String: Choice] = [:]

  /// Maps nothing: columns have the names of `votes.csv`.
  public init() {}

  /// Reads a mapping.
  ///
  /// - Parameters:
  ///   - columns: lists such as `observer=worker_id,image_a=type1+level1`; `+` joins columns.
  ///   - choices: lists such as `left=a,right=b,same=tie`.
  /// - Throws: `InputError` for unknown parts and for entries without `=`.
  public init(_ columns: [String], _ choices: [String] = []) throws(InputError) {
    for (name, value) in try Self.entries(columns, of: "map") {
      guard let part = Part(rawValue: name) else {
        let known = Part.allCases.map(\.rawValue).joined(separator: ", ")
        throw InputError(
          Setting("map"), "\(CSVTable.quoted(name)) is no part of a vote",
          remedy: "map \(known), such as observer=worker_id")
      }
      self.columns[part] = value.split(separator: "+").map(String.init)
    }
    for (text, name) in try Self.entries(choices, of: "choices") {
      guard let choice = Choice(rawValue: name.lowercased()) else {
        throw InputError(
          Setting("choices"), "\(CSVTable.quoted(name)) is no choice",
          remedy: "write which text means what, such as left=a,right=b,same=tie")
      }
      self.choices[text.lowercased()] = choice
    }
  }

  private static func entries(
    _ lists: [String], of setting: String
  ) throws(InputError) -> [(String, String)] {
    var entries: [(String, String)] = []
    for entry in lists.flatMap({ $0.split(separator: ",") }) {
      let parts = entry.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw InputError(
          Setting(setting), "\(CSVTable.quoted(String(entry))) has no =",
          remedy: "write name=value, several with commas between")
      }
      entries.append((parts[0], parts[1]))
    }
    return entries
  }

  /// The same mapping, with another one's entries where it has none.
  func filled(from other: VoteColumns) -> VoteColumns {
    var copy = self
    copy.columns.merge(other.columns) { own, _ in own }
    if choices.isEmpty { copy.choices = other.choices }
    return copy
  }
}
