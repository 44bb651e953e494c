public import ArgumentParser
import DecisionsWorkflow
public import Domain
import Files
import Foundation
import ScalingWorkflow

extension GateRule: ExpressibleByArgument {}
extension InconclusivePolicy: ExpressibleByArgument {}

/// What is compared.
struct SideOptions: ParsableArguments {
  @Option(
    help: """
      What is compared with: a device, a build, a group of --groups, or a named baseline of the \
      study (vernier baseline).
      """)
  var baseline: String?
  @Option(help: "What is judged.")
  var candidate: String?
  @Option(help: "The votes: observer,scene,attribute,image_a,image_b,choice.")
  var votes: String?
  @Option(
    help: """
      A model's scores, as vernier score writes them with --csv; several files separated by commas, \
      all of one model. A named baseline brings its own.
      """)
  var scores: [String] = []
  @Option(
    help: """
      With --scores: measured scores of the same photos or others of the model, Scores_Unified.csv or \
      Scores_<Attribute>.csv. The model's errors in differences are calibrated on them.
      """)
  var scale: String?
  @Option(help: "The study's folder: groups by build, device or mode, whichever has both sides.")
  var study: String?
  @Option(help: "With --study: what groups photos instead, such as lens or a column of its own.")
  var by: String?
  @Option(
    help: """
      The groups instead of a study: a CSV with scene,image,group. More columns are facts for --slices; where person, \
      framing or content is there, only photos that show the same are compared.
      """)
  var groups: String?
  @Option(help: "The attributes, separated by commas; all without it.")
  var attribute: [String] = []

  /// Refuses options that contradict each other.
  func check() throws {
    guard (votes == nil) != scores.isEmpty else {
      throw ValidationError("Give either --votes or --scores.")
    }
    guard (study == nil) != (groups == nil) else {
      throw ValidationError("Give either --study or --groups.")
    }
    guard by == nil || study != nil else { throw ValidationError("--by goes with --study.") }
    guard scale == nil || !scores.isEmpty else {
      throw ValidationError("--scale goes with --scores.")
    }
  }

  /// Where it stands which photos belong to which group.
  var groupSource: GroupSource {
    study.map { GroupSource.study($0, by: by) } ?? .list(groups ?? "")
  }

  /// Where the differences come from.
  func source(_ plan: @autoclosure () throws -> ScalingPlan) throws -> VerdictRun.Source {
    guard let votes else { return .scores(Lists.items(scores), scale: scale) }
    return .votes(votes, try plan())
  }
}

/// How it is decided.
struct DecisionOptions: ParsableArguments {
  @Option(help: "The largest difference that makes none, in JOD (default: 0.5).")
  var margin: Double?
  @Option(help: "The difference that counts as visible, in JOD (default: 1, seen by 75 %).")
  var visible: Double?
  @Option(help: "What passes: no-worse or better (default: no-worse).")
  var gate: GateRule?
  @Option(help: "What an inconclusive gate counts as: pass or fail; without it, exit code 3.")
  var inconclusive: InconclusivePolicy?
  @Flag(help: "Ask about these scenes alone; the answer holds for no other scene.")
  var theseScenesOnly = false
  @Option(
    help: """
      Judge parts of the photos too, separated by commas: condition, lighting, skin, lens, distance, device-mode, scene, or \
      any other fact of the study or column of --groups.
      """)
  var slices: [String] = []
  @Flag(help: "Keep the error rates when looking after every batch (anytime-valid).")
  var sequential = false
  @Option(
    help: "A plan that was fixed beforehand (verdict.json); the report says whether it was kept.")
  var plan: String?
  @Option(
    help: "A file of earlier verdicts, which this one is added to: the trend over candidates.")
  var history: String?
}

/// What is written.
struct VerdictOutputOptions: ParsableArguments {
  @Option(help: "Everything as JSON.")
  var json: String?
  @Option(help: "A JUnit report: the gate and one test for each attribute.")
  var junit: String?
  @Option(help: "Markdown for a merge request.")
  var markdown: String?
  @Option(
    help: """
      One self-contained HTML page; with --study it shows the photos of the scenes that decide.
      """)
  var report: String?
  @Option(help: "With --report and --study: draw where this model sees the quality change.")
  var mapModel: String?
  @Option(help: "The pairs to ask next, in the columns of vernier next-pairs.")
  var nextPairs: String?
  @Option(help: "How many pairs to ask next.")
  var batch = 24
  @Flag(help: "Print annotations of GitHub's actions, and add the Markdown to the job's summary.")
  var github = false

  func files(history: String?) -> VerdictFiles {
    var files = VerdictFiles()
    (files.json, files.junit, files.markdown) = (json, junit, markdown)
    (files.report, files.nextPairs, files.history) = (report, nextPairs, history)
    return files
  }
}

/// Lists that are separated by commas, in one option or several.
enum Lists {
  /// The items of an option that was given; nil for one that was not.
  ///
  /// - Throws: `InputError` for a list without an item.
  static func items(of name: String, _ texts: [String]) throws(InputError) -> [String]? {
    guard !texts.isEmpty else { return nil }
    let items = items(texts)
    guard !items.isEmpty else {
      throw InputError(
        Setting(name), "names nothing", remedy: "give names separated by commas, or leave it out")
    }
    return items
  }

  /// The items without repetitions, in their order.
  static func items(_ texts: [String]) -> [String] {
    var items: [String] = []
    for text in texts.flatMap({ $0.split(separator: ",") }) {
      let item = text.trimmingCharacters(in: .whitespaces)
      if !item.isEmpty, !items.contains(item) { items.append(item) }
    }
    return items
  }
}

/// What GitHub's actions read.
enum GitHubActions {
  /// Prints annotations, and adds to the job's summary where there is one.
  static func report(_ outcome: VerdictRun.Outcome) throws {
    for line in outcome.annotations { print(line) }
    guard let path = ProcessInfo.processInfo.environment["GITHUB_STEP_SUMMARY"], !path.isEmpty
    else { return }
    let known = (try? InputFile.read(path)) ?? []
    try AtomicFile.write(known + Array((outcome.markdown + "\n").utf8), to: path)
  }
}
