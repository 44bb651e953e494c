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
      A model whose scores have another unit than the scale: compared by order and after a fit, without raw errors. \
      Scores that state another scale of judgements are refused without it.
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

  /// The bootstrap's settings.
  func settings() throws(InputError) -> BootstrapSettings {
    guard (100...1_000_000).contains(bootstrap) else {
      throw InputError(
        "--bootstrap", "\(bootstrap) is out of range", remedy: "give 100 to 1000000")
    }
    var settings = BootstrapSettings()
    (settings.replicates, settings.seed) = (bootstrap, seed)
    return settings
  }

  /// Where the models' scores come from.
  func sources() throws(InputError) -> [ModelSource] {
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

  /// The photos to evaluate on, one set per attribute.
  func sets(_ sources: [ModelSource]) throws -> [EvaluationSet] {
    let run = sources.first { $0.isRun }
    guard !scale.isEmpty else {
      guard let run else {
        throw InputError(
          "--scale", "the measured scores are missing",
          remedy: "give the Scores_*.csv of the photos")
      }
      return [try EvaluationSet(run: run.path, part: part)]
    }
    let split = try split.map { path throws(InputError) in try SplitFile.read(path) }
    return try scale.map { path in
      let set = try EvaluationSet(scale: path, split: split, part: part)
      guard split == nil, let run else { return set }
      let own = Set(
        try PredictionsFile.read("\(run.path)/predictions.csv").map(\.prediction)
          .filter { $0.part == part }.map { ScenePhoto(scene: $0.scene, photo: $0.photo) })
      return try set.filtered(run.path) {
        own.contains(ScenePhoto(scene: $0.scene, photo: $0.photo))
      }
    }
  }

  /// Evaluates every attribute.
  func comparisons(metrics: [Metric]) throws -> [ModelComparison] {
    let sources = try sources()
    let sets = try sets(sources)
    let settings = try settings()
    if global, let scenes = sets.first(where: { !$0.isUnified }) {
      throw InputError(
        "--global",
        "the scores of \(scenes.attribute) are per scene, each with its own origin, so a "
          + "correlation over all scenes means nothing",
        remedy: "bring the scenes onto one scale with `vernier unify`, or omit --global")
    }
    return try sets.map { set in
      var matched: [MatchedScores] = []
      for source in sources {
        let found = try set.match(
          source, isOnlyScale: sets.count == 1, skipsMissing: skipMissing)
        guard let found else { continue }
        if found.unused > 0, split == nil, !source.isRun {
          Messages.say("Note: \(found.model.name): \(found.unused) scores belong to other photos")
        }
        matched.append(found)
      }
      guard !matched.isEmpty else {
        throw InputError(
          "scores", "no model has scores of \(set.attribute)",
          remedy: "name the attribute: NAME@\(set.attribute)=FILE")
      }
      let missing = Set(matched.flatMap(\.missing))
      if !missing.isEmpty {
        Messages.say(
          "Note: \(missing.count) of \(set.photos.count) photos lack a score and are left out")
      }
      let models = matched.map { found in
        ModelPredictions(
          name: found.model.name,
          predictions: found.model.predictions.filter {
            !missing.contains(ScenePhoto(scene: $0.scene, photo: $0.photo))
          }, hasUnit: found.model.hasUnit, hasOneScale: found.model.hasOneScale)
      }
      return try ModelComparison(set, models: models, metrics: metrics, bootstrap: settings)
    }
  }

  /// What the tables depend on.
  func provenance(_ command: String) throws -> Provenance {
    let files = try sources().map { $0.isRun ? "\($0.path)/predictions.csv" : $0.path }
    return Provenance(
      command: [command], seed: seed,
      settings: ["bootstrap": .integer(bootstrap), "part": .text(part.rawValue)],
      inputs: try Provenance.digests(of: files + scale + (split.map { [$0] } ?? [])))
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
