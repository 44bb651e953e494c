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
/// Replicates run the choice of pairs of every task on answers drawn from the joint scale, and are
/// fitted like the study. Their mean bias is taken off positions and sensitivities, found in two
/// rounds, the second of which starts from the scale that the first corrected; the scatter of the
/// second round gives the errors, which are never below those of the observed information.
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
  let start = plain.minus(first.bias(from: plain))
  let second = try fit.replicates(of: start, by: replay, places: (total / 4)..<total)
  return fit.corrected(plain.minus(second.bias(from: start)), scatter: second, level: level)
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
    let simulations = study.scenes.map { replay.scenes[$0] ?? replay.cross } + [replay.cross]
    let positions = zip(study.photosOfTask, start.logSensitivities).map { photos, tau in
      photos.map { exp(tau) * start.positions[$0] }
    }
    let generator = SeededGenerator(seed: replay.seed).stream(UInt64.max - 1)
    let found = try Parallel.map(
      count: places.count, threads: replay.threads, state: {},
      body: { _, replicate -> Unknowns? in
        var random = generator.stream(UInt64(places.lowerBound + replicate))
        let tasks = try zip(simulations, positions).map { try $0($1, &random) }
        let drawn = model.with(JointStudy.votes(tasks, photosOfTask: study.photosOfTask))
        return drawn.solve(startingAt: start).map { centered($0.unknowns) }
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
      let center = Descriptive.mean(lines.map { log($0[scene].a) })
      let slopes = lines.map { line.a * exp(log($0[scene].a) - center) }
      return line.widened(
        slope: deviation(slopes), offset: deviation(lines.map { $0[scene].b }))
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

extension JointLikelihood.Unknowns {
  fileprivate func minus(_ other: Self) -> Self {
    Self(
      positions: zip(positions, other.positions).map { $0 - $1 },
      logSensitivities: zip(logSensitivities, other.logSensitivities).map { $0 - $1 })
  }
}

extension [JointLikelihood.Unknowns] {
  /// By how much fits lie off the scale that they were drawn from, in the mean.
  fileprivate func bias(from start: JointLikelihood.Unknowns) -> JointLikelihood.Unknowns {
    func mean(_ part: (JointLikelihood.Unknowns) -> [Double], _ place: Int) -> Double {
      Descriptive.mean(map { part($0)[place] })
    }
    return JointLikelihood.Unknowns(
      positions: start.positions.indices.map {
        mean(\.positions, $0) - start.positions[$0]
      },
      logSensitivities: start.logSensitivities.indices.map {
        mean(\.logSensitivities, $0) - start.logSensitivities[$0]
      })
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
