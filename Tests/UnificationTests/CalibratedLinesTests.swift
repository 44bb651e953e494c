import Domain
import Statistics
import TestSupport
import Testing
import Unification

/// Lines on expected qualities: scores have errors, and the cross-scene photos were chosen by them.
@Suite struct CalibratedLinesTests {
  private struct Scene {
    let scale: SceneScale
    let truth: [Double]
    let deviation: Double
  }

  private func photo(_ scene: SceneID, _ index: Int, _ score: Double, _ sd: Double) -> ScaledPhoto {
    ScaledPhoto(
      photo: PhotoID("p\(100 + index)"), scene: scene, score: score, standardDeviation: sd,
      interval: ConfidenceInterval(low: score - 2 * sd, high: score + 2 * sd), comparisons: 40)
  }

  /// Scenes of 24 photos, quality of standard deviation 1, errors of 0.5.
  private func scenes(_ count: Int, _ generator: inout SeededGenerator) -> [Scene] {
    (0..<count).map { number in
      let id = SceneID("S\(100 + number)")
      let truth = (0..<24).map { _ in generator.normal() }
      let photos = truth.enumerated().map {
        photo(id, $0, $1 + 0.5 * generator.normal(), 0.5)
      }
      return Scene(
        scale: SceneScale(scene: id, attribute: .details, convention: .jod, photos: photos),
        truth: truth, deviation: 0.5)
    }
  }

  private func identity(_ n: Int, _ value: Double) -> [Double] {
    (0..<n * n).map { $0 % (n + 1) == 0 ? value : 0 }
  }

  /// The cross-scene scores are the qualities themselves, twice as long, with a small error.
  private func lines(
    _ scenes: [Scene], _ method: AlignmentMethod, _ generator: inout SeededGenerator
  )
    throws -> [SceneAlignment]
  {
    let chosen = try crossSet(scales: scenes.map(\.scale), perScene: 6).photos
    let photos = chosen.map { own -> ScaledPhoto in
      let scene = scenes.first { $0.scale.scene == own.scene }
      let index = scene?.scale.photos.firstIndex { $0.photo == own.photo } ?? 0
      return ScaledPhoto(
        photo: own.photo, scene: own.scene,
        score: 2 * (scene?.truth[index] ?? 0) + 0.1 * generator.normal(), standardDeviation: 0.1,
        interval: own.interval, comparisons: 40)
    }
    return try alignScenes(
      scales: scenes.map(\.scale),
      cross: CrossScale(attribute: .details, convention: .jod, photos: photos), method: method,
      covariances: ScaleCovariances(
        scenes: Dictionary(
          uniqueKeysWithValues: scenes.map {
            ($0.scale.scene, identity(24, $0.deviation * $0.deviation))
          }), cross: identity(photos.count, 0.01))
    ).scale.alignments
  }

  @Test func linesAreNotFlatAndTheirErrorsHold() throws {
    var generator = SeededGenerator(seed: 17)
    let scenes = scenes(300, &generator)
    let plain = try lines(scenes, .leastSquares, &generator)
    let calibrated = try lines(scenes, .calibrated, &generator)
    // The scores' reliability is 1/(1 + 0.25).
    let flat = Descriptive.mean(plain.map(\.a))
    #expect(abs(flat - 1.6) < 0.06, "\(flat)")
    let mean = Descriptive.mean(calibrated.map(\.a))
    // The reliability comes from 24 photos, so that its inverse is a little too large on average.
    #expect(mean > 1.96 && mean < 2.1, "\(mean)")
    let held = calibrated.count { abs($0.a - 2) < 1.96 * $0.aStandardError }
    // 300 slopes: four standard errors are 5 %.
    #expect((0.90...1).contains(Double(held) / 300), "\(held)")
  }

  @Test func withoutErrorsNothingIsExpected() throws {
    var generator = SeededGenerator(seed: 18)
    let scene = scenes(1, &generator)[0]
    let photos = scene.scale.photos.prefix(5).map { $0 }
    let line = message {
      _ = try alignScenes(
        scales: [scene.scale],
        cross: CrossScale(attribute: .details, convention: .jod, photos: photos),
        method: .calibrated)
    }
    #expect(line?.contains("the errors of its scores are not known") == true)
    // Errors of 0 leave least squares.
    func slope(_ method: AlignmentMethod) throws -> Double {
      try alignScenes(
        scales: [scene.scale],
        cross: CrossScale(attribute: .details, convention: .jod, photos: photos), method: method,
        covariances: ScaleCovariances(
          scenes: [scene.scale.scene: identity(24, 0)], cross: identity(5, 0))
      ).scale.alignments[0].a
    }
    #expect(abs(try slope(.calibrated) - slope(.leastSquares)) < 1e-9)
  }
}
