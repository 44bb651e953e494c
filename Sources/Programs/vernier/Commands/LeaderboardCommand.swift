import ArgumentParser
import DecisionsWorkflow
import Domain
import Files

/// Ranks the devices or builds of a study.
struct LeaderboardCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "leaderboard",
    abstract: "Rank devices or builds: quality with interval, rank sets, significance letters.",
    discussion: """
      Every group against the mean of all, in JOD, over scenes as a sample of their kind. A rank set holds the ranks that are \
      not ruled out, for all groups together; groups that share a letter are not shown to differ. A new device needs votes \
      against some of the others only: groups are compared through all chains of scenes and photos that connect them.
      """)

  @Option(help: "The votes: observer,scene,attribute,image_a,image_b,choice.")
  var votes: String
  @Option(help: "The study's folder: groups by build, device or mode, the first that is known.")
  var study: String?
  @Option(help: "With --study: what groups photos instead, such as device or lens.")
  var by: String?
  @Option(help: "The groups instead of a study: a CSV with scene,image,group.")
  var groups: String?
  @Option(help: "The attributes, separated by commas; all without it.")
  var attribute: [String] = []
  @Option(help: "Rank parts of the photos too, separated by commas, such as condition.")
  var slices: [String] = []
  @Option(help: "Write one row for each group, attribute and slice.")
  var csv: String?
  @Option(help: "Everything as JSON.")
  var json: String?
  @Option(help: "One self-contained HTML page.")
  var report: String?
  @Option(help: "The page's title.")
  var title = "Leaderboard"
  @OptionGroup(title: "Scaling") var scaling: ScalingOptions

  func validate() throws {
    guard (study == nil) != (groups == nil) else {
      throw ValidationError("Give either --study or --groups.")
    }
  }

  func run() throws {
    var run = LeaderboardRun(
      votes: votes, groups: study.map { GroupSource.study($0, by: by) } ?? .list(groups ?? ""),
      plan: try scaling.plan())
    run.attributes = try Lists.items(of: "attribute", attribute)?.map { Attribute($0) }
    run.slices = try Lists.items(of: "slices", slices) ?? []
    let screen = Screen()
    let leaderboard = try run.run(observer: screen.observer)
    screen.end()
    var files = LeaderboardFiles()
    (files.csv, files.json, files.report, files.title) = (csv, json, report, title)
    try files.write(leaderboard, provenance: try run.provenance())
    print(leaderboard.text, terminator: "")
  }
}
