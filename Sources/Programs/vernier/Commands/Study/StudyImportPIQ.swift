import ArgumentParser
import Domain
import Files
import Foundation
import Studies
import StudyImportWorkflow

/// Takes a data set in PIQ23's public layout into a study.
struct StudyImportPIQ: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import-piq", abstract: "Import a data set in PIQ23's public layout into a study.",
    discussion: """
      DIR holds Scores_Details.csv, Scores_Exposure.csv and Scores_Overall.csv (any of them), \
      Device Split.csv, Scene Split.csv, Image Metadata.csv, and the folders Details, Exposure and \
      Overall. Missing pictures are listed in STUDY/missing.csv and are not an error. Running it \
      again imports what is missing.
      """)

  @Argument(help: "The data set's folder.")
  var dir: String
  @Option(help: "The study's folder; created if it does not exist.")
  var out: String
  @OptionGroup var reading: PhotoReadingOptions

  func run() throws {
    let (layout, reading) = (try PIQLayout(dir), try reading.decoding())
    if !FileManager.default.fileExists(atPath: "\(out)/study.sqlite") {
      try StudyStore.create(out).close()
    }
    try StudyAccess.change(out) { study in
      let (added, refused) = try study.take(layout)
      for error in refused { Messages.say("Error: \(error)") }
      let line = SharedProgress("taking pictures", total: layout.pictures.count)
      defer { line.finish() }
      let report = try PublicPictures.take(
        layout, into: study, reading: reading, progress: { done, _ in line.update(done) },
        onFault: { line.say("Error: \($0)") })
      line.finish()
      try list(report.missing)
      Messages.say(
        "\(added) photos, \(report.added) pictures added, \(report.known) known, "
          + "\(report.missing.count) missing, \(report.refused.count + refused.count) refused")
      if !report.refused.isEmpty || !refused.isEmpty { throw ExitCode.failure }
    }
  }

  private func list(_ missing: [String]) throws {
    let path = "\(out)/missing.csv"
    guard !missing.isEmpty else {
      try? FileManager.default.removeItem(atPath: path)
      return
    }
    var table = CSVWriter(columns: ["IMAGE"])
    for image in missing { table.append([image]) }
    try table.write(to: path)
    Messages.say("Note: the missing pictures are listed in \(path)")
  }
}
