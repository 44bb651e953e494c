import Domain
import Statistics
import Testing
import Unification

/// A scene's scale from numbers; photo `k` is called `pk`.
func scale(
  _ scene: SceneID, _ values: [Double], sd: Double = 0.1, convention: ScaleConvention = .jod
) -> SceneScale {
  SceneScale(
    scene: scene, attribute: .details, convention: convention,
    photos: values.enumerated().map { index, value in
      ScaledPhoto(
        photo: PhotoID("p\(index)"), scene: scene, score: value, standardDeviation: sd,
        interval: ConfidenceInterval(low: value - 1.96 * sd, high: value + 1.96 * sd),
        comparisons: 40, level: 1, cluster: 2)
    })
}

/// A cross-scene scale from photos and their values.
private func set(_ rows: [(SceneID, Int)], _ values: [Double]) -> CrossScale {
  cross(zip(rows, values).map { ($0.0, $0.1, $1) })
}

/// A cross-scene scale from (scene, index, value).
func cross(_ rows: [(SceneID, Int, Double)], sd: Double = 0.2) -> CrossScale {
  CrossScale(
    attribute: .details, convention: .jod,
    photos: rows.map { scene, index, value in
      ScaledPhoto(
        photo: PhotoID("p\(index)"), scene: scene, score: value, standardDeviation: sd,
        interval: ConfidenceInterval(low: value - 1.96 * sd, high: value + 1.96 * sd),
        comparisons: 40)
    })
}

@Suite struct AlignmentTests {
  @Test func exactLinesGiveExactScores() throws {
    // Scene A: y = 2x + 1; scene B: y = 0.5x − 3. In A's unit: x′ = (0.5x − 3 − 1)/2.
    let scales = [scale("A", [0, 1, 2, 3]), scale("B", [-4, 0, 2, 6])]
    let set = cross([
      ("A", 0, 1), ("A", 1, 3), ("A", 3, 7), ("B", 0, -5), ("B", 2, -2), ("B", 3, 0),
    ])
    let result = try alignScenes(scales: scales, cross: set, reference: "A")
    #expect(result.scale.referenceScene == "A")
    let slopes = result.scale.alignments.map(\.a)
    let offsets = result.scale.alignments.map(\.b)
    // Exact numbers in, so only rounding remains.
    #expect(abs(slopes[0] - 2) < 1e-12 && abs(slopes[1] - 0.5) < 1e-12)
    #expect(abs(offsets[0] - 1) < 1e-12 && abs(offsets[1] + 3) < 1e-12)
    let scores = result.scale.photos.map(\.score)
    for (score, expected) in zip(scores, [0, 1, 2, 3, -3, -2, -1.5, -0.5]) {
      #expect(abs(score - expected) < 1e-12)
    }
    #expect(result.links.allSatisfy { abs($0.rSquared - 1) < 1e-12 })
    // Without residuals the lines have no error: the own standard deviation is scaled by a_j/a_r.
    #expect(abs(result.scale.photos[5].standardDeviation - 0.025) < 1e-9)
    #expect(result.scale.photos.allSatisfy { $0.level == nil && $0.cluster == nil })
  }

  @Test func leastSquaresMeetsAWorkedExample() throws {
    // x̄ = 2.5, ȳ = 3.5, S_xx = 5, S_xy = 7: a = 1.4, b = 0; residuals −.4 .2 .8 −.6 about the
    // line, their squares sum to 1.2, so s² = 0.6, SE(a) = √(0.6/5), SE(b) = √(0.6·(1/4 + 6.25/5)).
    let scales = [scale("A", [1, 2, 3, 4])]
    let set = cross([("A", 0, 1), ("A", 1, 3), ("A", 2, 5), ("A", 3, 5)])
    let line = try alignScenes(scales: scales, cross: set).scale.alignments[0]
    #expect(abs(line.a - 1.4) < 1e-12)
    #expect(abs(line.b) < 1e-12)
    #expect(abs(line.aStandardError - (0.6 / 5).squareRoot()) < 1e-12)
    #expect(abs(line.bStandardError - (0.6 * 1.5).squareRoot()) < 1e-12)
    #expect(abs(line.abCovariance + 2.5 * 0.6 / 5) < 1e-12)
    #expect(line.sharedPhotos == 4)
    #expect(abs(line.sharedRange - 3) < 1e-12)
  }

  @Test func demingIsSymmetricAndTendsToLeastSquares() throws {
    let x = [0.0, 1.1, 1.9, 3.2, 4.1]
    let y = [0.3, 1.0, 2.6, 2.9, 4.4]
    func slope(_ x: [Double], _ y: [Double], _ method: AlignmentMethod) throws -> Double {
      let set = cross(y.enumerated().map { ("A", $0, $1) })
      let result = try alignScenes(scales: [scale("A", x)], cross: set, method: method)
      return result.scale.alignments[0].a
    }
    let forward = try slope(x, y, .deming(errorVarianceRatio: 2))
    let backward = try slope(y, x, .deming(errorVarianceRatio: 0.5))
    #expect(abs(forward * backward - 1) < 1e-12)
    let least = try slope(x, y, .leastSquares)
    #expect(abs(try slope(x, y, .deming(errorVarianceRatio: 1e9)) - least) < 1e-6)
    #expect(forward > least)
  }

  @Test func statedErrorsCoverTheTruth() throws {
    // 300 studies of 4 scenes with 6 shared photos, errors in y alone: the model of least squares.
    let truth: [(SceneID, Double, Double)] = [
      ("A", 1, 0), ("B", 0.8, 1), ("C", 1.3, -2), ("D", 0.6, 3),
    ]
    let x = [-4.0, -2.4, -0.8, 0.8, 2.4, 4]
    let level = StudentT(degreesOfFreedom: 16).quantile(0.975)
    var covered = 0
    var placed = 0
    var total = 0
    for study in 0..<300 {
      var generator = SeededGenerator(seed: 11).stream(UInt64(study))
      var rows: [(SceneID, Int, Double)] = []
      for (scene, a, b) in truth {
        for (k, x) in x.enumerated() {
          rows.append((scene, k, a * x + b + 0.5 * generator.normal()))
        }
      }
      let scales = truth.map { scale($0.0, x, sd: 0) }
      let result = try alignScenes(scales: scales, cross: cross(rows), reference: "A")
      for (line, expected) in zip(result.scale.alignments, truth) {
        total += 2
        if abs(line.a - expected.1) < level * line.aStandardError { covered += 1 }
        if abs(line.b - expected.2) < level * line.bStandardError { covered += 1 }
      }
      for (index, photo) in result.scale.photos.enumerated() {
        let (_, a, b) = truth[index / 6]
        let expected = a * x[index % 6] + b
        if photo.interval.low <= expected, expected <= photo.interval.high {
          placed += 1
        }
      }
    }
    // 2,400 intervals, dependent within a scene: four standard errors of 300·4 independent ones are
    // 2.5 %.
    #expect(abs(Double(covered) / Double(total) - 0.95) < 0.025)
    // The reference scene is exact and always covered (a quarter); the others' share is below.
    let others = (Double(placed) / 300 - 6) / 18
    #expect(abs(others - 0.95) < 0.03)
  }

  @Test func demingRemovesTheAttenuationAndStatesItsErrors() throws {
    // Errors of 1 JOD in both scales against a spread of 2: least squares loses a fifth of the
    // slope.
    var least: [Double] = []
    var deming: [Double] = []
    var covered = 0
    for study in 0..<400 {
      var generator = SeededGenerator(seed: 12).stream(UInt64(study))
      let positions = (0..<24).map { -3.46 + 6.92 * Double($0) / 23 }
      let x = positions.map { $0 + generator.normal() }
      let rows = positions.enumerated().map { ("A" as SceneID, $0, 0.9 * $1 + generator.normal()) }
      let scales = [scale("A", x, sd: 1)]
      let set = cross(rows, sd: 1)
      least.append(try alignScenes(scales: scales, cross: set).scale.alignments[0].a)
      let line = try alignScenes(
        scales: scales, cross: set, method: .deming(errorVarianceRatio: nil)
      ).scale.alignments[0]
      deming.append(line.a)
      let level = StudentT(degreesOfFreedom: 22).quantile(0.975)
      if abs(line.a - 0.9) < level * line.aStandardError { covered += 1 }
    }
    // 20,000 studies in another program give 0.747 (sd 0.11); four standard errors of a mean
    // of 400.
    #expect(abs(Descriptive.mean(least) - 0.747) < 0.022)
    // 400 slopes with a standard deviation of 0.17 have a mean known to 0.009; small-sample bias
    // aside.
    #expect(abs(Descriptive.mean(deming) - 0.9) < 0.035)
    // Four standard errors of 400 trials at 95 % are 4.4 %.
    #expect(abs(Double(covered) / 400 - 0.95) < 0.044)
  }

  @Test func propagatedErrorsMeetSimulation() throws {
    // Scores with a known covariance that stretches whole scales; the spread of unified scores over
    // 4,000 studies.
    let x: [SceneID: [Double]] = ["A": [-3, -1, 0, 2, 4], "B": [-2, -1, 0.5, 1, 3]]
    let lines: [SceneID: (Double, Double)] = ["A": (1.1, 0), "B": (0.8, 1)]
    let rows: [(SceneID, Int)] = [("A", 0), ("A", 3), ("A", 4), ("B", 0), ("B", 2), ("B", 4)]
    let y = rows.map { scene, k in
      (lines[scene]?.0 ?? 0) * (x[scene]?[k] ?? 0) + (lines[scene]?.1 ?? 0)
    }
    /// Independent errors and a stretch, both in squared units.
    func covariance(_ values: [Double], _ own: Double, _ stretch: Double) -> [Double] {
      values.indices.flatMap { i in
        values.indices.map { stretch * values[i] * values[$0] + (i == $0 ? own : 0) }
      }
    }
    let matrices = x.mapValues { covariance($0, 0.01, 0.002) }
    let crossMatrix = covariance(y, 0.02, 0.004)
    func result(
      _ shift: (SceneID, [Double]) -> [Double], _ cross: [Double], _ method: AlignmentMethod
    ) throws -> UnifiedScale {
      try alignScenes(
        scales: x.keys.sorted().map { scale($0, shift($0, x[$0] ?? []), sd: 0.1) },
        cross: set(rows, cross), method: method, reference: "A",
        covariances: ScaleCovariances(scenes: matrices, cross: crossMatrix)
      ).scale
    }
    for method in [AlignmentMethod.leastSquares, .deming(errorVarianceRatio: 2)] {
      let stated = try result({ $1 }, y, method)
      var generator = SeededGenerator(seed: 21)
      var drawn: [[Double]] = []
      var slopes: [Double] = []
      let factors = try matrices.mapValues { try #require(Cholesky($0, count: 5)) }
      let crossFactor = try #require(Cholesky(crossMatrix, count: 6))
      for _ in 0..<4_000 {
        let noise = factors.keys.sorted().map { scene in
          factors[scene]?.correlate((0..<5).map { _ in generator.normal() }) ?? []
        }
        let crossNoise = crossFactor.correlate((0..<6).map { _ in generator.normal() })
        let unified = try result(
          { scene, values in zip(values, noise[scene == "A" ? 0 : 1]).map { $0 + $1 } },
          zip(y, crossNoise).map { $0 + $1 }, method)
        drawn.append(unified.photos.map(\.score))
        slopes.append(unified.alignments[1].a)
      }
      for k in 5..<10 {
        let found = Descriptive.standardDeviation(drawn.map { $0[k] })
        // 4,000 draws know a standard deviation to 1.1 %; the rest is the second order of the
        // errors.
        #expect(abs(stated.photos[k].standardDeviation / found - 1) < 0.06)
      }
      let found = Descriptive.standardDeviation(slopes)
      #expect(abs(stated.alignments[1].aStandardError / found - 1) < 0.06)
    }
  }

  @Test func choosesAWideWellLinkedReferenceAndSaysWhy() throws {
    let wide = [0.0, 2, 4, 6, 8]
    let narrow = [0.0, 1, 2, 3, 4]
    // C is widest, but its link is poor.
    let scales = [scale("A", narrow), scale("B", wide), scale("C", wide.map { $0 * 1.5 })]
    let set = cross(
      narrow.enumerated().map { ("A", $0, $1 + 0.05 * Double($0 % 2)) }
        + wide.enumerated().map { ("B", $0, $1 + 0.05 * Double($0 % 2)) }
        + [("C", 0, 0), ("C", 1, 9), ("C", 2, 1), ("C", 3, 12), ("C", 4, 8)])
    let result = try alignScenes(scales: scales, cross: set, residualVariance: .perScene)
    #expect(result.scale.referenceScene == "B")
    #expect(result.scale.referenceReason.hasPrefix("widest range"))
    #expect(result.warnings.contains { $0.hasPrefix("C: the line explains") })
    let given = try alignScenes(scales: scales, cross: set, reference: "A")
    #expect(given.scale.referenceScene == "A")
    #expect(given.scale.referenceReason == "given by the user")
  }

  @Test func warnsAboutThinLinks() throws {
    let scales = [
      scale("A", [0, 1, 2, 3]), scale("B", [0, 1, 2, 3, 4, 5, 6, 7], convention: .piq23),
    ]
    let set = cross([
      ("A", 0, 0), ("A", 1, 1.1), ("A", 3, 3), ("B", 2, 2), ("B", 4, 4), ("B", 99, 1), ("X", 1, 1),
    ])
    let warnings = try alignScenes(scales: scales, cross: set, reference: "A").warnings
    #expect(warnings.contains { $0.contains("only 2 shared photos") && $0.hasPrefix("B") })
    #expect(warnings.contains { $0.contains("29 %") })
    #expect(warnings.contains { $0.contains("PIQ23 units") })
    #expect(warnings.contains { $0.contains("p99") })
    #expect(warnings.contains { $0.contains("left out: X") })
    #expect(warnings.contains { $0.contains("different units") })
  }

  @Test func zScoredScalesAreAbsorbedByTheSlope() throws {
    // The same scene in JOD and z-scored: the unified scores agree, because a_j turns the unit.
    let jod = [0.0, 1.5, 2, 4.5, 6]
    let deviation = Descriptive.populationStandardDeviation(jod)
    let units = jod.map { ($0 - 2.8) / deviation * 1.4826 }
    let rows: [(SceneID, Int, Double)] = [
      ("R", 0, 0), ("R", 1, 2.2), ("R", 2, 4), ("B", 0, 1), ("B", 2, 2.9), ("B", 4, 7.2),
    ]
    let reference = scale("R", [0, 2, 4])
    let first = try alignScenes(
      scales: [reference, scale("B", jod)], cross: cross(rows), reference: "R")
    let second = try alignScenes(
      scales: [reference, scale("B", units, convention: .piq23)], cross: cross(rows),
      reference: "R")
    for (left, right) in zip(first.scale.photos, second.scale.photos) {
      #expect(abs(left.score - right.score) < 1e-9)
    }
    #expect(first.scale.convention == .jod)
  }

  @Test func twoSharedPhotosGetTheOthersResidualOrNone() throws {
    let scales = [scale("A", [0, 1, 2, 3]), scale("B", [0, 4])]
    let set = cross([
      ("A", 0, 0.1), ("A", 1, 0.9), ("A", 2, 2.2), ("A", 3, 3), ("B", 0, 0), ("B", 1, 3),
    ])
    let pooled = try alignScenes(scales: scales, cross: set, reference: "A")
    #expect(pooled.scale.alignments[1].aStandardError.isFinite)
    #expect(pooled.scale.alignments[1].aStandardError > 0)
    let alone = try alignScenes(
      scales: scales, cross: set, reference: "A", residualVariance: .perScene)
    #expect(alone.scale.alignments[1].aStandardError == .infinity)
    #expect(alone.scale.photos[4].standardDeviation == .infinity)
  }

  @Test func refusalsNameTheSceneAndTheRemedy() {
    func problem(_ scales: [SceneScale], _ set: CrossScale, reference: SceneID? = nil) -> String {
      do throws(InputError) {
        _ = try alignScenes(scales: scales, cross: set, reference: reference)
        return "no error"
      } catch {
        return error.description
      }
    }
    let good = scale("A", [0, 1, 2])
    let rows: [(SceneID, Int, Double)] = [("A", 0, 0), ("A", 1, 1), ("A", 2, 2)]
    #expect(
      problem([good, scale("B", [1, 2])], cross(rows)).contains("scene B: it shares no photo"))
    #expect(
      problem([good, scale("B", [1, 2])], cross(rows + [("B", 0, 1)])).contains("shares 1 photo"))
    #expect(
      problem([good, scale("B", [1, 1, 9])], cross(rows + [("B", 0, 1), ("B", 1, 2)]))
        .contains("no spread"))
    #expect(
      problem([good, scale("B", [1, 2])], cross(rows + [("B", 0, 2), ("B", 1, 1)]))
        .contains("other way round"))
    #expect(problem([good], cross(rows), reference: "Z").contains("reference scene Z"))
    #expect(problem([good, good], cross(rows)).contains("twice"))
    #expect(problem([good], cross(rows + [("A", 1, 1)])).contains("twice"))
    #expect(problem([good], cross([("A", 0, .nan), ("A", 1, 1)])).contains("not finite"))
    let other = CrossScale(attribute: .overall, convention: .jod, photos: cross(rows).photos)
    #expect(problem([good], other).contains("one attribute"))
    #expect(problem([], cross(rows)).contains("there are none"))
  }
}
