public import Domain
import Glibc
import Statistics

/// A unified scale from one likelihood of all votes.
public struct JointUnification: Hashable, Sendable, Codable {
  /// The unified scale; its alignments are those that the model implies, for comparison with the
  /// two-step way.
  public let scale: UnifiedScale
  /// The logarithm of the probability of all votes, without the priors.
  public let logLikelihood: Double
  /// The steps that the search took.
  public let iterations: Int
  /// Everything worth a look, one sentence each.
  public let warnings: [String]
}

/// Brings several scenes onto one scale by one likelihood over the votes within and across scenes.
///
/// Every photo has one position in JOD of the reference scene. Votes within scene `j` see the
/// differences multiplied by a sensitivity `t_j` (1 in the reference scene), votes across scenes by
/// `t_0`; so a line `y = a_j·x + b_j` with `a_j = t_0/t_j` leads from each scene's own scale to the
/// cross-scene scale, as in paper 2, but positions and lines are found together: cross-scene votes
/// also sharpen the order within a scene, every vote has its proper weight, and errors in `x` do
/// not flatten the slopes. The origin is the mean of the reference scene's photos.
///
/// Standard deviations come from the observed information (the inverse Hessian at the maximum);
/// intervals are normal. They hold for votes that are independent given the qualities; a bootstrap
/// over observers, which repeats this function on resampled judgements, also covers differences
/// between observers.
///
/// - Parameters:
///   - within: the judgements of each scene, one attribute.
///   - cross: the judgements across scenes. Photos are named `scene/photo`
///     (``ScenePhoto/crossName``), or by their own name when only one scene has it.
///   - reference: the scene whose scale is the unit; nil chooses the widest well-linked one.
///   - priorVariance: of the scores on each task's own scale, in JOD²; keeps photos that won all
///     their votes finite.
///   - sensitivitySpread: how far the tasks' sensitivities lie apart, as the standard deviation of
///     the prior on their logarithms: with 0.5, 95 % of the tasks are within a factor of 2.7 of the
///     reference scene.
///   - level: the probability of the intervals.
/// - Returns: the unified scale in true JOD of the reference scene.
/// - Throws: `InputError` that names the scene: fewer than 2 photos judged across scenes, scenes
///   that are not connected, unknown photos or reference, mixed attributes.
public func unifyJointly(
  within: [SceneJudgements], cross: SceneJudgements, reference: SceneID? = nil,
  priorVariance: Double = 100, sensitivitySpread: Double = 0.5, level: Double = 0.95
) throws(InputError) -> JointUnification {
  guard priorVariance > 0, priorVariance.isFinite, sensitivitySpread > 0,
    sensitivitySpread.isFinite, level > 0, level < 1
  else {
    throw InputError(
      "joint unification",
      "the priors' variance and spread must be above 0 and the level between 0 and 1",
      remedy: "give 100 JOD², 0.5 and 0.95")
  }
  let study = try JointStudy(within: within, cross: cross)
  if let reference, !study.scenes.contains(reference) {
    throw InputError(
      "reference scene \(reference)", "there is no such scene",
      remedy: "choose one of \(listed(study.scenes.map(\.text)))")
  }
  func solve(
    _ r: Int, _ start: JointLikelihood.Unknowns
  ) throws(InputError) -> (JointLikelihood, JointLikelihood.Solution) {
    let model = JointLikelihood(
      sceneOfPhoto: study.sceneOfPhoto, votes: study.votes, scenes: study.scenes.count,
      reference: r, priorVariance: priorVariance, sensitivitySpread: sensitivitySpread)
    guard let solution = model.solve(startingAt: start) else {
      throw InputError(
        "joint unification", "the search for the most probable scale did not converge",
        remedy: "unify by per-scene lines to see which scene contradicts the cross-scene votes")
    }
    return (model, solution)
  }
  let first = reference.flatMap { study.scenes.firstIndex(of: $0) } ?? 0
  var (model, solution) = try solve(first, study.start)
  var r = first
  var reason = "given by the user"
  var alignments = study.alignments(model, solution)
  if reference == nil {
    let candidates = study.scenes.indices.map { scene in
      ReferenceCandidate(
        alignment: alignments[scene],
        crossRange: exp(solution.unknowns.logSensitivities[study.scenes.count])
          * study.range(of: scene, solution.unknowns.positions),
        rSquared: nil)
    }
    if let choice = chooseReference(candidates) {
      r = study.scenes.firstIndex(of: choice.scene) ?? 0
      reason = choice.reason
    }
    if r != first {
      (model, solution) = try solve(r, study.changed(solution.unknowns, to: r))
      alignments = study.alignments(model, solution)
    }
  }
  return JointUnification(
    scale: UnifiedScale(
      attribute: cross.attribute, referenceScene: study.scenes[r], referenceReason: reason,
      alignments: alignments, photos: study.photos(model, solution, reference: r, level: level)),
    logLikelihood: -model.deviance(solution.unknowns), iterations: solution.iterations,
    warnings: study.judge(alignments))
}

/// The votes of a study with its photos numbered through.
private struct JointStudy {
  let scenes: [SceneID]
  let names: [ScenePhoto]
  let sceneOfPhoto: [Int]
  /// The numbers of each scene's photos.
  let members: [[Int]]
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
    var votes: [JointLikelihood.Votes] = []
    var totals = [Double](repeating: 0, count: names.count)
    func add(_ judgements: SceneJudgements, task: Int, _ photo: (Int) -> Int) {
      for pair in ComparisonMatrix(judgements).pairs {
        let (i, j) = (photo(pair.first), photo(pair.second))
        guard i != j else { continue }
        totals[i] += pair.total
        totals[j] += pair.total
        votes.append(
          JointLikelihood.Votes(
            first: i, second: j, firstWins: pair.firstWins + 0.5 * pair.ties,
            secondWins: pair.secondWins + 0.5 * pair.ties, task: task))
      }
    }
    for (index, scene) in within.enumerated() {
      let offset = members[index].first ?? 0
      add(scene, task: index) { offset + $0 }
    }
    add(cross, task: within.count) { crossNumbers[$0] }
    self.votes = votes
    self.totals = totals.map { Int($0.rounded()) }
    let sharedPhotos = Set(crossNumbers)
    shared = members.map { $0.filter(sharedPhotos.contains) }
    try checkLinks()
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
    func mean(_ scene: Int) -> Double { Descriptive.mean(members[scene].map { positions[$0] }) }
    let origin = mean(model.reference)
    return scenes.indices.map { scene in
      let a = exp(tau[task] - tau[scene])
      let b = sensitivity * (mean(scene) - origin)
      let slope = model.vector(photos: [], tasks: [(task, a), (scene, -a)])
      let weights =
        meanWeights(scene).map { ($0.0, sensitivity * $0.1) }
        + meanWeights(model.reference).map { ($0.0, -sensitivity * $0.1) }
      let offset = model.vector(photos: weights, tasks: [(task, b)])
      let solvedSlope = solution.factor.solve(slope)
      let solvedOffset = solution.factor.solve(offset)
      let own = shared[scene].map { positions[$0] }
      return SceneAlignment(
        scene: scenes[scene], a: a, b: b,
        aStandardError: max(0, slope.dot(solvedSlope)).squareRoot(),
        bStandardError: max(0, offset.dot(solvedOffset)).squareRoot(),
        abCovariance: offset.dot(solvedSlope), sharedPhotos: own.count,
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

  /// Sentences about scenes that hang badly.
  func judge(_ alignments: [SceneAlignment]) -> [String] {
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
