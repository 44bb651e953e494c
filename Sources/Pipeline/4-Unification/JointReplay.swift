public import Domain
import Glibc
public import Statistics

/// Votes of one task drawn from a known scale under the task's own choice of pairs:
/// `(positions, generator)`, positions in JOD of the task's own scale.
public typealias TaskSimulation =
  @Sendable (_ positions: [Double], _ generator: inout SeededGenerator) throws -> ComparisonMatrix

/// The choice of pairs of every task of a study, to be run again on simulated answers.
public struct JointReplay: Sendable {
  /// The tasks within scenes.
  public var scenes: [SceneID: TaskSimulation]
  /// The task across scenes.
  public var cross: TaskSimulation
  /// The number of replicates, of which a quarter settle where the others are drawn from.
  public var replicates: Int
  /// The seed of all randomness.
  public var seed: UInt64
  /// The number of threads; nil takes one for each processor.
  public var threads: Int?

  /// Describes the choice of pairs; a task whose pairs were chosen beforehand draws answers only.
  public init(
    scenes: [SceneID: TaskSimulation], cross: @escaping TaskSimulation, replicates: Int = 200,
    seed: UInt64 = 1, threads: Int? = nil
  ) {
    (self.scenes, self.cross, self.replicates) = (scenes, cross, replicates)
    (self.seed, self.threads) = (seed, threads)
  }
}

/// Brings several scenes onto one scale by one likelihood, corrected for pairs that earlier answers
/// chose.
///
/// Replicates run the choice of pairs of every task on answers drawn from the joint scale, choose
/// the photos judged across scenes by the scales that come out, and are fitted like the study. The
/// common factor by which they stretch positions and slopes is taken off, found in two rounds, the
/// second of which starts from the scale that the first corrected; the scatter of the second round
/// gives the errors, which are never below those of the observed information.
///
/// Source: bias correction by the parametric bootstrap (Efron and Tibshirani 1993, chapters 6 and
/// 10).
///
/// - Parameters:
///   - within: the judgements of each scene, as for the plain function.
///   - cross: the judgements across scenes.
///   - reference: the scene whose scale is the unit; nil chooses the widest well-linked one.
///   - replay: the choice of pairs.
///   - level: the probability of the intervals.
/// - Returns: the unified scale in true JOD of the reference scene.
/// - Throws: what the plain function and the simulations throw.
public func unifyJointly(
  within: [SceneJudgements], cross: SceneJudgements, reference: SceneID? = nil,
  replay: JointReplay, level: Double = 0.95
) throws -> JointUnification {
  let fit = try JointFit(
    JointStudy(within: within, cross: cross), reference: reference, priorVariance: 100,
    sensitivitySpread: 0.5)
  let total = max(16, replay.replicates)
  let plain = fit.centered(fit.solution.unknowns)
  let first = try fit.replicates(of: plain, by: replay, places: 0..<(total / 4))
  let start = plain.without(first.stretch(of: plain))
  let second = try fit.replicates(of: start, by: replay, places: (total / 4)..<total)
  let stretch = second.stretch(of: start)
  return fit.corrected(plain.without(stretch), scatter: second, level: level)
}

extension JointFit {
  fileprivate typealias Unknowns = JointLikelihood.Unknowns

  /// The same scale with the mean of the reference scene at 0.
  fileprivate func centered(_ unknowns: Unknowns) -> Unknowns {
    let own = study.members[reference].map { unknowns.positions[$0] }
    let origin = Descriptive.mean(own)
    return Unknowns(
      positions: unknowns.positions.map { $0 - origin },
      logSensitivities: unknowns.logSensitivities)
  }

  /// Fits of simulated studies at a scale.
  fileprivate func replicates(
    of start: Unknowns, by replay: JointReplay, places: Range<Int>
  ) throws -> [Unknowns] {
    let simulations = study.scenes.map { replay.scenes[$0] ?? replay.cross }
    let cross = study.scenes.count
    let sensitivity = exp(start.logSensitivities[cross])
    let positions = zip(study.members, start.logSensitivities).map { photos, tau in
      photos.map { exp(tau) * start.positions[$0] }
    }
    let generator = SeededGenerator(seed: replay.seed).stream(UInt64.max - 1)
    let found = try Parallel.map(
      count: places.count, threads: replay.threads, state: {},
      body: { _, replicate -> Unknowns? in
        var random = generator.stream(UInt64(places.lowerBound + replicate))
        var tasks = try zip(simulations, positions).map { try $0($1, &random) }
        // A scene's own scale does not depend on the votes across scenes.
        let within = model.with(JointStudy.votes(tasks, photosOfTask: study.members))
        var scales = within.ownScales(of: study.members)
        guard let photos = chosenAgain(scales) else { return nil }
        tasks.append(try replay.cross(photos.map { sensitivity * start.positions[$0] }, &random))
        let photosOfTask = study.members + [photos]
        let drawn = model.with(JointStudy.votes(tasks, photosOfTask: photosOfTask))
        scales.append(drawn.own(task: cross, of: photos))
        let solution =
          Self.calibrated(scales, photosOfTask, drawn, startingAt: start)
          ?? drawn.solve(startingAt: start)
        return solution.map { centered($0.unknowns) }
      }
    ).compactMap { $0 }
    // A search breaks down where answers happen to leave a sensitivity open, which is rare.
    guard 2 * found.count > places.count else {
      throw InputError(
        "joint unification", "most replicates of the choice of pairs have no finite scale",
        remedy: "give \(Setting("replay")) 0, or unify by per-scene lines")
    }
    return found
  }

  /// The photos that would have been judged across scenes after other answers: those of the same
  /// ranks on their scenes' scales.
  ///
  /// They were chosen along the measured scale, so that the outermost are partly so by luck; the
  /// same photos in every replicate would know nothing of that.
  private func chosenAgain(_ drawn: [TaskScale?]) -> [Int]? {
    var successors: [Int: Int] = [:]
    for (scene, photos) in study.members.enumerated() {
      guard let before = scales[scene]?.scores, let after = drawn[scene]?.scores else { return nil }
      let ranks = photos.indices.sorted { before[$0] < before[$1] }
      for (old, new) in zip(ranks, photos.indices.sorted { after[$0] < after[$1] }) {
        successors[photos[old]] = photos[new]
      }
    }
    return study.photosOfTask[study.scenes.count].compactMap { successors[$0] }
  }

  /// The unified scale at corrected unknowns.
  ///
  /// - Parameters:
  ///   - unknowns: the corrected positions and sensitivities.
  ///   - replicates: fits that scatter as the study's does.
  ///   - level: the probability of the intervals.
  /// - Returns: lines and scores with the larger of both errors.
  fileprivate func corrected(
    _ unknowns: Unknowns, scatter replicates: [Unknowns], level: Double
  ) -> JointUnification {
    let solution = JointLikelihood.Solution(
      unknowns: unknowns, factor: solution.factor, iterations: solution.iterations)
    let count = Double(replicates.count)
    func deviation(_ values: [Double]) -> Double {
      // The bias itself was measured on as many replicates.
      Descriptive.standardDeviation(values) * (1 + 1 / count).squareRoot()
    }
    let lines = replicates.map { study.lines($0, reference: reference) }
    let alignments = study.alignments(model, solution).enumerated().map { scene, line in
      // Slopes scatter by a factor, offsets by JOD.
      let slope = deviation(lines.map { log($0[scene].a) })
      return line.widened(
        slope: LineFit.slopeError(line.a, logarithm: slope),
        offset: deviation(lines.map { $0[scene].b }))
    }
    let quantile = StudentT(degreesOfFreedom: count - 1).quantile(0.5 + 0.5 * level)
    let photos = study.photos(model, solution, reference: reference, level: level)
      .enumerated().map { index, photo in
        let own = deviation(replicates.map { $0.positions[index] })
        let widest = max(own, photo.standardDeviation)
        return ScaledPhoto(
          photo: photo.photo, scene: photo.scene, score: photo.score, standardDeviation: widest,
          interval: ConfidenceInterval(
            low: photo.score - quantile * widest, high: photo.score + quantile * widest,
            level: level),
          comparisons: photo.comparisons)
      }
    return unification(alignments, photos: photos)
  }
}

/// By how much fits come out stretched.
private struct JointStretch {
  /// The factor on all positions.
  let positions: Double
  /// The factor on the sensitivity of the task across scenes, and so on the slopes of all lines.
  let slopes: Double
}

extension JointLikelihood.Unknowns {
  fileprivate func without(_ stretch: JointStretch) -> Self {
    var result = self
    result.positions = positions.map { $0 / stretch.positions }
    if let last = result.logSensitivities.indices.last {
      result.logSensitivities[last] -= log(stretch.slopes)
    }
    return result
  }
}

extension [JointLikelihood.Unknowns] {
  /// By how much fits are stretched against the scale that they were drawn from, in the mean.
  fileprivate func stretch(of start: JointLikelihood.Unknowns) -> JointStretch {
    let mean = Descriptive.mean(start.positions)
    let centered = start.positions.map { $0 - mean }
    let square = centered.reduce(0) { $0 + $1 * $1 }
    func slope(_ fit: JointLikelihood.Unknowns) -> Double {
      zip(centered, fit.positions).reduce(0) { $0 + $1.0 * $1.1 } / square
    }
    let tasks = start.logSensitivities.indices
    func logSlope(_ unknowns: JointLikelihood.Unknowns) -> Double {
      let tau = unknowns.logSensitivities
      return Descriptive.mean(tasks.dropLast().map { tau[tasks.count - 1] - tau[$0] })
    }
    return JointStretch(
      positions: square > 0 ? Descriptive.mean(map(slope)) : 1,
      slopes: exp(Descriptive.mean(map(logSlope)) - logSlope(start)))
  }
}

extension SceneAlignment {
  /// The line with errors at least this large, slope and offset as correlated as before.
  fileprivate func widened(slope: Double, offset: Double) -> Self {
    let (a, b) = (max(slope, aStandardError), max(offset, bStandardError))
    let product = aStandardError * bStandardError
    return Self(
      scene: scene, a: self.a, b: self.b, aStandardError: a, bStandardError: b,
      abCovariance: product > 0 ? abCovariance * a * b / product : 0, sharedPhotos: sharedPhotos,
      residualStandardDeviation: residualStandardDeviation, sharedRange: sharedRange)
  }
}
