import ArgumentParser
import Documents
import Domain
import Evaluation
import EvaluationWorkflow
import Files

/// The options that the commands of evaluation share.
struct EvaluationOptions: ParsableArguments {
  @Option(
    name: .customLong("scores"),
    help: """
      A model's scores: FILE, NAME=FILE or NAME@ATTRIBUTE=FILE. Accepted formats: the CSV of \
      `vernier score`, a run's predictions.csv, the data set's Scores_*.csv (JOD is the score) and \
      IMAGE,SCORE.
      """)
  var scores: [String] = []
  @Option(name: .customLong("run"), help: "A run of `vernier train`: DIR or NAME=DIR.")
  var runs: [String] = []
  @Option(
    help: """
      The measured scores: Scores_Unified.csv or the per-scene Scores_<Attribute>.csv. A run \
      supplies its own, without their errors.
      """)
  var scale: [String] = []
  @Option(help: "The split whose part is evaluated; without it a run's own, or all photos.")
  var split: String?
  @Option(help: "The part of the split to evaluate.")
  var part = SplitPart.test
  @Option(
    name: .customLong("less-is-better"),
    help: """
      A model whose scores decrease with quality, in its own unit (known for niqe, ilniqe and \
      brisque).
      """)
  var lessIsBetter: [String] = []
  @Option(
    name: .customLong("other-unit"),
    help: """
      A model whose scores have another unit than the scale: compared by order and after a fit, \
      without raw errors. Scores that state another scale of judgements are refused without it.
      """)
  var otherUnit: [String] = []
  @Flag(help: "Evaluate only the photos that every model scored, instead of stopping.")
  var skipMissing = false
  @Flag(help: "Require the metrics over all scenes together; refused on per-scene scales.")
  var global = false
  @Option(help: "The number of bootstrap replicates for all intervals and tests.")
  var bootstrap = 1000
  @Option(help: "Seed of the bootstrap.")
  var seed: UInt64 = 1

  /// The plan that the options give.
  func plan() throws(InputError) -> EvaluationPlan {
    guard (100...1_000_000).contains(bootstrap) else {
      throw InputError(
        "--bootstrap", "\(bootstrap) is out of range", remedy: "give 100 to 1000000")
    }
    var settings = BootstrapSettings()
    (settings.replicates, settings.seed) = (bootstrap, seed)
    return EvaluationPlan(
      sources: try sources(), scales: scale, split: split, part: part, skipsMissing: skipMissing,
      isGlobal: global, bootstrap: settings)
  }

  /// Where the models' scores come from.
  private func sources() throws(InputError) -> [ModelSource] {
    var sources: [ModelSource] = []
    for text in runs + scores {
      var source = try ModelSource(parsing: text)
      source.isLessBetter = lessIsBetter.contains(source.name)
      source.hasOtherUnit = otherUnit.contains(source.name)
      sources.append(source)
    }
    for name in lessIsBetter + otherUnit where !sources.contains(where: { $0.name == name }) {
      throw InputError(
        "--less-is-better or --other-unit", "«\(name)» is not one of the models",
        remedy: "give one of \(sources.map(\.name).joined(separator: ", "))")
    }
    guard !sources.isEmpty else {
      throw InputError("scores", "there are none", remedy: "give --run DIR or --scores FILE")
    }
    return sources
  }
}

/// Where tables go.
struct TableOptions: ParsableArguments {
  @Option(help: "The format on standard output.")
  var format = TableFormat.text
  @Option(help: "A folder to write every table to as .csv, .md and .tex, and all in one .html.")
  var out: String?

  /// Prints tables and writes them where asked.
  func write(
    _ tables: [EvaluationReport.NamedTable], title: String, notices: [String],
    provenance: Provenance
  ) throws {
    let notices = notices.map { Setting.spelled($0, as: Flags.flag) }
    let shown = tables.filter { $0.name != "metrics" }.map(\.table)
    print(format.write(shown, title: title, notices: notices), terminator: "")
    for notice in notices { Messages.say("Note: \(notice)") }
    guard let out else { return }
    try AtomicFile.makeFolder(out)
    for table in tables {
      try AtomicFile.write(table.table.csv(), to: "\(out)/\(table.name).csv")
      guard table.name != "metrics" else { continue }
      try AtomicFile.write(table.table.markdown(), to: "\(out)/\(table.name).md")
      try AtomicFile.write(table.table.latex(), to: "\(out)/\(table.name).tex")
    }
    let page = "\(out)/tables.html"
    try AtomicFile.write(
      TablePage.html(title: title, notices: notices, tables: shown), to: page)
    try provenance.write(beside: page)
    Messages.say("Tables: \(page)")
  }
}
