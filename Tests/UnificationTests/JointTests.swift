import Domain
import Scaling
import Statistics
import Testing
import Unification

/// A cross-scene task without votes.
private let nothing = SceneJudgements(
  scene: "Cross", attribute: .details, photos: [], observers: [], votes: [])

@Suite struct JointTests {
  @Test func oneSceneAloneIsThurstonesScale() throws {
    let study = try SimulatedStudy(seed: 1)
    let scene = study.within[0]
    let joint = try unifyJointly(within: [scene], cross: nothing, priorVariance: 1e12)
    let fit = try fitScale(ComparisonMatrix(scene), prior: .none)
    for (k, photo) in joint.scale.photos.enumerated() {
      // The same likelihood, maximised by other code; the prior that fixes the origin has a
      // precision of 1e-4.
      #expect(abs(photo.score - fit.jod[k]) < 1e-3)
      #expect(abs(photo.standardDeviation - fit.standardDeviations[k]) < 1e-3)
    }
    #expect(abs(joint.logLikelihood - fit.logLikelihood) < 1e-5)
  }

  @Test func theReferenceIsOnlyAUnit() throws {
    let study = try SimulatedStudy(seed: 2, votesPerPhoto: 400, crossVotesPerPhoto: 400)
    let inA = try unifyJointly(within: study.within, cross: study.cross, reference: "A").scale
    let inC = try unifyJointly(within: study.within, cross: study.cross, reference: "C").scale
    let a = inA.photos.map(\.score)
    let c = inC.photos.map(\.score)
    // Only the weak priors on positions and sensitivities know the unit.
    #expect(Correlation.pearson(a, c) > 0.9999)
    // C is 0.8 times as sensitive as A; 400 votes a photo tell it to about 7 %.
    #expect(
      abs(Descriptive.standardDeviation(c) / Descriptive.standardDeviation(a) - 0.8) < 0.2)
  }

  @Test func choosesAReferenceByItself() throws {
    let study = try SimulatedStudy(seed: 3)
    let joint = try unifyJointly(within: study.within, cross: study.cross)
    #expect(joint.scale.referenceReason.hasPrefix("widest range"))
    let own = joint.scale.photos.filter { $0.scene == joint.scale.referenceScene }
    #expect(abs(Descriptive.mean(own.map(\.score))) < 1e-9)
    #expect(joint.scale.photos.count == 120)
  }

  @Test func scoreFilesTellTheStretchOfTheirScales() throws {
    var covered = 0
    var ratios: [Double] = []
    for seed in 0..<100 {
      let study = try SimulatedStudy(seed: UInt64(700 + seed))
      let inferred = try study.twoSteps(errors: .scores).scale.alignments
      let known = try study.twoSteps(errors: .covariances).scale.alignments
      for (k, line) in study.lines.enumerated() {
        if abs(inferred[k].a - line.a) < 1.96 * inferred[k].aStandardError { covered += 1 }
        ratios.append(inferred[k].aStandardError / known[k].aStandardError)
      }
    }
    // Slopes of one study share the cross-scene task: four standard errors of 100 trials at 95 %
    // are 8.7 %.
    #expect(abs(Double(covered) / 500 - 0.95) < 0.087)
    // Votes at random differ from their expectation; the errors agree in the mean, and each within
    // a quarter.
    #expect(abs(Descriptive.mean(ratios) - 1) < 0.03)
    #expect(ratios.allSatisfy { abs($0 - 1) < 0.25 })
  }

  @Test func scoresThatTellNoErrorsAreLeftToTheResiduals() throws {
    let photo = ScaledPhoto(
      photo: "p", scene: "A", score: 1, standardDeviation: 0.2,
      interval: .init(low: 0, high: 2), comparisons: 9)
    let silent = ScaledPhoto(
      photo: "q", scene: "A", score: -1, standardDeviation: 0.2,
      interval: .init(low: -2, high: 0), comparisons: 0)
    func scale(_ photos: [ScaledPhoto], _ unit: ScaleConvention = .jod) -> SceneScale {
      SceneScale(scene: "A", attribute: .details, convention: unit, photos: photos)
    }
    let cross = CrossScale(attribute: .details, convention: .jod, photos: [photo, photo])
    #expect(ScaleCovariances.inferred(scales: [scale([photo, photo])], cross: cross) != nil)
    #expect(ScaleCovariances.inferred(scales: [scale([photo, silent])], cross: cross) == nil)
    #expect(
      ScaleCovariances.inferred(scales: [scale([photo, photo], .piq23)], cross: cross) == nil)
  }

  @Test func bothWaysRecoverSlopesAndOffsetsWithinTheirErrors() throws {
    let studies = 100
    var covered = (slopes: 0, offsets: 0)
    var coveredJointly = (slopes: 0, offsets: 0)
    for seed in 0..<studies {
      let study = try SimulatedStudy(seed: UInt64(100 + seed))
      let steps = try study.twoSteps(.deming(errorVarianceRatio: nil), errors: .covariances)
        .scale.alignments
      let joint = try unifyJointly(within: study.within, cross: study.cross, reference: "A").scale
        .alignments
      let origin = steps[0].b
      for (k, line) in study.lines.enumerated() {
        if abs(steps[k].a - line.a) < 1.96 * steps[k].aStandardError { covered.slopes += 1 }
        if abs(joint[k].a - line.a) < 1.96 * joint[k].aStandardError { coveredJointly.slopes += 1 }
        guard k > 0 else { continue }
        // Only differences of offsets have a meaning: the cross-scene scale's origin is free.
        let error =
          (steps[k].bStandardError * steps[k].bStandardError
          + steps[0].bStandardError * steps[0].bStandardError).squareRoot()
        if abs(steps[k].b - origin - line.b) < 1.96 * error { covered.offsets += 1 }
        if abs(joint[k].b - line.b) < 1.96 * joint[k].bStandardError { coveredJointly.offsets += 1 }
      }
    }
    let shares = [
      Double(covered.slopes) / 500, Double(covered.offsets) / 400,
      Double(coveredJointly.slopes) / 500, Double(coveredJointly.offsets) / 400,
    ]
    print("coverage of a and b, two steps and joint:", shares)
    // 95 % stated; slopes of one study share the cross-scene task, so four standard errors of 100
    // trials: 8.7 %.
    #expect(shares.allSatisfy { abs($0 - 0.95) < 0.087 })
  }

  @Test func jointIsMoreExactAndItsIntervalsHold() throws {
    var squares = [0.0, 0, 0]
    var covered = [0.0, 0, 0]
    var count = 0.0
    for seed in 0..<40 {
      let study = try SimulatedStudy(seed: UInt64(300 + seed), crossVotesPerPhoto: 20)
      let scales = [
        try study.twoSteps(errors: .covariances).scale,
        try study.twoSteps(.deming(errorVarianceRatio: nil), errors: .covariances).scale,
        try unifyJointly(within: study.within, cross: study.cross, reference: "A").scale,
      ]
      for (k, scale) in scales.enumerated() {
        for (inReference, error, isCovered) in study.errors(scale) where !inReference {
          squares[k] += error * error
          covered[k] += isCovered ? 1 : 0
          if k == 0 { count += 1 }
        }
      }
    }
    print("RMSE least squares, Deming, joint:", squares.map { ($0 / count).squareRoot() })
    print("coverage least squares, Deming, joint:", covered.map { $0 / count })
    #expect(squares[2] < squares[0])
    #expect(squares[2] < squares[1])
    // 96 photos of a study share five lines; 40 studies leave about 2 % of error.
    #expect(abs(covered[2] / count - 0.95) < 0.04)
    #expect(abs(covered[0] / count - 0.95) < 0.05)
  }

  @Test func refusalsNameWhatToDo() throws {
    let study = try SimulatedStudy(seed: 4)
    func problem(_ within: [SceneJudgements], _ cross: SceneJudgements) -> String {
      do throws(InputError) {
        _ = try unifyJointly(within: within, cross: cross, reference: "A")
        return "no error"
      } catch {
        return error.description
      }
    }
    #expect(problem([], study.cross).contains("there are none"))
    #expect(problem(study.within + [study.within[0]], study.cross).contains("twice"))
    #expect(problem(study.within, nothing).contains("0 of its photos were judged across scenes"))
    #expect(problem(Array(study.within.dropFirst()), study.cross).contains("no scene has it"))
    let stranger = SceneJudgements(
      scene: "Cross", attribute: .details, photos: ["A/p00", "p01"], observers: ["x"],
      votes: [.init(observer: 0, a: 0, b: 1, choice: .a)])
    #expect(problem(study.within, stranger).contains("5 scenes have a photo of that name"))
    let other = SceneJudgements(
      scene: "Cross", attribute: .overall, photos: [], observers: [], votes: [])
    #expect(problem(study.within, other).contains("one attribute"))
    // Two photos of B were judged across scenes, but only with one another.
    let island = SceneJudgements(
      scene: "Cross", attribute: .details,
      photos: ["A/p00", "A/p01", "B/p00", "B/p01"], observers: ["x"],
      votes: [
        .init(observer: 0, a: 0, b: 1, choice: .a), .init(observer: 0, a: 2, b: 3, choice: .a),
      ])
    #expect(problem(Array(study.within.prefix(2)), island).contains("no chain of comparisons"))
    #expect(throws: InputError.self) {
      try unifyJointly(within: study.within, cross: study.cross, reference: "Z")
    }
  }

  @Test func unanimousPhotosStayFinite() throws {
    // Photo p1 of each scene wins every vote.
    func scene(_ name: SceneID) -> SceneJudgements {
      SceneJudgements(
        scene: name, attribute: .details, photos: ["p0", "p1", "p2"], observers: ["x"],
        votes: (0..<30).map { .init(observer: 0, a: 1, b: $0 % 2 * 2, choice: .a) })
    }
    let cross = SceneJudgements(
      scene: "Cross", attribute: .details, photos: ["A/p0", "A/p1", "B/p0", "B/p1"],
      observers: ["x"],
      votes: (0..<40).map {
        .init(observer: 0, a: $0 % 4, b: ($0 + 1) % 4, choice: $0 % 3 == 0 ? .a : .b)
      })
    let joint = try unifyJointly(within: [scene("A"), scene("B")], cross: cross)
    #expect(joint.scale.photos.allSatisfy { $0.score.isFinite && $0.standardDeviation > 0 })
  }
}
