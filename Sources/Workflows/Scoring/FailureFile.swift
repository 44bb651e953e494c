import Domain
import Files
import Foundation

/// The photos that a job couldn't score, beside its result.
public enum FailureFile {
  /// Where the list of a result lies.
  public static func path(beside result: String) -> String { "\(result).errors.csv" }

  /// Writes `photo,error`.
  ///
  /// - Throws: `InputError` when it can't be written.
  public static func write(
    _ failures: [(photo: String, reason: String)], beside result: String
  ) throws {
    var table = CSVWriter(columns: ["photo", "error"])
    for failure in failures { table.append([failure.photo, failure.reason]) }
    try table.write(to: path(beside: result))
  }

  /// Removes the list that an earlier run left.
  public static func remove(beside result: String) { unlink(path(beside: result)) }
}
