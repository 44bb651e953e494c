public import Domain
import Files
import Foundation
import NIOConcurrencyHelpers

/// Who the pseudonyms are: `STUDY-keys.csv`, beside the study's folder and readable by its owner
/// alone.
///
/// It is apart on purpose: neither a copy of the study nor any page or export of the program
/// carries a name.
public final class KeyTable: Sendable {
  /// The path of the file.
  public let path: String
  private let lock = NIOLockedValueBox(())

  init(besideStudy folder: String) {
    var name = folder
    while name.count > 1, name.hasSuffix("/") { name.removeLast() }
    path = name + "-keys.csv"
  }

  private static let columns = ["pseudonym", "name"]

  /// Keeps who a pseudonym is; an empty name changes nothing.
  ///
  /// - Throws: `InputError` when the file can't be written, or the name has more than 200
  ///   characters.
  public func keep(_ name: String, for pseudonym: ObserverID) throws {
    guard !name.isEmpty else { return }
    guard name.count <= 200 else {
      throw InputError("name", "it has more than 200 characters", remedy: "shorten it")
    }
    try change { rows in
      rows.removeAll { $0.first == pseudonym.text }
      rows.append([pseudonym.text, name])
    }
  }

  /// Forgets who a pseudonym is.
  ///
  /// - Throws: `InputError` when the file can't be written.
  public func forget(_ pseudonym: ObserverID) throws {
    guard FileManager.default.fileExists(atPath: path) else { return }
    try change { rows in rows.removeAll { $0.first == pseudonym.text } }
  }

  private func change(_ edit: (inout [[String]]) -> Void) throws {
    try lock.withLockedValue { _ in
      var rows: [[String]] = []
      if FileManager.default.fileExists(atPath: path) {
        let table = try CSVTable(path: path)
        let names = try table.columns(Self.columns)
        rows = table.rows.map { row in names.map { row.rawText($0) } }
      }
      edit(&rows)
      var table = CSVWriter(columns: Self.columns)
      for row in rows { table.append(row) }
      try PrivateFile.write(table.bytes, to: path)
    }
  }
}
