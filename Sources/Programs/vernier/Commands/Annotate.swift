import AnnotationService
import ArgumentParser
import Domain
import Foundation
import Studies

/// Serves the annotation application of a study.
struct Annotate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve a study's annotation application: experts compare portraits in a browser.",
    discussion: """
      Prints a local address with an owner link, which works once. The owner makes invitations, \
      observers compare with two arrow keys, and the scale and its intervals are updated as votes \
      arrive. STUDY is a study's folder, or one with a regions.csv; --new creates one. Its \
      regions.csv, golden.csv and cross-set.csv are imported automatically, also when they change \
      while the study is served. A study is served by one server at a time.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Flag(help: "Make the study if the folder holds none.")
  var new = false
  @Option(
    name: .customLong("import"),
    help: """
      A regions.csv (SCENE,IMAGE,ATTRIBUTE,REGION), or a folder with one folder of pictures per \
      scene. May be repeated.
      """)
  var imports: [String] = []
  @Option(help: "The attribute that observers judge in an imported folder.")
  var attribute = "overall"
  @Option(help: "Pairs with a known answer: scene,attribute,better,worse.")
  var golden: String?
  @Option(help: "Photos to be compared across scenes, as vernier cross-set prints them.")
  var crossSet: String?
  @Flag(help: "Import and stop; a running server picks up the new photos.")
  var importOnly = false
  @Option(
    help: """
      Show photos although no consent for annotation is on record; give the reason, which the \
      study keeps.
      """)
  var allowUnconfirmedConsent: String?
  @Option(help: "The port on this machine.")
  var port = 8080
  @Option(help: "The viewing check: strict, advisory or off; the study's own setting if not given.")
  var gate: String?
  @Option(
    help: "Another setting of the study, NAME=VALUE, such as blockSeconds=300. May be repeated.")
  var set: [String] = []
  @Option(
    help: "The address that observers use when the server runs behind a reverse proxy with TLS.")
  var publicOrigin: String?
  @Option(help: "Also write the owner's link to this file, which only you may read.")
  var ownerLinkFile: String?

  func run() async throws {
    guard new || StudyStore.exists(in: study) || AnnotationStudy.holdsList(study) else {
      throw InputError(
        study, "is not a study and holds no regions.csv",
        remedy: "check the path, or give --new too")
    }
    // Start from the stored settings, so that other settings of the study survive.
    let stored = try AnnotationStudy.open(study)
    let settings = try stored.settings.changing(changes())
    try stored.close()
    let opened = try AnnotationStudy.open(study, settings: settings)
    if let reason = allowUnconfirmedConsent {
      try opened.store.recordException(
        for: .annotation, reason: reason,
        photos: try opened.store.unconfirmed(for: .annotation).count)
    }
    try await take(into: opened)
    try checkConsent(opened.store)
    if importOnly { return }
    var server = AnnotationServerSettings(limitsOf: opened.settings)
    server.publicOrigin = publicOrigin
    server.trustsProxy = publicOrigin != nil
    let owner = try opened.invite(isOwner: true).token
    let (origin, file) = (publicOrigin, ownerLinkFile)
    try await AnnotationServer.run(opened, port: port, settings: server) { port in
      let link = "\(origin ?? "http://localhost:\(port)")/i/\(owner)\n"
      Messages.say("Open the owner's page, make invitations; stop with Control-C.")
      // Not print: it would keep the line back where standard output is a file or a pipe.
      try? FileHandle.standardOutput.write(contentsOf: Data(link.utf8))
      guard let file else { return }
      do {
        try PrivateFile.write(Array(link.utf8), to: file)
      } catch {
        Messages.say("Error: \(error)")
      }
    }
  }

  /// Refuses to show photos whose consent was lost after they were taken.
  private func checkConsent(_ store: StudyStore) throws {
    let shown = try store.shownUnconfirmed()
    let exceptions = try store.consentExceptions()
    guard let first = shown.first, !exceptions.contains(where: { $0.purpose == .annotation }) else {
      return
    }
    throw InputError(
      "\(study): \(first.place.crossName)",
      "\(first.reason), and observers would see it (\(shown.count) photos in all)",
      remedy: "withdraw the person, add the consent with vernier study describe, or give "
        + "--allow-unconfirmed-consent REASON")
  }

  private func changes() throws -> [String: String] {
    var values: [String: String] = [:]
    for text in set {
      let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
      guard parts.count == 2 else {
        throw InputError("--set", "«\(text)» is not NAME=VALUE", remedy: "write blockSeconds=300")
      }
      values[parts[0]] = parts[1]
    }
    if let gate {
      guard AnnotationSettings.Gate(rawValue: gate) != nil else {
        throw InputError(
          "--gate", "«\(gate)» is not a gate", remedy: "give strict, advisory or off")
      }
      values["gate"] = gate
    }
    return values
  }

  /// Imports what was named and what the folder holds; names every row that cannot be used.
  private func take(into study: AnnotationStudy) async throws {
    var refused: [InputError] = []
    var report = try await study.addOwnLists()
    for path in imports {
      var isFolder: ObjCBool = false
      _ = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      let read =
        isFolder.boolValue
        ? ReadRows(
          rows: try RegionsFile.pictures(ofFolder: path, attribute: Attribute(attribute)))
        : try RegionsFile.read(path)
      let more = try study.add(read.rows)
      report.added += more.added
      report.unconfirmed += more.unconfirmed
      report.known += more.known
      refused += read.refused + more.refused
    }
    if let golden { refused += try study.addGoldenPairs(golden) }
    if let crossSet { refused += try study.addCrossSet(crossSet) }
    for problem in report.refused + refused { Messages.say("Not imported: \(problem)") }
    if report.unconfirmed > 0 {
      Messages.say(
        "Note: \(report.unconfirmed) regions are left out, because no consent for annotation is "
          + "on record; add it with vernier study describe, or give "
          + "--allow-unconfirmed-consent REASON")
    }
    if report.added + report.known > 0 {
      Messages.say("Regions: \(report.added) new, \(report.known) known.")
    }
    // A list that the caller named must be imported whole, else a script would not notice.
    if importOnly, !refused.isEmpty {
      throw InputError("--import", "\(refused.count) rows were not imported", remedy: "see above")
    }
  }
}
