import ArgumentParser
import Domain
import ScalingWorkflow

/// Looks at votes from every side.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Look at votes from every side: defects, observers, fit, reliability, ranks.",
    discussion: """
      One verdict a probe and scene: fine, look or fault. CSV on standard output: scene,attribute,probe,verdict,p,finding; \
      --report writes one HTML page, --json everything that was found. Nothing is changed and nobody is left out. The \
      exit code is 0 unless the votes can't be read or scaled; with --strict it is 1 when a fault is found.
      """)

  @Option(help: "The votes.")
  var votes: String
  @Option(help: "Only this scene.")
  var scene: String?
  @Option(help: "The HTML page to write.")
  var report: String?
  @Option(help: "The JSON file to write.")
  var json: String?
  @Option(help: "The number of simulated studies without defects that the votes are compared with.")
  var replicates = 400
  @Option(help: "Seed of all random numbers: the same seed gives the same findings.")
  var seed: UInt64 = 1
  @Option(help: "An answer faster than this is implausible, in milliseconds.")
  var fast = 300.0
  @Flag(help: "Exit with 1 when a fault is found.")
  var strict = false

  func run() throws {
    let audit = try VotesAudit(
      votes: votes, scene: scene.map { SceneID($0) }, replicates: replicates, seed: seed,
      fastMilliseconds: fast)
    let screen = Screen()
    let outcome = try audit.run(observer: screen.observer)
    screen.end()
    Messages.show(outcome.table)
    if let report {
      try outcome.writeReport(to: report)
      Messages.say("Report: \(report)")
    }
    if let json {
      try outcome.writeJSON(to: json)
      Messages.say("JSON: \(json)")
    }
    try Batch.finish(outcome.failures, of: outcome.failures + outcome.scenes.count, "scenes")
    if strict, outcome.verdict == .fault { throw ExitCode.failure }
  }
}
