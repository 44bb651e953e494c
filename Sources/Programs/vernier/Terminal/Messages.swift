import ArgumentParser
import Foundation

/// What a person reads: everything goes to standard error, so that standard output stays machine-readable.
enum Messages {
  /// Prints one line to standard error.
  static func say(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
  }
}

/// Work on many files where one bad file must not stop the others.
struct Batch {
  private var failures = 0

  /// Runs the work on one item; an error is printed as one line and counted.
  mutating func attempt(_ work: () throws -> Void) {
    do {
      try work()
    } catch {
      failures += 1
      Messages.say("vernier: \(error)")
    }
  }

  /// Ends the command with exit code 1 if an item failed.
  func finish(of total: Int, _ what: String) throws {
    guard failures > 0 else { return }
    Messages.say("vernier: \(failures) of \(total) \(what) failed")
    throw ExitCode.failure
  }
}
