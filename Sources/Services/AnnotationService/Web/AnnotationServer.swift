import Domain
import Foundation
package import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Studies
import UnixSignals

/// The annotation application over HTTP.
public enum AnnotationServer {
  /// Serves a study until the process is asked to stop.
  ///
  /// - Parameters:
  ///   - study: the opened study.
  ///   - address: the address to listen on; anything but loopback needs a `publicOrigin` with TLS
  ///     in front.
  ///   - port: the port; 0 lets the system choose.
  ///   - settings: how the server stands in its network.
  ///   - pairs: chooses the pairs; nil takes what the study's settings ask for.
  ///   - scale: places the photos.
  ///   - stop: says when the study is complete; nil leaves that to the limits of each task.
  ///   - started: called with the port once the server answers.
  /// - Throws: `InputError` when the address can't be used, or the study is served already.
  public static func run(
    _ study: AnnotationStudy, address: String = "127.0.0.1", port: Int = 8080,
    settings: AnnotationServerSettings = AnnotationServerSettings(),
    pairs: (any PairPlanner)? = nil,
    scale: any ScaleEstimator = ThurstoneEstimator(), stop: (any StopRule)? = nil,
    started: @escaping @Sendable (_ port: Int) -> Void = { _ in }
  ) async throws {
    try settings.validate(address: address)
    let serving = try ServingLock(study.store)
    defer { withExtendedLifetime(serving) {} }
    PhotoInbox.clear(study)
    let planner = StudyPlanner(study, pairs: pairs, scale: scale, stop: stop)
    var logger = Logger(label: "vernier.annotate")
    logger.logLevel = .warning
    let routes = AnnotationRoutes(study: study, settings: settings, planner: planner)
    let application = Application(
      router: routes.router(),
      configuration: ApplicationConfiguration(
        address: .hostname(address, port: port), serverName: nil),
      onServerRunning: { channel in started(channel.localAddress?.port ?? port) }, logger: logger)
    Task(priority: .utility) { await planner.workOnEverything() }
    let watching = Task(priority: .utility) { await routes.watcher.run() }
    defer { watching.cancel() }
    do {
      // What was acknowledged is on the disk, so open streams need no long farewell.
      var configuration = ServiceGroupConfiguration(
        services: [application], gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
      configuration.maximumGracefulShutdownDuration = .seconds(2)
      try await ServiceGroup(configuration: configuration).run()
    } catch let error as IOError {
      throw InputError(
        "\(address):\(port)", "the server can't listen here: \(error)",
        remedy: "choose another port")
    }
    try? study.close()
  }

  // The application for tests in process; with plansAtOnce a request waits for the planner, so that
  // its speed decides nothing.
  package static func application(
    _ study: AnnotationStudy, settings: AnnotationServerSettings = AnnotationServerSettings(),
    pairs: (any PairPlanner)? = nil,
    scale: any ScaleEstimator = ThurstoneEstimator(), stop: (any StopRule)? = nil,
    plansAtOnce: Bool = false
  ) async throws -> some ApplicationProtocol {
    let planner = StudyPlanner(
      study, pairs: pairs, scale: scale, stop: stop, plansAtOnce: plansAtOnce)
    await planner.workOnEverything()
    PhotoInbox.clear(study)
    var logger = Logger(label: "vernier.annotate")
    logger.logLevel = .critical
    return Application(
      router: AnnotationRoutes(study: study, settings: settings, planner: planner).router(),
      logger: logger)
  }

  /// The keys of every language's texts, for the test that they are the same.
  package static var textKeys: [String: Set<String>] { Texts.all.mapValues(\.keys) }
}
