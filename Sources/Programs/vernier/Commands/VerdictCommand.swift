import ArgumentParser
import Decision
import DecisionsWorkflow
import Domain
import Files
import Preparation
import ScalingWorkflow
import ScoringWorkflow

/// Says whether a candidate is better than a baseline, and how sure that is.
struct VerdictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verdict",
    abstract:
      "Is the candidate better than the baseline? better, equivalent, worse or inconclusive.",
    discussion: """
      From people's votes, or from a model's scores:
        vernier verdict --baseline A --candidate B --votes votes.csv --study STUDY
        vernier verdict --baseline A --candidate B --votes votes.csv --groups groups.csv
        vernier verdict --baseline A --candidate B --scores scores.csv --groups groups.csv --scale Scores_Unified.csv
        vernier verdict --baseline release --candidate B --scores new.csv --study STUDY    (a named baseline)

      equivalent: two one-sided tests at 5 % place the difference within the margin. better, worse: the two-sided 95 % \
      interval lies above or below 0, and the difference is not shown to be within the margin. inconclusive: none is shown. \
      Scenes are a sample; p-values are corrected by Holm for the number of attributes. docs/verdicts.md has the statistics.

      Exit code: 0 the gate passes, 1 it fails, 3 inconclusive. The gate no-worse passes what is better, equivalent, or \
      above minus the margin by a one-sided test at 5 %, and fails what is worse. The gate better passes only what is better.
      """)

  @OptionGroup(title: "What is compared") var sides: SideOptions
  @OptionGroup(title: "How it is decided") var rule: DecisionOptions
  @OptionGroup(title: "What is written") var output: VerdictOutputOptions
  @OptionGroup(title: "Scaling") var scaling: ScalingOptions

  mutating func validate() throws {
    try sides.check()
    guard output.mapModel == nil || (output.report != nil && sides.study != nil) else {
      throw ValidationError("--map-model goes with --report and --study.")
    }
    guard rule.plan != nil || (sides.baseline != nil && sides.candidate != nil) else {
      throw ValidationError("Give --baseline and --candidate.")
    }
  }

  func run() throws {
    let plan = try rule.plan.map { path throws(InputError) in
      (path: path, content: try VerdictPlan.read(path))
    }
    let screen = Screen()
    let planned = try planned(plan)
    let outcome = try planned.run(observer: screen.observer)
    let pictures = try pictures(outcome, planned.groups, screen)
    screen.end()
    try output.files(history: rule.history).write(
      outcome, provenance: try planned.provenance(), pictures: pictures)
    print(outcome.terminalText, terminator: "")
    if output.github { try GitHubActions.report(outcome) }
    guard outcome.verdict.exitCode == 0 else { throw ExitCode(outcome.verdict.exitCode) }
  }

  /// The photos that the page shows; nil without a page.
  private func pictures(
    _ outcome: VerdictRun.Outcome, _ groups: GroupSource, _ screen: Screen
  ) throws -> ScenePictures.Result? {
    guard let page = output.report else { return nil }
    let scorer = try output.mapModel.map {
      try PhotoScoring(model: $0, installation: Installation())
    }
    try scorer?.check(scene: nil, wantsMap: true)
    let mapper = scorer.map { scorer -> ScenePictures.Mapper in
      { path, isRegion in
        let map = try scorer.score(
          PhotoRequest(photo: path), region: isRegion ? .full : .automatic, wantsMap: true
        ).map
        return map.map { ($0.region, $0.parts) }
      }
    }
    return try ScenePictures.make(
      outcome.examples, groups: groups, page: page, mapper: mapper, observer: screen.observer)
  }

  /// The run that the options and the plan ask for; where both say something, the options count and
  /// the report says so.
  private func planned(_ plan: (path: String, content: VerdictPlan)?) throws -> VerdictRun {
    let planned = plan?.content
    func side(_ given: String?, _ planned: String?, _ name: String) throws -> String {
      guard let value = given ?? planned else {
        throw InputError(Setting(name), "it is missing", remedy: "give it, or add it to the plan")
      }
      return value
    }
    var run = VerdictRun(
      groups: sides.groupSource, baseline: try side(sides.baseline, planned?.baseline, "baseline"),
      candidate: try side(sides.candidate, planned?.candidate, "candidate"),
      source: try sides.source(scaling.plan()))
    run.attributes =
      try Lists.items(of: "attribute", sides.attribute)?.map { Attribute($0) }
      ?? planned?.attributes
    run.slices = try Lists.items(of: "slices", rule.slices) ?? planned?.slices ?? []
    run.settings = planned?.settings(run.settings) ?? run.settings
    run.settings.margin = rule.margin ?? run.settings.margin
    run.settings.visible = rule.visible ?? run.settings.visible
    run.settings.gate = rule.gate ?? run.settings.gate
    run.settings.inconclusive = rule.inconclusive
    if rule.theseScenesOnly { run.settings.scenes = .theseScenes }
    if rule.sequential { run.settings.isSequential = true }
    run.plan = plan
    (run.history, run.batch, run.seed) = (rule.history, output.batch, scaling.seed)
    return run
  }
}
