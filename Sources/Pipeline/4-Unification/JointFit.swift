import Domain
import Glibc

/// The most probable joint scale of a study.
struct JointFit {
  let study: JointStudy
  let model: JointLikelihood
  let solution: JointLikelihood.Solution
  /// The scale of each task alone; nil for one that has none.
  let scales: [TaskScale?]
  /// The number of the scene whose scale is the unit, and why it is.
  let reference: Int
  let reason: String
  /// Whether the sensitivities come from expected qualities; else they are the most probable ones.
  let isCalibrated: Bool

  /// Fits a study.
  ///
  /// - Parameters:
  ///   - study: the votes.
  ///   - reference: the scene whose scale is the unit; nil chooses the widest well-linked one.
  ///   - priorVariance: of the scores on each task's own scale, in JOD².
  ///   - sensitivitySpread: the standard deviation of the prior on the logarithms of sensitivities.
  /// - Throws: `InputError` for an unknown reference, or when the search does not converge.
  init(
    _ study: JointStudy, reference: SceneID?, priorVariance: Double, sensitivitySpread: Double
  ) throws(InputError) {
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
    if reference == nil {
      let alignments = study.alignments(model, solution)
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
      if r != first { (model, solution) = try solve(r, study.changed(solution.unknowns, to: r)) }
    }
    scales = model.ownScales(of: study.photosOfTask)
    let calibrated = Self.calibrated(
      scales, study.photosOfTask, model, startingAt: solution.unknowns)
    isCalibrated = calibrated != nil || study.scenes.count == 1
    solution = calibrated ?? solution
    (self.study, self.model, self.solution) = (study, model, solution)
    (self.reference, self.reason) = (r, reason)
  }

  /// The most probable positions with the sensitivities that the expected qualities of the photos
  /// across scenes give.
  ///
  /// - Parameters:
  ///   - scales: The scale of each task alone.
  ///   - photosOfTask: The numbers of the photos of each task.
  ///   - model: The likelihood of the votes.
  ///   - start: Where the search begins.
  /// - Returns: The solution; nil where a scene has no rising line.
  static func calibrated(
    _ scales: [TaskScale?], _ photosOfTask: [[Int]], _ model: JointLikelihood,
    startingAt start: JointLikelihood.Unknowns
  ) -> JointLikelihood.Solution? {
    JointSensitivities(scales, photosOfTask, model).flatMap {
      model.solve(with: $0, startingAt: start)
    }
  }

  /// The unified scale with the errors of the observed information.
  func unification(level: Double) -> JointUnification {
    let alignments = study.alignments(model, solution)
    return unification(
      alignments,
      photos: study.photos(model, solution, reference: reference, level: level))
  }

  /// A unified scale of these lines and photos.
  func unification(_ alignments: [SceneAlignment], photos: [ScaledPhoto]) -> JointUnification {
    JointUnification(
      scale: UnifiedScale(
        attribute: study.attribute, referenceScene: study.scenes[reference],
        referenceReason: reason, alignments: alignments, photos: photos),
      logLikelihood: -model.deviance(solution.unknowns), iterations: solution.iterations,
      warnings: study.warnings(alignments)
        + (isCalibrated
          ? []
          : [
            "the photos across scenes have no rising line in every scene: the slopes are the most "
              + "probable ones, and their intervals too narrow"
          ]))
  }
}
