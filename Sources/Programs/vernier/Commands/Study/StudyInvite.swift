public import AnnotationService
public import ArgumentParser
import Domain
import Files
import Studies

extension StudyRole: ExpressibleByArgument {}

/// Invites people to a study.
struct StudyInvite: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "invite",
    abstract: "Invite observers, or staff, and write their links and letters.",
    discussion: """
      --people is a table with a header: pseudonym, name and email, of which one is enough. --letter \
      is a text in which {name}, {pseudonym}, {link}, {study} and {days} are filled in. --out gets \
      pseudonym,name,email,link,letter, readable by you alone; links are known only then. Names go \
      to the table of keys beside the study, addresses are not stored. A running server accepts the \
      links at once.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Option(help: "The table of people; without it, --number people get random pseudonyms.")
  var people: String?
  @Option(help: "How many people, without a table.")
  var number = 1
  @Option(help: "A text file with the letter.")
  var letter: String?
  @Option(help: "The address of the server, such as https://study.example.org.")
  var origin = "http://localhost:8080"
  @Option(help: "What they may do: owner, operator, reader or observer.")
  var role = StudyRole.observer
  @Option(help: "How many days the links can be used.")
  var days = 14
  @Option(help: "The table to write.")
  var out: String

  func run() throws {
    guard !origin.hasSuffix("/"), origin.hasPrefix("http://") || origin.hasPrefix("https://") else {
      throw InputError(
        "--origin", "«\(origin)» is not an address", remedy: "give https://HOST without a path")
    }
    let invited: [InvitedPerson]
    if let people {
      invited = try InvitationList.people(InputFile.read(people), file: people)
    } else {
      guard (1...1000).contains(number) else {
        throw InputError("--number", "\(number) people can't be invited", remedy: "give 1 to 1,000")
      }
      invited = Array(repeating: InvitedPerson(), count: number)
    }
    var text = ""
    if let letter {
      guard let read = String(validating: try InputFile.read(letter), as: UTF8.self) else {
        throw InputError(letter, "is not UTF-8 text", remedy: "save it as UTF-8")
      }
      text = read
    }
    try StudyAccess.read(study) { _ in }
    let opened = try AnnotationStudy.open(study)
    let made = try opened.invite(invited, letter: text, origin: origin, role: role, days: days)
    try opened.close()
    try PrivateFile.write(Array(InvitationList.table(made).utf8), to: out)
    Messages.say("\(made.count) invitations, valid for \(days) days: \(out)")
  }
}
