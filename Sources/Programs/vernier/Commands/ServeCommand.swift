import ArgumentParser
import Domain
import Foundation
import Pixels
import ScoringService
import ScoringWorkflow
import Synchronization

/// Serves a model over HTTP.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Serve a model over HTTP: score and compare photos, with limits and metrics.",
    discussion: """
      POST /v1/score, /v1/score/batch, /v1/map and /v1/compare, GET /v1/models; the interface is described \
      at /openapi.json, and / is a page to drop a photo on. Photos are held in memory only. \
      SIGTERM ends the service when what is in flight is answered. Without --tokens only this \
      machine is served. docs/service.md has the limits and the metrics.
      """)

  @OptionGroup(title: "Model")
  var model: ScoreModelOptions
  @OptionGroup var reading: PhotoReadingOptions
  @Option(help: "The port; 0 lets the system choose.")
  var port = 8090
  @Option(help: "The address to listen on; anything but this machine needs --tokens.")
  var address = "127.0.0.1"
  @Option(help: "The callers who may ask: a file of lines SHA-256-OF-TOKEN NAME.")
  var tokens: String?
  @Option(help: "How many photos may wait or be scored at a time; more are answered 429.")
  var queue = 64
  @Option(help: "The largest body of a request, in megabytes.")
  var bodyLimit = 64
  @Flag(inversion: .prefixedNo, help: "Decode each photo in a locked process of its own.")
  var sandbox = true
  @Option(help: "The processor time that decoding a photo may take there, in seconds.")
  var decoderSeconds = 60
  @Option(help: "Append a line for every request to this file: time, caller, path, status, size.")
  var audit: String?

  func validate() throws {
    guard (0...65_535).contains(port), (1...100_000).contains(queue),
      (1...2_000).contains(bodyLimit), (1...3600).contains(decoderSeconds)
    else {
      throw ValidationError(
        "--port takes 0 to 65535, --queue 1 to 100000, --body-limit 1 to 2000, --decoder-seconds "
          + "1 to 3600")
    }
  }

  func run() async throws {
    var settings = ServiceSettings()
    settings.queueLimit = queue
    settings.bodyLimit = bodyLimit << 20
    if let tokens { settings.tokens = try ServiceSettings.tokens(file: tokens) }
    if let audit {
      let log = try AuditLog(audit)
      settings.audit = { log.add($0) }
    }
    let decoding = try reading.decoding()
    let (sandbox, decoderSeconds, address) = (sandbox, decoderSeconds, address)
    let pool = try await model.pool {
      var decoding = decoding
      if sandbox { decoding.process = try DecoderProcess(seconds: decoderSeconds) }
      return decoding
    }
    try await ScoringServer.run(
      pool, address: address, port: port,
      settings: settings,
      started: { loaded, port in
        Messages.say(
          "Serving \(loaded.name) (\(loaded.attribute)) at http://\(address):\(port)/ – "
            + "stop with Ctrl-C")
      })
  }
}

/// A file that lines are appended to.
private final class AuditLog: Sendable {
  private let file: Mutex<FileHandle>

  init(_ path: String) throws(InputError) {
    if !FileManager.default.fileExists(atPath: path) {
      _ = FileManager.default.createFile(
        atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
    }
    guard let handle = FileHandle(forWritingAtPath: path) else {
      throw InputError(path, "it can't be written", remedy: "name another file with --audit")
    }
    _ = try? handle.seekToEnd()
    file = Mutex(handle)
  }

  func add(_ line: String) {
    file.withLock { try? $0.write(contentsOf: Data((line + "\n").utf8)) }
  }
}
