import ArgumentParser
import Domain
import Files
import Foundation
import Studies
import StudyImportWorkflow

/// Takes photos into a study.
struct StudyAdd: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "add",
    abstract: "Add photos to a study from a folder per scene or a manifest.",
    discussion: """
      SOURCE is a folder that holds one folder for each scene, a folder of one scene (with \
      --scene), or a CSV file with the columns image and scene and any of name, device, brand, \
      lens, mode, iso, exposure, condition, skin_type, lighting, distance, person, consent, \
      purposes, split, reference. Photos are copied. Camera, lens, ISO and exposure come from EXIF unless the \
      manifest gives them. A file that cannot be added is reported; the others are added, and the \
      exit code is 1. Running it again adds what is missing and applies a changed manifest.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Argument(help: "A folder or a manifest.")
  var source: String
  @Option(help: "All photos of the folder show this scene.")
  var scene: String?
  @Flag(help: "The photos are high-quality references, such as those of a DSLR camera.")
  var reference = false
  @OptionGroup var reading: PhotoReadingOptions
  @Option(help: "The number of threads; one for each processor if not given.")
  var threads: Int?

  func run() throws {
    var list = try candidates()
    if reference {
      for index in list.candidates.indices where list.candidates[index].metadata.isReference == nil
      {
        list.candidates[index].metadata.isReference = true
      }
    }
    for note in list.notes { Messages.say("Note: \(note)") }
    let reading = try reading.decoding()
    try StudyAccess.change(study) { opened in
      let line = SharedProgress("taking photos", total: list.candidates.count)
      defer { line.finish() }
      let report = try StudyImport.run(
        list, into: opened, reading: reading, threads: threads, progress: { line.update($0) },
        onFault: { line.say("Error: \($0)") })
      line.finish()
      try opened.refreshRegionsTable()
      for path in report.leftAlone { Messages.say("Note: \(path) is not a photo") }
      PhotoNotes.sayGainMaps(report.gainMaps)
      Messages.say(
        "\(report.added) photos added, \(report.known) known, \(report.updated) updated, "
          + "\(report.refused.count) refused"
          + (report.leftAlone.isEmpty ? "" : ", \(report.leftAlone.count) files passed over"))
      if !report.refused.isEmpty { throw ExitCode.failure }
    }
  }

  private func candidates() throws -> CandidateList {
    var isFolder: ObjCBool = false
    _ = FileManager.default.fileExists(atPath: source, isDirectory: &isFolder)
    if isFolder.boolValue { return try SceneFolders.list(source, scene: scene.map { SceneID($0) }) }
    guard scene == nil else {
      throw InputError("--scene", "is for folders", remedy: "write the scenes into the manifest")
    }
    return try StudyManifest.read(source)
  }
}
