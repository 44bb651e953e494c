import ArgumentParser
import Decision
import DecisionsWorkflow
import Domain
import Files
import ScalingWorkflow

/// Shows how builds stand against one baseline, and where that changed.
struct TrendCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trend",
    abstract: "How builds stand against one baseline, with intervals and marked change points.",
    discussion: """
      From a history of verdicts, or from votes or scores of several builds:
        vernier trend --history history.jsonl --report trend.html --csv trend.csv
        vernier trend --baseline 1.7 --scores scores.csv --groups groups.csv --scale Scores_Unified.csv
        vernier trend --baseline 1.7 --candidates 1.8,1.9,2.0 --votes votes.csv --study STUDY

      Each build is judged as vernier verdict does. A change point is a build that differs from the mean of those since \
      the last one; all marks of an attribute together are false with a chance of at most 5 %.
      """)

  @Option(help: "A history that vernier verdict --history wrote.")
  var history: String?
  @OptionGroup(title: "Builds instead of a history") var sides: TrendOptions
  @Option(help: "The attributes, separated by commas; all without it.")
  var attribute: [String] = []
  @Option(help: "The margin, in JOD (default: 0.5).")
  var margin: Double?
  @Option(help: "The difference that counts as visible, in JOD (default: 1).")
  var visible: Double?
  @Option(help: "Write one row for each build and attribute.")
  var csv: String?
  @Option(help: "One self-contained HTML page.")
  var report: String?
  @Option(help: "The page's title.")
  var title = "Trend"
  @OptionGroup(title: "Scaling") var scaling: ScalingOptions

  mutating func validate() throws {
    guard history == nil else {
      guard !sides.isGiven else {
        throw ValidationError("--history goes with --baseline, not with votes, scores or groups.")
      }
      return
    }
    guard sides.baseline != nil else {
      throw ValidationError("Give --history, or --baseline with votes or scores.")
    }
    try sides.sideOptions.check()
  }

  func run() throws {
    let attributes = try Lists.items(of: "attribute", attribute)?.map { Attribute($0) }
    let (trend, provenance) =
      try history.map { path in
        (
          try TrendRun.trend(history: path, baseline: sides.baseline, attributes: attributes),
          Provenance(command: ["trend"], inputs: try Provenance.digests(of: [path]))
        )
      } ?? judged(attributes)
    var files = TrendFiles()
    (files.csv, files.report, files.title) = (csv, report, title)
    files.margin = margin ?? files.margin
    files.visible = visible ?? files.visible
    try files.write(trend, provenance: provenance)
    print(trend.text, terminator: "")
  }

  private func judged(_ attributes: [Attribute]?) throws -> (Trend, Provenance) {
    let options = sides.sideOptions
    var run = VerdictRun(
      groups: options.groupSource, baseline: sides.baseline ?? "", candidate: "",
      source: try options.source(scaling.plan()))
    run.attributes = attributes
    run.settings.margin = margin ?? run.settings.margin
    run.settings.visible = visible ?? run.settings.visible
    run.seed = scaling.seed
    let screen = Screen()
    let trend = try TrendRun.trend(
      run, candidates: try Lists.items(of: "candidates", sides.candidates),
      observer: screen.observer)
    screen.end()
    var provenance = try run.provenance()
    provenance.command = ["trend"]
    return (trend, provenance)
  }
}

/// The builds of a trend.
struct TrendOptions: ParsableArguments {
  @Option(help: "What all builds are compared with; of a history, where it knows several.")
  var baseline: String?
  @Option(
    help: "The builds, the oldest first, separated by commas; without it all others, by name.")
  var candidates: [String] = []
  @Option(help: "The votes: observer,scene,attribute,image_a,image_b,choice.")
  var votes: String?
  @Option(help: "A model's scores; several files separated by commas, all of one model.")
  var scores: [String] = []
  @Option(help: "With --scores: measured scores that calibrate the model's differences.")
  var scale: String?
  @Option(help: "The study's folder: groups by build, device or mode.")
  var study: String?
  @Option(help: "With --study: what groups photos instead.")
  var by: String?
  @Option(help: "The groups instead of a study: a CSV with scene,image,group.")
  var groups: String?

  /// Whether anything but a baseline was given.
  var isGiven: Bool {
    votes != nil || !scores.isEmpty || scale != nil || study != nil || by != nil || groups != nil
      || !candidates.isEmpty
  }

  /// The same options as a verdict has them.
  var sideOptions: SideOptions {
    var options = SideOptions()
    (options.votes, options.scores, options.scale) = (votes, scores, scale)
    (options.study, options.by, options.groups) = (study, by, groups)
    (options.baseline, options.candidate, options.attribute) = (baseline, nil, [])
    return options
  }
}
