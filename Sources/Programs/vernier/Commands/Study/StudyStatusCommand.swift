import ArgumentParser
import Files
import Foundation
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
    for line in coverage(status.coverage) { print(line) }
    print("")
    TableOutput.show(
      columns: ["attribute", "regions", "missing", "scores"],
      rows: status.attributes.map {
        [$0.attribute, "\($0.regions)", "\($0.missingRegions)", "\($0.scores)"]
      })
  }

  /// What is missing and what is rare, one line a factor.
  private func coverage(_ values: [FactorCoverage]) -> [String] {
    [("missing", FactorCoverage.Standing.missing), ("rare", .rare)].flatMap { title, standing in
      let found = SceneFactor.allCases.compactMap { factor -> String? in
        let own = values.filter { $0.factor == factor && $0.standing == standing }
        let names = own.map { standing == .missing ? $0.value : "\($0)" }
        return names.isEmpty ? nil : "\(factor.rawValue) \(names.joined(separator: ", "))"
      }
      return found.enumerated().map { index, text in
        (index == 0 ? title : "").padding(toLength: 12, withPad: " ", startingAt: 0) + text
      }
    }
  }

  private func groups(_ counts: [String: Int]) -> String {
    let parts = counts.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
    return parts.isEmpty ? "none" : parts.joined(separator: ", ")
  }
}
