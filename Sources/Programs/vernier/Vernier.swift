import ArgumentParser
import CRevision
import Domain
import Files

/// The portrait-quality laboratory's command line.
@main
struct Vernier: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "vernier",
    abstract:
      "A portrait-quality laboratory: photos and pairwise votes to one JOD scale and models.",
    discussion: """
      Experts' pairwise judgements become a calibrated JOD scale, per-scene scales become one scale, that scale trains a \
      model, and the model scores new portraits in the same unit. One JOD is the difference that 75 % of observers see.
      """,
    version: VernierVersion.text + revision,
    groupedSubcommands: [
      CommandGroup(name: "Photos", subcommands: [StudyCommand.self, Prepare.self, Degrade.self]),
      CommandGroup(
        name: "Votes and scales",
        subcommands: [
          VotesCommand.self, Simulate.self, Scale.self, Levels.self, AuditCommand.self,
          ScreenCommand.self,
          NextPairsCommand.self,
          Contrast.self,
          Plan.self, CrossSetCommand.self, Unify.self, UnifyJointly.self, Extend.self,
        ]),
      CommandGroup(
        name: "Decisions",
        subcommands: [
          VerdictCommand.self, LeaderboardCommand.self, TrendCommand.self, BaselineCommand.self,
        ]),
      CommandGroup(name: "Annotation", subcommands: [Annotate.self]),
      CommandGroup(
        name: "Models",
        subcommands: [
          SplitCommand.self, Train.self, Score.self, Evaluate.self, CompareModels.self,
          Calibrate.self, Model.self, Fit.self,
        ]),
      CommandGroup(name: "Services", subcommands: [WorkerCommand.self, ServeCommand.self]),
      CommandGroup(name: "Reports", subcommands: [Report.self, Demo.self]),
    ])

  /// The commit that was built, where `make` said it.
  private static var revision: String {
    guard let commit = crevision_commit() else { return "" }
    return " (commit \(String(cString: commit)))"
  }

  /// Runs a command; errors that name a setting are shown with its flag.
  static func main() async {
    do {
      var command = try await asyncParseAsRoot()
      if var waiting = command as? any AsyncParsableCommand {
        try await waiting.run()
      } else {
        try command.run()
      }
    } catch {
      exit(withError: (error as? any SettingNamingError).map { SpelledError($0) } ?? error)
    }
  }
}
