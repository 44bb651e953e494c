import Domain
import Foundation
package import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
public import ScoringWorkflow
import ServiceLifecycle
import UnixSignals

/// A model behind HTTP: docs/service.md.
public enum ScoringServer {
  /// Serves a model until the process is asked to stop.
  ///
  /// - Parameters:
  ///   - pool: The model.
  ///   - address: The address to listen on; anything but loopback needs tokens.
  ///   - port: The port; 0 lets the system choose.
  ///   - settings: The limits, the tokens and the audit.
  ///   - started: Called with the model and the port once the service answers.
  /// - Throws: `InputError` when the address can't be used.
  public static func run(
    _ pool: ScoringPool, address: String = "127.0.0.1", port: Int = 8090,
    settings: ServiceSettings = ServiceSettings(),
    started: @escaping @Sendable (_ model: LoadedModel, _ port: Int) -> Void = { _, _ in }
  ) async throws {
    guard !settings.tokens.isEmpty || ["127.0.0.1", "::1", "localhost"].contains(address) else {
      throw InputError(
        address, "others could use the service without a token",
        remedy: "name the callers' tokens with \(Setting("tokens"))")
    }
    let engine = try await ScoringEngine.make(pool, limit: settings.queueLimit)
    try await serve(
      ScoringRoutes(
        engine: engine, settings: settings, metrics: ServiceMetrics(),
        readiness: ScoringRoutes.Readiness()),
      address: address, port: port, started: started)
  }

  private static func serve(
    _ routes: ScoringRoutes, address: String, port: Int,
    started: @escaping @Sendable (_ model: LoadedModel, _ port: Int) -> Void
  ) async throws {
    var logger = Logger(label: "vernier.serve")
    logger.logLevel = .warning
    let model = routes.engine.model
    let application = Application(
      router: routes.router(),
      server: .http1(configuration: .init(idleTimeout: .seconds(60))),
      configuration: ApplicationConfiguration(
        address: .hostname(address, port: port), serverName: nil),
      onServerRunning: { channel in started(model, channel.localAddress?.port ?? port) },
      logger: logger)
    var configuration = ServiceGroupConfiguration(
      services: [application, DrainService(readiness: routes.readiness)],
      gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(routes.settings.drainSeconds)
    let group = ServiceGroup(configuration: configuration)
    do {
      try await group.run()
    } catch let error as IOError {
      throw InputError(
        "\(address):\(port)", "the service can't listen here: \(error)",
        remedy: "choose another port")
    }
  }

  /// The application for tests in process.
  package static func application(
    settings: ServiceSettings = ServiceSettings(),
    loading make: @escaping @Sendable () throws -> any PhotoScorer
  ) async throws -> some ApplicationProtocol {
    var logger = Logger(label: "vernier.serve")
    logger.logLevel = .critical
    let routes = ScoringRoutes(
      engine: try await ScoringEngine.make(
        ScoringPool.load(make), limit: settings.queueLimit), settings: settings,
      metrics: ServiceMetrics(), readiness: ScoringRoutes.Readiness())
    return Application(router: routes.router(), logger: logger)
  }
}

/// Takes no new photos once the process is asked to stop.
private struct DrainService: Service {
  let readiness: ScoringRoutes.Readiness

  func run() async throws {
    try? await gracefulShutdown()
    readiness.drain()
  }
}
