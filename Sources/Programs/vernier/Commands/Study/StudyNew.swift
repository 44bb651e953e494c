import ArgumentParser
import Files
import Studies

/// Makes an empty study.
struct StudyNew: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "Make an empty study in a new or empty folder.")

  @Argument(help: "The study's folder.")
  var study: String
  @Option(help: "The study's name; the folder's name if not given.")
  var name: String?

  func run() throws {
    try StudyStore.create(study, name: name).close()
    Messages.say("made \(study); add photos with vernier study add \(study) FOLDER")
  }
}
