import ArgumentParser
import Domain
import Files
import Foundation

/// What a person reads: everything goes to standard error, so that standard output stays
/// machine-readable.
enum Messages {
  /// Prints one line to standard error.
  static func say(_ line: String) {
    let text = Setting.spelled(line, as: Flags.flag)
    FileHandle.standardError.write(Data((text + "\n").utf8))
  }

  /// An error in one line that names what it is about.
  static func text(_ error: any Error, of subject: String) -> String {
    let text = Flags.text(error)
    return text.contains(subject) ? text : "\(subject): \(text)"
  }

  /// Prints a table on standard output as CSV.
  static func show(_ table: CSVWriter) {
    print(String(decoding: table.bytes, as: UTF8.self), terminator: "")
  }
}

/// Work on many things where one bad thing must not stop the others.
struct Batch {
  private var failures = 0

  /// Runs the work on one thing; an error is printed as one line and counted.
  ///
  /// - Parameters:
  ///   - subject: named in front of errors that don't name it themselves.
  ///   - work: what to do.
  mutating func attempt(_ subject: String, _ work: () throws -> Void) {
    do {
      try work()
    } catch {
      failures += 1
      Messages.say("Error: \(Messages.text(error, of: subject))")
    }
  }

  /// Ends the command with exit code 1 if something failed.
  func finish(of total: Int, _ what: String) throws {
    try Self.finish(failures, of: total, what)
  }

  /// Ends the command with exit code 1 if something failed.
  static func finish(_ failures: Int, of total: Int, _ what: String) throws {
    guard failures > 0 else { return }
    Messages.say("\(failures) of \(total) \(what) failed")
    throw ExitCode.failure
  }
}
