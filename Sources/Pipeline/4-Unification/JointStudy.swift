import Domain
import Glibc
import Statistics

/// The votes of a study with its photos numbered through.
struct JointStudy {
  let attribute: Attribute
  let scenes: [SceneID]
  let names: [ScenePhoto]
  let sceneOfPhoto: [Int]
  /// The numbers of each scene's photos.
  let members: [[Int]]
  /// The numbers of the photos of each task, in the order of its votes: the scenes', then those
  /// judged across scenes.
  let photosOfTask: [[Int]]
  let votes: [JointLikelihood.Votes]
  let totals: [Int]
  /// The photos judged across scenes, scene by scene.
  let shared: [[Int]]

  init(within: [SceneJudgements], cross: SceneJudgements) throws(InputError) {
    let within = within.sorted { $0.scene < $1.scene }
    guard !within.isEmpty else {
      throw InputError("scenes", "there are none", remedy: "give the votes of at least 1 scene")
    }
    for (scene, next) in zip(within, within.dropFirst()) where scene.scene == next.scene {
      throw InputError("scene \(scene.scene)", "it occurs twice", remedy: "give each scene once")
    }
    for scene in within where scene.attribute != cross.attribute {
      throw InputError(
        "scene \(scene.scene)",
        "its votes are on «\(scene.attribute)», those across scenes on «\(cross.attribute)»",
        remedy: "unify one attribute at a time")
    }
    attribute = cross.attribute
    scenes = within.map(\.scene)
    var number: [ScenePhoto: Int] = [:]
    var names: [ScenePhoto] = []
    var sceneOfPhoto: [Int] = []
    var byName: [PhotoID: [Int]] = [:]
    for (index, scene) in within.enumerated() {
      for photo in scene.photos {
        let name = ScenePhoto(scene: scene.scene, photo: photo)
        number[name] = names.count
        byName[photo, default: []].append(names.count)
        names.append(name)
        sceneOfPhoto.append(index)
      }
    }
    var crossNumbers: [Int] = []
    for photo in cross.photos {
      if let name = ScenePhoto(crossName: photo), let known = number[name] {
        crossNumbers.append(known)
        continue
      }
      let found = byName[photo] ?? []
      guard found.count == 1 else {
        throw InputError(
          "cross-scene photo \(photo)",
          found.isEmpty ? "no scene has it" : "\(found.count) scenes have a photo of that name",
          remedy: "name it scene/photo, with a photo that was judged within its scene")
      }
      crossNumbers.append(found[0])
    }
    self.names = names
    self.sceneOfPhoto = sceneOfPhoto
    members = within.indices.map { scene in
      names.indices.filter { sceneOfPhoto[$0] == scene }
    }
    photosOfTask = members + [crossNumbers]
    votes = Self.votes(
      (within + [cross]).map { ComparisonMatrix($0) }, photosOfTask: photosOfTask)
    var totals = [Double](repeating: 0, count: names.count)
    for pair in votes {
      totals[pair.first] += pair.total
      totals[pair.second] += pair.total
    }
    self.totals = totals.map { Int($0.rounded()) }
    let sharedPhotos = Set(crossNumbers)
    shared = members.map { $0.filter(sharedPhotos.contains) }
    try checkLinks()
  }

  /// The votes of all tasks by the numbers of the photos.
  static func votes(
    _ tasks: [ComparisonMatrix], photosOfTask: [[Int]]
  ) -> [JointLikelihood.Votes] {
    var votes: [JointLikelihood.Votes] = []
    for (task, matrix) in tasks.enumerated() {
      for pair in matrix.pairs {
        let (i, j) = (photosOfTask[task][pair.first], photosOfTask[task][pair.second])
        guard i != j else { continue }
        votes.append(
          JointLikelihood.Votes(
            first: i, second: j, firstWins: pair.firstWins + 0.5 * pair.ties,
            secondWins: pair.secondWins + 0.5 * pair.ties, task: task))
      }
    }
    return votes
  }

  /// Every scene needs two photos judged across scenes, and all photos one chain of comparisons.
  private func checkLinks() throws(InputError) {
    if scenes.count > 1 {
      for (scene, photos) in zip(scenes, shared) where photos.count < 2 {
        throw InputError(
          "scene \(scene)", "\(photos.count) of its photos were judged across scenes",
          remedy: "judge at least 2, from both ends of its scale, or leave the scene out")
      }
    }
    var chains = DisjointSets(count: names.count)
    for vote in votes { chains.join(vote.first, vote.second) }
    let roots = chains.roots()
    if let stray = names.indices.first(where: { roots[$0] != roots[0] }) {
      throw InputError(
        "scenes \(names[0].scene) and \(names[stray].scene)",
        "no chain of comparisons joins \(names[0].crossName) and \(names[stray].crossName)",
        remedy: "compare photos of the two groups with one another")
    }
  }

  /// All positions 0 and all tasks alike.
  var start: JointLikelihood.Unknowns {
    JointLikelihood.Unknowns(
      positions: [Double](repeating: 0, count: names.count),
      logSensitivities: [Double](repeating: 0, count: scenes.count + 1))
  }

  /// The same scale in the unit of another scene.
  func changed(
    _ unknowns: JointLikelihood.Unknowns, to scene: Int
  ) -> JointLikelihood.Unknowns {
    let tau = unknowns.logSensitivities[scene]
    return JointLikelihood.Unknowns(
      positions: unknowns.positions.map { exp(tau) * $0 },
      logSensitivities: unknowns.logSensitivities.map { $0 - tau })
  }

  func range(of scene: Int, _ positions: [Double]) -> Double {
    let own = members[scene].map { positions[$0] }
    return (own.max() ?? 0) - (own.min() ?? 0)
  }

  /// The mean of a scene's photos as a weighting of photos.
  private func meanWeights(_ scene: Int) -> [(Int, Double)] {
    members[scene].map { ($0, 1 / Double(members[scene].count)) }
  }

  /// Slopes and offsets of the lines that unknowns imply.
  func lines(
    _ unknowns: JointLikelihood.Unknowns, reference: Int
  ) -> [(a: Double, b: Double)] {
    let tau = unknowns.logSensitivities
    let task = scenes.count
    func mean(_ scene: Int) -> Double {
      Descriptive.mean(members[scene].map { unknowns.positions[$0] })
    }
    let origin = mean(reference)
    return scenes.indices.map { scene in
      (exp(tau[task] - tau[scene]), exp(tau[task]) * (mean(scene) - origin))
    }
  }

  /// The lines that the joint scale implies: each scene's own scale has mean 0.
  ///
  /// `a = t_0/t_j`, `b = t_0·(ū_j − ū_r)`, errors to the first order.
  func alignments(
    _ model: JointLikelihood, _ solution: JointLikelihood.Solution
  ) -> [SceneAlignment] {
    let positions = solution.unknowns.positions
    let tau = solution.unknowns.logSensitivities
    let task = scenes.count
    let sensitivity = exp(tau[task])
    let lines = self.lines(solution.unknowns, reference: model.reference)
    return scenes.indices.map { scene in
      let (a, b) = lines[scene]
      let slope = model.vector(photos: [], tasks: [(task, 1), (scene, -1)])
      let weights =
        meanWeights(scene).map { ($0.0, sensitivity * $0.1) }
        + meanWeights(model.reference).map { ($0.0, -sensitivity * $0.1) }
      let offset = model.vector(photos: weights, tasks: [(task, b)])
      let solvedSlope = solution.factor.solve(slope)
      let solvedOffset = solution.factor.solve(offset)
      let own = shared[scene].map { positions[$0] }
      let logError = max(0, slope.dot(solvedSlope)).squareRoot()
      let error = LineFit.slopeError(a, logarithm: logError)
      return SceneAlignment(
        scene: scenes[scene], a: a, b: b, aStandardError: error,
        bStandardError: max(0, offset.dot(solvedOffset)).squareRoot(),
        abCovariance: offset.dot(solvedSlope) * (logError > 0 ? error / logError : a),
        sharedPhotos: own.count,
        residualStandardDeviation: 0,
        sharedRange: exp(tau[scene]) * ((own.max() ?? 0) - (own.min() ?? 0)))
    }
  }

  /// All photos relative to the mean of the reference scene.
  func photos(
    _ model: JointLikelihood, _ solution: JointLikelihood.Solution, reference: Int, level: Double
  ) -> [ScaledPhoto] {
    let positions = solution.unknowns.positions
    let origin = Descriptive.mean(members[reference].map { positions[$0] })
    let weights = model.vector(photos: meanWeights(reference), tasks: [])
    let solved = solution.factor.solve(weights)
    let covariances = model.positions(of: solved)
    let originVariance = weights.dot(solved)
    let variances = model.positions(of: solution.factor.inverseDiagonal())
    let quantile = StandardNormal.quantile(0.5 + 0.5 * level)
    return names.indices.map { photo in
      let score = positions[photo] - origin
      let deviation =
        max(0, variances[photo] + originVariance - 2 * covariances[photo]).squareRoot()
      return ScaledPhoto(
        photo: names[photo].photo, scene: names[photo].scene, score: score,
        standardDeviation: deviation,
        interval: ConfidenceInterval(
          low: score - quantile * deviation, high: score + quantile * deviation,
          level: level),
        comparisons: totals[photo])
    }
  }

  /// Warnings about scenes with a weak link.
  func warnings(_ alignments: [SceneAlignment]) -> [String] {
    var warnings: [String] = []
    for (line, photos) in zip(alignments, shared) where scenes.count > 1 {
      if line.aStandardError > 0.5 * line.a {
        warnings.append(
          "\(line.scene): its slope \(short(line.a)) has a standard error of "
            + "\(short(line.aStandardError)); collect more cross-scene votes on photos from both "
            + "ends of its scale")
      }
      if photos.count == 2 {
        warnings.append(
          "\(line.scene): only 2 photos were judged across scenes; a third would check the line")
      }
    }
    return warnings
  }
}
