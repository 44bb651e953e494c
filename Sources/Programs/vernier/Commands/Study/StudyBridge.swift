import AnnotationService
import ArgumentParser
import BridgingWorkflow
import Domain
import Files
import Preparation
import Scaling
import Studies

/// Bridges the gaps of a quality scale with pictures made from references.
struct StudyBridge: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bridge",
    abstract: "Find the gaps of a scale and bridge them with pictures made from references.",
    discussion: """
      Paper 2, «Database extension». A gap lies between neighbors more than --gap apart, or surely \
      more than half of that. Pictures are made from the regions of the scene's references that \
      stand above it: subsampling, slight sharpening, Gaussian noise of a fixed variance. The \
      first time recipes are chosen by a stated law; with votes on earlier pictures, by the \
      measured losses. The pictures belong to the study: same person, consent and framing as the \
      source, and withdrawn with it. The comparisons that place them go to STUDY/pairs.csv, which \
      vernier annotate takes by itself. Run it again with the new votes: it says which gaps are \
      closed. Prints a row for each gap.

        vernier study bridge S --scene Indoor_1 --scale scales/Scores_Details.csv
      """)

  @Argument(help: "The study's folder.")
  var study: String
  @Option(help: "The scene whose references the pictures are made from.")
  var scene: String
  @Option(help: "Scores per scene (Scores_<Attribute>.csv); by default the study's own votes.")
  var scale: String?
  @Option(help: "One scale over all scenes (Scores_Unified.csv): its gaps, bridged from the scene.")
  var unified: String?
  @Option(help: "Votes in a file instead of the study's own.")
  var votes: String?
  @Option(help: "The attribute, if there are several.")
  var attribute: String?
  @Option(help: "The largest distance of neighbors that is no gap, in JOD.")
  var gap = 1.0
  @Option(
    help: """
      The subsampling factors to choose from, separated by commas. (default: 1 to 8 in steps of \
      2^(1/8))
      """)
  var factors: [String] = []
  @Option(help: "The amounts of sharpening, 0 to 1. (default: 0,0.3)")
  var sharpening: [String] = []
  @Option(help: "The variances of the noise, in squared levels of sRGB. (default: 0,16)")
  var noise: [String] = []
  @Option(help: "Seed of the noise: the same seed gives the same pictures.")
  var seed: UInt64 = 1
  @Flag(help: "Only show what would be done.")
  var dryRun = false
  @Option(help: "Also write gaps.csv, pictures.csv and pairs.csv to this folder.")
  var out: String?

  func validate() throws {
    guard [scale, unified, votes].compactMap({ $0 }).count <= 1 else {
      throw ValidationError("Give one of --scale, --unified and --votes.")
    }
  }

  func run() throws {
    let plan = try plan()
    let screen = Screen()
    let work = { (opened: StudyStore) in
      try BridgeRun(opened, plan: plan, observer: screen.observer).run()
    }
    let outcome =
      try dryRun ? StudyAccess.read(study, work) : StudyAccess.change(study, work)
    screen.end()
    if let out { try outcome.write(to: out) }
    TableOutput.show(columns: BridgeOutcome.gapColumns, rows: outcome.gapRows)
    tell(outcome)
    if outcome.failures > 0 {
      try Batch.finish(outcome.failures, of: outcome.pictures.count + outcome.failures, "pictures")
    }
  }

  private func tell(_ outcome: BridgeOutcome) {
    let counts = BridgeOutcome.GapState.allCases.compactMap { state -> String? in
      let count = outcome.count(state)
      return count > 0 ? "\(count) \(state.rawValue)" : nil
    }
    Messages.say("gaps: \(counts.isEmpty ? "none" : counts.joined(separator: ", "))")
    for picture in outcome.pictures where picture.state == .planned || picture.state == .made {
      let loss = (picture.expectedLoss * 100).rounded() / 100
      Messages.say(
        "\(picture.state.rawValue) \(picture.photo) from \(picture.source), expected \(loss) below")
    }
    if dryRun { return Messages.say("nothing was made, recorded or queued (dry run)") }
    let made = outcome.pictures.count { $0.state == .made }
    Messages.say(
      "\(made) pictures made; \(outcome.queued) comparisons new in \(study)/pairs.csv")
  }

  private func plan() throws -> BridgePlan {
    var plan = BridgePlan(scene: SceneID(scene), source: try source())
    plan.attribute = attribute.map { Attribute($0) }
    plan.gaps.widest = JOD(gap)
    if let values = try numbers("factors", factors) { plan.grid.factors = values }
    if let values = try numbers("sharpening", sharpening) { plan.grid.sharpeningAmounts = values }
    if let values = try numbers("noise", noise) { plan.grid.noiseVariances = values }
    (plan.seed, plan.isDryRun) = (seed, dryRun)
    return plan
  }

  private func source() throws -> BridgePlan.Source {
    if let scale { return .scores(scale) }
    if let unified { return .unified(unified) }
    if let votes { return .votes(try VotesFile.read(votes), place: votes) }
    guard try StudyAccess.read(study, { try $0.status().votes }) > 0 else {
      throw InputError(
        study, "holds no votes of its own",
        remedy: "collect some with vernier annotate, or give --scale, --unified or --votes")
    }
    let opened = try AnnotationStudy.open(study)
    let judgements = try opened.judgements()
    try opened.close()
    return .votes(judgements, place: study)
  }

  /// The numbers of a list; nil where it was not given.
  private func numbers(_ name: String, _ texts: [String]) throws -> [Double]? {
    try Lists.items(of: name, texts)?.map { text in
      guard let value = Double(text), value.isFinite else {
        throw InputError(
          Setting(name), "«\(text)» is not a number",
          remedy: "give numbers separated by commas, such as 0,16")
      }
      return value
    }
  }
}
