import ArgumentParser
import Files
import Studies

/// Copies a study.
struct StudyBackup: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup", abstract: "Copy a study to a new folder, also while it is in use.",
    discussion: """
      The database is copied by SQLite's online backup, each file is checked against its hash, and \
      the folder is renamed last, so it is complete or absent. A backup made before a withdrawal \
      still contains the person's photos; delete it.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Option(help: "The new folder.")
  var out: String

  func run() throws {
    try StudyAccess.read(study) { opened in
      let line = SharedProgress("copying", total: 1)
      defer { line.finish() }
      let count = try opened.backUp(to: out) { done, all in line.update(100 * done / max(1, all)) }
      line.finish()
      Messages.say("\(count) files and the database: \(out)")
    }
  }
}
