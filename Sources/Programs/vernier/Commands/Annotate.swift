import AnnotationService
import ArgumentParser
import Domain

/// Serves the annotation application of a study.
struct Annotate: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Serve a study's annotation application: experts compare portraits in a browser.",
    discussion: """
      Prints a local address with an owner link, which works once. The owner makes invitations, observers compare with \
      two arrow keys, the scale grows with its intervals. STUDY is a folder; it is made if it isn't there.
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Option(help: "The port on this machine.")
  var port = 8080
  @Option(help: "The viewing check: strict, advisory or off; the study's own setting if not given.")
  var gate: String?
  @Option(help: "The address that observers use, when a reverse proxy with TLS stands in front.")
  var publicOrigin: String?

  func run() async throws {
    // Start from the stored settings, so that other settings of the study survive.
    let stored = try AnnotationStudy.open(study)
    var settings = stored.settings
    try stored.close()
    if let gate {
      guard let wanted = AnnotationSettings.Gate(rawValue: gate) else {
        throw InputError(
          "--gate", "«\(gate)» is not a gate", remedy: "give strict, advisory or off")
      }
      settings.gate = wanted
    }
    let opened = try AnnotationStudy.open(study, settings: settings)
    var server = AnnotationServerSettings()
    server.publicOrigin = publicOrigin
    server.trustsProxy = publicOrigin != nil
    let owner = try opened.invite(isOwner: true).token
    let origin = publicOrigin
    try await AnnotationServer.run(opened, port: port, settings: server) { port in
      print("\(origin ?? "http://localhost:\(port)")/i/\(owner)")
    }
  }
}
