import ArgumentParser
import Files
import Studies

/// Shows what a study holds.
struct StudyStatusCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "status", abstract: "Show a study's photos, regions, scores and consent.")

  @Argument(help: "The study's folder.")
  var study: String
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let status = try StudyAccess.read(study) { try $0.status() }
    guard !json else { return print(try CanonicalJSON.line(status)) }
    print("study       \(status.name), \(TableOutput.bytes(status.bytes))")
    print(
      "photos      \(status.photos) in \(status.scenes) scenes, \(status.devices) devices, "
        + "\(status.references) references")
    if status.derived > 0 {
      print("            \(status.derived) of them were made from references")
    }
    let regionsOnly = status.photos - status.originals - status.derived
    if regionsOnly > 0 { print("            \(regionsOnly) of them are known by regions only") }
    print("conditions  \(groups(status.conditions))")
    print("people      \(status.persons), \(status.withdrawn) withdrawn")
    if status.faceGroups > 0 {
      print("            \(status.faceGroups) groups of faces wait for review")
    }
    print("consent     \(groups(status.consent))")
    print("votes       \(status.votes)")
    print("")
    TableOutput.show(
      columns: ["attribute", "regions", "missing", "scores"],
      rows: status.attributes.map {
        [$0.attribute, "\($0.regions)", "\($0.missingRegions)", "\($0.scores)"]
      })
  }

  private func groups(_ counts: [String: Int]) -> String {
    let parts = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }
}
