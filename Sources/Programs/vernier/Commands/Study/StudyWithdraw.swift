import ArgumentParser
import Files
import Studies

/// Removes a person from a study.
struct StudyWithdraw: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "withdraw", abstract: "Remove a person: photos, regions, scores and votes.",
    discussion: """
      A record of the pseudonym and of the removed files' hashes is kept, so that they are never \
      added again. Files that were written elsewhere (exports, backups, reports, trained models) \
      are not changed; delete them yourself.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Option(help: "The person's pseudonym.")
  var person: String

  func run() throws {
    try StudyAccess.change(study) { opened in
      let report = try opened.withdraw(person: person)
      Messages.say(
        "\(report.photos.count) photos, \(report.regions) regions, \(report.scores) scores, "
          + "\(report.votes) votes and \(report.files) files removed"
          + (report.isRepeated ? " (this person had withdrawn before)" : ""))
      Messages.say("Note: exports, backups and models made earlier are not reached from here")
    }
  }
}
