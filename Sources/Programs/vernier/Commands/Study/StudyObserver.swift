import AnnotationService
import ArgumentParser
import Domain
import Studies

/// Takes an observer out of the scale or back in, or ends the access.
struct StudyObserver: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "observer",
    abstract: "Exclude an observer from the scale, include one again, or revoke the access.",
    discussion: """
      Nothing is deleted: excluded votes stay in the study and in votes.jsonl. The owner's page \
      Observers shows what leaving somebody out does to the scale. A running server estimates its \
      scales anew when it starts or gets votes.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Argument(help: "The observer's pseudonym.")
  var pseudonym: String
  @Option(help: "Leave the votes out of the scale, for this reason.")
  var exclude: String?
  @Flag(help: "Count the votes again.")
  var include = false
  @Flag(help: "Make unused invitations worthless and sign out every browser.")
  var revoke = false

  func validate() throws {
    guard exclude != nil || include || revoke, exclude == nil || !include else {
      throw ValidationError("Give --exclude REASON or --include, or --revoke.")
    }
  }

  func run() throws {
    try StudyAccess.read(study) { _ in }
    let opened = try AnnotationStudy.open(study)
    if exclude != nil || include {
      try opened.exclude(pseudonym, reason: exclude)
      Messages.say("\(pseudonym): \(include ? "included" : "excluded")")
    }
    if revoke {
      let count = try opened.revoke(pseudonym)
      Messages.say("\(pseudonym): \(count) invitations and sign-ins revoked")
    }
    try opened.close()
  }
}
