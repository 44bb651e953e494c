import AnnotationService
import ArgumentParser
import Domain
import Files
import Studies

/// Writes a study's content for others.
struct StudyExport: ParsableCommand {
  /// The layouts that can be written.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case piq, manifest, votes, jsonl, arena, p910
  }

  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write a study in PIQ23's layout, its photos with a manifest, or its votes.",
    discussion: """
      piq: the score files, splits and metadata, and a folder of regions for each attribute; what \
      import-piq read is written back byte for byte. manifest: photos/SCENE/NAME and manifest.csv, \
      from which vernier study add restores the same photos.

      votes: votes.csv, the votes that count with everything known of each (view, scale, screen, \
      check, guidelines, how the pair was chosen), which vernier scale reads. jsonl: votes.jsonl, \
      every vote that was ever cast, practice and voided ones too. arena: battles as JSON. p910: \
      opinions on pairs after ITU-T P.910. Each with codebook.csv, which explains every column.

      Photos without consent for the purpose are left out and listed in left-out.csv; the terms of \
      use go with the export as TERMS-OF-USE.txt.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Option(help: "piq, manifest, votes, jsonl, arena or p910.")
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

  func validate() throws {
    guard purpose != .identification else {
      throw ValidationError("Photos are not given to others to find out who is shown.")
    }
  }

  func run() throws {
    if let format = VoteExportFormat(rawValue: format.rawValue) { return try writeVotes(format) }
    let permission = ExportPermission(
      purpose: purpose, exception: allowUnconfirmedConsent,
      terms: try terms.map { String(decoding: try InputFile.read($0), as: UTF8.self) })
    try StudyAccess.read(study) { opened in
      let line = SharedProgress("writing", total: try opened.photos().count)
      defer { line.finish() }
      let report =
        switch format {
        case .piq: try opened.exportPIQ(to: out, permission) { done, _ in line.update(done) }
        default: try opened.exportManifest(to: out, permission) { done, _ in line.update(done) }
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

  private func writeVotes(_ format: VoteExportFormat) throws {
    guard try StudyAccess.read(study, { try $0.status().votes }) > 0 else {
      throw InputError(study, "holds no votes", remedy: "collect some with vernier annotate")
    }
    let opened = try AnnotationStudy.open(study)
    let text = try opened.export(format)
    try opened.close()
    try AtomicFile.makeFolder(out)
    try AtomicFile.write(opened.codebook(), to: "\(out)/codebook.csv")
    try AtomicFile.write(text, to: "\(out)/\(format.fileName)")
    Messages.say("\(format.fileName) and codebook.csv: \(out)")
  }
}
