import ArgumentParser
import Documents
import Domain
import Files
import HandcraftedModels
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
    var fit = try BRISQUEFit(
      ScoredPhotos(
        path: scores, images: photos, column: column, attribute: attribute.map { Attribute($0) }),
      scores: scores, search: search)
    fit.unit = unit.map { ScoreUnit(text: $0) }
    fit.decoding = try reading.decoding()
    fit.settings = ["log2-c": .text(logCost), "log2-gamma": .text(logGamma)]
    let screen = Screen()
    let outcome = try fit.run(to: out, observer: screen.observer)
    screen.end()
    print(outcome.table.terminalText())
    if outcome.failures > 0 { throw ExitCode.failure }
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
