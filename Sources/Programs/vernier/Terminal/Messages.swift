import ArgumentParser
import Domain
import Foundation

/// What a person reads: everything goes to standard error, so that standard output stays machine-readable.
enum Messages {
  /// Prints one line to standard error.
  static func say(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
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
      let text = "\(error)"
      Messages.say("Error: \(text.contains(subject) ? text : "\(subject): \(text)")")
    }
  }

  /// Ends the command with exit code 1 if something failed.
  func finish(of total: Int, _ what: String) throws {
    guard failures > 0 else { return }
    Messages.say("\(failures) of \(total) \(what) failed")
    throw ExitCode.failure
  }
}
