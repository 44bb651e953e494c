import ArgumentParser
import DemoWorkflow
import Documents
import Files

/// Runs the main job on the embedded default.
struct Demo: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "demo",
    abstract: "Run the main job end to end on five public-domain portraits.",
    discussion: """
      Portraits → regions → degraded images → SIMULATED votes → scales → one scale → models → \
      scores → report → verdict. The study is written to OUT/study, the report to OUT/report.html, \
      a verdict on two builds to OUT/verdict.html. An \
      interrupted demo can be run again.
      """)

  @Option(help: "The folder to write to.")
  var out = "demo"
  @Option(help: "Seed of all random choices.")
  var seed: UInt64 = 23

  func run() throws {
    let screen = StepScreen()
    let result = try DemoWorkflow.Demo(
      folder: out, plan: DemoPlan(seed: seed), installation: Installation(),
      observer: DemoObserver(
        step: { screen.begin($0, of: $1, $2) }, advance: { screen.advance($0, of: $1) },
        note: { screen.note($0) })
    ).run()
    screen.end()
    for table in result.tables { print(table.terminalText()) }
    print("Votes are SIMULATED: the figures show that the chain works, not how cameras compare.")
    print("Verdict: \(result.verdict)")
    print("Its page: \(result.verdictPage)")
    print("Report: \(result.report)")
    print("Compare the portraits yourself: \(CommandLine.arguments[0]) annotate \(result.study)")
  }
}
