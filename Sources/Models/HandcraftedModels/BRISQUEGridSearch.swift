import Domain
import Statistics

/// Chooses the settings of BRISQUE's regression by cross-validation over a grid, as libsvm's guide
/// does.
///
/// Photos of one group, such as one scene, are never in the training and in the validation part at
/// once. The range of the features belongs to the model, so it is found anew in every training
/// part.
///
/// Source: Hsu, Chang and Lin 2016, «A practical guide to support vector classification», section
/// 3.2.
public struct BRISQUEGridSearch: Sendable {
  /// One place of the grid.
  public struct Point: Hashable, Sendable {
    /// libsvm's C.
    public let cost: Double
    /// libsvm's gamma.
    public let gamma: Double
    /// The mean squared error over all photos, each predicted by a model that saw nothing of its
    /// group.
    public let meanSquaredError: Double
    /// Spearman's correlation over all photos, predicted so; nil where it isn't defined.
    public let spearman: Double?
  }

  /// What came out.
  public struct Result: Sendable {
    /// All places of the grid, C by C.
    public let points: [Point]
    /// The place with the smallest error; the smallest C and gamma among equals.
    public let best: Point
    /// The mean squared error of answering with the mean of the training part.
    public let baselineError: Double
    /// The number of parts that the photos were divided into.
    public let folds: Int
    /// The model of all photos at the best place.
    public let model: BRISQUEModel
  }

  /// The values of C.
  public var costs: [Double]
  /// The values of gamma.
  public var gammas: [Double]
  /// libsvm's epsilon, in the unit of the scores; nil for a tenth of their standard deviation.
  public var epsilon: Double?
  /// The number of parts; fewer when there are fewer groups.
  public var folds: Int
  /// The seed of the division into parts.
  public var seed: UInt64
  /// The number of threads; nil for one a processor.
  public var threads: Int?

  /// Plans a search: by default C = 2⁻¹…2¹¹ and gamma = 2⁻⁹…2⁻¹ in steps of 4 times, 5 parts.
  public init(
    costs: [Double] = powersOfTwo([-1, 1, 3, 5, 7, 9, 11]),
    gammas: [Double] = powersOfTwo([-9, -7, -5, -3, -1]),
    epsilon: Double? = nil, folds: Int = 5, seed: UInt64 = 1, threads: Int? = nil
  ) {
    (self.costs, self.gammas, self.epsilon) = (costs, gammas, epsilon)
    (self.folds, self.seed, self.threads) = (folds, seed, threads)
  }

  /// The powers of 2 with these exponents.
  public static func powersOfTwo(_ exponents: [Int]) -> [Double] {
    exponents.map { Double(sign: .plus, exponent: $0, significand: 1) }
  }

  /// The epsilon that a search over these scores uses.
  public func epsilon(for targets: [Double]) -> Double {
    epsilon ?? 0.1 * Descriptive.standardDeviation(targets)
  }

  /// Searches the grid and trains on all photos at its best place.
  ///
  /// - Parameters:
  ///   - features: for each photo the 36 numbers of ``BRISQUE/features(_:)``.
  ///   - targets: for each photo its score.
  ///   - groups: for each photo the name of its group; each photo its own where nothing ties photos
  ///     together.
  ///   - progress: called with the number of finished points, on any thread.
  /// - Returns: the grid, its best place and the model; the same photos and seed always give the
  ///   same.
  /// - Throws: `InputError` when there are fewer than 2 groups, or a setting is out of range.
  public func run(
    features: [[Double]], targets: [Double], groups: [String],
    progress: @Sendable @escaping (Int) -> Void = { _ in }
  ) throws -> Result {
    try check(features, targets, groups)
    let parts = Self.parts(of: groups, count: folds, seed: seed)
    let count = (parts.max() ?? 0) + 1
    let epsilon = epsilon(for: targets)
    let places = costs.sorted().flatMap { cost in gammas.sorted().map { (cost, $0) } }
    @Sendable func settings(_ cost: Double, _ gamma: Double) -> BRISQUEModel.TrainingSettings {
      var settings = BRISQUEModel.TrainingSettings()
      (settings.cost, settings.gamma, settings.epsilon) = (cost, gamma, epsilon)
      return settings
    }
    let points = try Parallel.map(
      count: places.count, threads: threads, progress: progress, state: {},
      body: { _, index in
        let (cost, gamma) = places[index]
        var predicted = targets
        for part in 0..<count {
          let training = parts.indices.filter { parts[$0] != part }
          let model = try BRISQUEModel.train(
            features: training.map { features[$0] }, targets: training.map { targets[$0] },
            settings: settings(cost, gamma))
          for photo in parts.indices where parts[photo] == part {
            predicted[photo] = try model.score(features: features[photo])
          }
        }
        let error = zip(predicted, targets).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        let spearman = Correlation.spearman(predicted, targets)
        return Point(
          cost: cost, gamma: gamma, meanSquaredError: error / Double(targets.count),
          spearman: spearman.isFinite ? spearman : nil)
      })
    guard let best = points.min(by: { $0.meanSquaredError < $1.meanSquaredError }) else {
      throw InputError("the grid", "it has no points", remedy: "give values of C and gamma")
    }
    return Result(
      points: points, best: best, baselineError: Self.baseline(targets, parts, count),
      folds: count,
      model: try BRISQUEModel.train(
        features: features, targets: targets, settings: settings(best.cost, best.gamma)))
  }

  private func check(
    _ features: [[Double]], _ targets: [Double], _ groups: [String]
  ) throws(InputError) {
    let subject = "training of BRISQUE"
    guard features.count == targets.count, groups.count == targets.count else {
      throw InputError(
        subject, "\(features.count) photos, \(targets.count) scores, \(groups.count) groups",
        remedy: "give one of each for every photo")
    }
    let distinct = Set(groups).count
    guard distinct >= 2, targets.count >= 4, folds >= 2 else {
      throw InputError(
        subject, "\(targets.count) photos of \(distinct) scenes can't be cross-validated",
        remedy: "give at least 4 photos of 2 scenes, and 2 folds")
    }
    let values = costs + gammas
    guard !costs.isEmpty, !gammas.isEmpty, values.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw InputError(
        subject, "C and gamma must be numbers above 0", remedy: "change the grid")
    }
    guard let first = targets.first, targets.contains(where: { $0 != first }) else {
      throw InputError(
        subject, "all scores are equal", remedy: "give photos of different quality")
    }
    guard epsilon(for: targets) >= 0 else {
      throw InputError(subject, "epsilon is below 0", remedy: "give 0 or more")
    }
  }

  /// Divides groups into parts of about equal size: in random order, each to the smallest part so
  /// far.
  private static func parts(of groups: [String], count: Int, seed: UInt64) -> [Int] {
    var sizes: [String: Int] = [:]
    for group in groups { sizes[group, default: 0] += 1 }
    var generator = SeededGenerator(seed: seed)
    let names = sizes.keys.sorted {
      $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars)
    }
    var filled = [Int](repeating: 0, count: min(count, names.count))
    var part: [String: Int] = [:]
    for name in generator.shuffled(names) {
      let smallest = filled.indices.min { filled[$0] < filled[$1] } ?? 0
      part[name] = smallest
      filled[smallest] += sizes[name, default: 0]
    }
    return groups.map { part[$0, default: 0] }
  }

  private static func baseline(_ targets: [Double], _ parts: [Int], _ count: Int) -> Double {
    var sum = 0.0
    for part in 0..<count {
      let mean = Descriptive.mean(targets.indices.filter { parts[$0] != part }.map { targets[$0] })
      for photo in parts.indices where parts[photo] == part {
        sum += (targets[photo] - mean) * (targets[photo] - mean)
      }
    }
    return sum / Double(targets.count)
  }
}
