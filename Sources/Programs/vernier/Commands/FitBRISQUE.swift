import ArgumentParser
import Documents
import Domain
import Files
import HandcraftedModels
import Statistics
import Synchronization
import TrainingWorkflow

/// Fits BRISQUE to scores.
struct FitBRISQUE: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "brisque",
    abstract:
      "Fit BRISQUE's regression to scores: libsvm's epsilon-SVR, C and gamma by cross-validation.",
    discussion: """
      If the file has scenes, photos of one scene are never in the training and the validation \
      part at once. The grid is printed with its errors; the model is fitted to all photos at the \
      point with the smallest error. Its scores have the unit and the direction of the given ones.
      """)

  @Option(
    help: """
      A score file of PIQ23 or Vernier, or any CSV with IMAGE (or photo) and JOD, SCORE or MOS.
      """)
  var scores: String
  @Option(help: "The folder of the photos (in it or in its folder <Attribute>).")
  var photos: String
  @Option(help: "The JSON file to write.")
  var out: String
  @Option(help: "The column of the scores.")
  var column: String?
  @Option(help: "The attribute to use if the file has several.")
  var attribute: String?
  @Option(help: "The unit of the scores (default: the file's own, else the column's name).")
  var unit: String?
  @Option(name: .customLong("log2-c"), help: "The grid's exponents of C: FROM,TO,STEP.")
  var logCost = "-1,11,2"
  @Option(name: .customLong("log2-gamma"), help: "The grid's exponents of gamma: FROM,TO,STEP.")
  var logGamma = "-9,-1,2"
  @Option(help: "libsvm's epsilon, in the scores' unit (default: a tenth of their deviation).")
  var epsilon: Double?
  @Option(help: "The number of folds of the cross-validation.")
  var folds = 5
  @Option(help: "Seed of the division into folds.")
  var seed: UInt64 = 1
  @Option(help: "The number of threads (default: all processors).")
  var threads: Int?
  @OptionGroup var reading: PhotoReadingOptions

  func run() throws {
    let search = BRISQUEGridSearch(
      costs: try exponents("--log2-c", logCost), gammas: try exponents("--log2-gamma", logGamma),
      epsilon: epsilon, folds: folds, seed: seed, threads: threads)
    let data = try ScoredPhotos(
      path: scores, images: photos, column: column, attribute: attribute.map { Attribute($0) })
    let (features, kept) = try self.features(data)
    let line = Mutex(ProgressLine("grid", total: search.costs.count * search.gammas.count))
    let result = try search.run(
      features: features, targets: kept.map { data.scores[$0] },
      groups: kept.map { data.groups[$0] },
      progress: { done in line.withLock { $0.update(done) } })
    var model = result.model
    model.unit = unit.map { ScoreUnit(text: $0) } ?? data.unit
    try model.save(out)
    let epsilon = search.epsilon(for: kept.map { data.scores[$0] })
    try FitRecord.write(
      model: out, command: ["fit", "brisque"], seed: seed,
      settings: [
        "C": .number(result.best.cost), "gamma": .number(result.best.gamma),
        "epsilon": .number(epsilon), "folds": .integer(result.folds), "log2-c": .text(logCost),
        "log2-gamma": .text(logGamma), "column": .text(data.column),
        "crossValidatedMSE": .number(result.best.meanSquaredError),
      ], photos: kept.map { data.photos[$0] }, more: [scores])
    show(result, data, kept.count)
    let best = result.best
    if best.cost == search.costs.max() || best.cost == search.costs.min()
      || best.gamma == search.gammas.max() || best.gamma == search.gammas.min()
    {
      Messages.say("The best point lies at the grid's edge; widen --log2-c or --log2-gamma")
    }
    if kept.count < data.photos.count { throw ExitCode.failure }
  }

  /// The features of the photos that can be read, and which those are.
  private func features(_ data: ScoredPhotos) throws -> ([[Double]], [Int]) {
    var (batch, line) = (Batch(), ProgressLine("features", total: data.photos.count))
    var (features, kept) = ([[Double]](), [Int]())
    let options = try reading.decoding()
    for (index, photo) in data.photos.enumerated() {
      batch.attempt(photo) {
        features.append(try BRISQUE.features(HandcraftedPhotos.grey(photo, reading: options)))
        kept.append(index)
      }
      line.update(index + 1)
    }
    return (features, kept)
  }

  private func show(_ result: BRISQUEGridSearch.Result, _ data: ScoredPhotos, _ count: Int) {
    print(
      TextTable(
        caption: "\(result.folds)-fold cross-validation, "
          + (data.hasScenes ? "scenes apart" : "photos apart"),
        columns: ["C", "gamma", "MSE", "SRCC", ""],
        rows: result.points.map { point in
          [
            NumberFormat.short(point.cost), NumberFormat.short(point.gamma),
            NumberFormat.fixed(point.meanSquaredError, 4), NumberFormat.fixed(point.spearman, 3),
            point == result.best ? "← best" : "",
          ]
        }
      ).terminalText())
    let vectors = result.model.supportVectorCount
    Messages.say(
      "\(count) photos, \(vectors) support vectors; cross-validated MSE "
        + "\(NumberFormat.fixed(result.best.meanSquaredError, 4)), constant mean: "
        + "\(NumberFormat.fixed(result.baselineError, 4)); model: \(out)")
  }

  /// Powers of 2 from `FROM,TO,STEP`.
  private func exponents(_ name: String, _ text: String) throws -> [Double] {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) }
    guard numbers.count == 3, let from = numbers[0], let to = numbers[1], let step = numbers[2],
      step > 0, from <= to, from >= -60, to <= 60
    else {
      throw InputError(
        name, "«\(text)» is not a range", remedy: "give FROM,TO,STEP, such as \(name)=-1,11,2")
    }
    return BRISQUEGridSearch.powersOfTwo(Array(stride(from: from, through: to, by: step)))
  }
}
