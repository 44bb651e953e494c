import ArgumentParser
import Files
import Studies

/// Examines a study.
struct StudyVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check every file's hash, every row, and that withdrawals hold.",
    discussion: """
      Every file is read. Damage is reported and the exit code is 1. Files that nothing refers to, \
      such as those of an unfinished import, are reported as notes; --clean removes them.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Flag(help: "Remove files that nothing refers to.")
  var clean = false

  func run() throws {
    if clean {
      let count = try StudyAccess.change(study) { try $0.clean() }
      Messages.say("\(count) files removed")
    }
    let result = try StudyAccess.read(study) { opened in
      let line = SharedProgress("verifying", total: 100)
      defer { line.finish() }
      return try opened.verify { done, all in line.update(100 * done / max(1, all)) }
    }
    for note in result.notes { Messages.say("Note: \(note)") }
    for line in result.damage { Messages.say("Error: \(line)") }
    Messages.say(
      "\(result.files) files read, \(result.damage.count) faults, \(result.notes.count) notes")
    if !result.damage.isEmpty { throw ExitCode.failure }
  }
}
