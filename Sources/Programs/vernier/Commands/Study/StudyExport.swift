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

      Photos without consent for the purpose are left out and listed in left-out.csv; the terms of \
      use go with the export as TERMS-OF-USE.txt.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Option(help: "piq or manifest.")
  var format: Format
  @Option(help: "The folder to write to.")
  var out: String
  @Option(help: "What the photos are for: annotation, training or publication.")
  var purpose = ConsentPurpose.publication
  @Option(
    help: """
      Include photos without consent for the purpose on record; give the reason, which the study \
      keeps.
      """)
  var allowUnconfirmedConsent: String?
  @Option(help: "A text file with the terms of use, in place of the standard ones.")
  var terms: String?

  func run() throws {
    let permission = ExportPermission(
      purpose: purpose, exception: allowUnconfirmedConsent,
      terms: try terms.map { String(decoding: try InputFile.read($0), as: UTF8.self) })
    try StudyAccess.read(study) { opened in
      let line = SharedProgress("writing", total: try opened.photos().count)
      defer { line.finish() }
      let report =
        switch format {
        case .piq: try opened.exportPIQ(to: out, permission) { done, _ in line.update(done) }
        case .manifest:
          try opened.exportManifest(to: out, permission) { done, _ in line.update(done) }
        }
      line.finish()
      for image in report.missing { Messages.say("Note: \(image) is not in the study") }
      if !report.leftOut.isEmpty {
        Messages.say(
          "Note: \(report.leftOut.count) photos without consent for \(purpose.rawValue) are left "
            + "out: \(out)/left-out.csv")
      }
      Messages.say("\(report.tables.count) tables and \(report.pictures) pictures: \(out)")
    }
  }
}
