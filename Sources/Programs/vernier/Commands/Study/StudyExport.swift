import ArgumentParser
import Files
import Studies

/// Writes a study's content for others.
struct StudyExport: ParsableCommand {
  /// The layouts that can be written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case piq, manifest
  }

  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a study in PIQ23's layout, or its photos with a manifest.",
    discussion: """
      piq: the score files, splits and metadata, and a folder of regions for each attribute; what \
      import-piq read is written back byte for byte. manifest: photos/SCENE/NAME and manifest.csv, \
      from which vernier study add restores the same photos.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Option(help: "piq or manifest.")
  var format: Format
  @Option(help: "The folder to write to.")
  var out: String

  func run() throws {
    try StudyAccess.read(study) { opened in
      let line = SharedProgress("writing", total: try opened.photos().count)
      defer { line.finish() }
      let report =
        switch format {
        case .piq: try opened.exportPIQ(to: out) { done, _ in line.update(done) }
        case .manifest: try opened.exportManifest(to: out) { done, _ in line.update(done) }
        }
      line.finish()
      for image in report.missing { Messages.say("Note: \(image) is not in the study") }
      Messages.say("\(report.tables.count) tables and \(report.pictures) pictures: \(out)")
    }
  }
}
