import ArgumentParser
import Domain
import Files
import Studies

/// Says more about photos that a study has.
struct StudyDescribe: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Add information about photos of a study: person, consent, device …",
    discussion: """
      MANIFEST has the columns of vernier study add. A photo is found by scene and name (or the \
      file name in image); the image file is not needed. An empty field changes nothing.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Argument(help: "The manifest.")
  var manifest: String

  func run() throws {
    let list = try StudyManifest.read(manifest)
    for note in list.notes { Messages.say("Note: \(note)") }
    try StudyAccess.change(study) { opened in
      var batch = Batch()
      var updated = 0
      for error in list.refused { batch.attempt(manifest) { throw error } }
      for candidate in list.candidates {
        batch.attempt(manifest) {
          if try opened.describe(candidate, subject: manifest) == .updated { updated += 1 }
        }
      }
      try opened.refreshRegionsTable()
      let total = list.candidates.count + list.refused.count
      Messages.say("\(updated) of \(total) photos were described anew")
      try batch.finish(of: total, "rows")
    }
  }
}
