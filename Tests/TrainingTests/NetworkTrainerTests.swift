import Domain
import Foundation
import NeuralModels
import Tensors
import Testing
import Training

/// Every run is of Lite0 with random weights on pictures of 90 × 70 pixels, so nothing is ever
/// skipped.
@Suite(.serialized) struct NetworkTrainerTests {
  // MARK: Exact resume

  @Test func aRunThatIsInterruptedAfterAnyStepEndsWithTheSameWeights() throws {
    var settings = smallSettings(.multitask)
    (settings.pairWeight, settings.accumulatedBatches) = (0.5, 2)
    let pictures = Pictures(count: 9)
    let whole = try TrainingFixture(settings, pictures).run()
    #expect(whole.steps.count == 4 && whole.result?.records.count == 2)
    // Steps 1 and 3 are inside epochs, step 2 is an epoch's last, event 3 is the epoch itself.
    for stopAfter in 1...5 {
      let training = try TrainingFixture(settings, pictures)
      let first = try training.run(stopAfter: stopAfter)
      #expect(first.result == nil)
      // Another seed: whatever isn't restored would show.
      let second = try training.run(networkSeed: 99)
      #expect(second.weights == whole.weights, "stopped after event \(stopAfter)")
      #expect(second.result == whole.result)
      #expect(first.steps + second.steps == whole.steps)
    }
  }

  @Test func aKillBetweenCheckpointsChangesNothing() throws {
    let settings = smallSettings()
    let pictures = Pictures(count: 9)
    let whole = try TrainingFixture(settings, pictures).run()
    let training = try TrainingFixture(settings, pictures)
    // The checkpoint is of step 1; the error comes three events later and saves nothing.
    #expect(throws: TrainingFixture.Killed.self) { try training.run(saveAt: 1, killAt: 4) }
    let second = try training.run(networkSeed: 99)
    #expect(second.weights == whole.weights)
    #expect(second.result == whole.result)
  }

  @Test func bothStepsOfDBCNNsTrainingGoOnExactly() throws {
    var settings = smallSettings()
    (settings.headEpochs, settings.fitting.epochs) = (1, 1)
    let pictures = Pictures(count: 6)
    let whole = try TrainingFixture(settings, pictures).run()
    #expect(whole.result?.records.count == 2)
    for stopAfter in [1, 4, 5] {
      let training = try TrainingFixture(settings, pictures)
      _ = try training.run(stopAfter: stopAfter)
      #expect(try training.run(networkSeed: 99).weights == whole.weights)
    }
  }

  @Test func anotherRunsCheckpointIsRefused() throws {
    let pictures = Pictures(count: 6)
    let training = try TrainingFixture(smallSettings(), pictures)
    _ = try training.run(stopAfter: 1)
    var other = smallSettings()
    other.fitting.learningRate = 1e-5
    #expect {
      try TrainingFixture(other, pictures, folder: training.folder).run()
    } throws: { "\($0)".contains("belongs to a run with other settings") }
  }

  // MARK: What is learned

  @Test func theNumberOfLoadingThreadsDoesNotMatterButTheSeedDoes() throws {
    let settings = smallSettings(crops: 2)
    let pictures = Pictures(count: 9)
    let one = try TrainingFixture(settings, pictures, loaderThreads: 1).run()
    let four = try TrainingFixture(settings, pictures, loaderThreads: 4).run()
    #expect(one.weights == four.weights && one.steps == four.steps)
    var other = settings
    other.fitting.seed = 2
    #expect(try TrainingFixture(other, pictures).run().steps != one.steps)
  }

  @Test func aFrozenBackboneStaysAsItIs() throws {
    var settings = smallSettings()
    settings.isBackboneFrozen = true
    let training = try TrainingFixture(settings, Pictures(count: 6))
    let before = try randomNetwork(training.settings).weights.stateDictionary()
    let after = try training.run().weights
    for (name, tensor) in before where name.hasPrefix("backbone.") {
      #expect(try tensor.rawBytes() == after[name], "\(name)")
    }
    let names = before.keys.filter { $0.hasPrefix("score.") }
    #expect(!names.isEmpty)
    for name in names { #expect(try before[name]?.rawBytes() != after[name], "\(name)") }
  }

  @Test func frozenStagesStayAsTheyAreAndTheOthersLearn() throws {
    for (architecture, place) in [
      (Architecture.resNet50, "score."), (.multiDepth, "head.output."),
    ] {
      var settings = smallSettings(architecture)
      settings.frozenStages = 2
      let training = try TrainingFixture(settings, Pictures(count: 6))
      let network = try randomNetwork(training.settings)
      let frozen = network.parameterNames(ofFirstStages: 2)
      let before = try network.weights.stateDictionary()
      let after = try training.run().weights
      for name in frozen { #expect(try before[name]?.rawBytes() == after[name], "\(name)") }
      let others = network.weights.parameters.map(\.name).filter { !frozen.contains($0) }
      #expect(others.contains { $0.hasPrefix(place) } && !frozen.isEmpty)
      for name in others where name.hasPrefix(place) || name.contains("_blocks.12.") {
        #expect(try before[name]?.rawBytes() != after[name], "\(name)")
      }
    }
  }

  @Test func windowsOfWholeRegionsComeFromTheSeed() throws {
    var settings = smallSettings(.multiDepth)
    settings.smallestWindow = 0.6
    let pictures = Pictures(count: 6)
    let once = try TrainingFixture(settings, pictures).run()
    #expect(try TrainingFixture(settings, pictures).run().weights == once.weights)
    settings.smallestWindow = nil
    #expect(try TrainingFixture(settings, pictures).run().weights != once.weights)
  }

  @Test func brightnessIsLearnt() throws {
    var settings = smallSettings()
    (settings.isBackboneFrozen, settings.fitting.epochs) = (true, 40)
    (settings.fitting.learningRate, settings.fitting.batchSize) = (3e-2, 4)
    let result = try #require(try TrainingFixture(settings, Pictures(count: 16)).run().result)
    let best = result.records[result.bestEpoch].validationError
    // Brightness is a linear feature of random convolutions; always the mean is off by 1.0.
    #expect(best < 0.4, "\(result.records.map(\.validationError))")
    #expect(result.records.allSatisfy { $0.validationError >= best })
  }

  @Test func accumulatedBatchesAreOneLargeBatch() throws {
    var large = smallSettings()
    (large.areNormsFrozen, large.fitting.batchSize, large.fitting.epochs) = (true, 4, 1)
    var small = large
    (small.fitting.batchSize, small.accumulatedBatches) = (2, 2)
    let pictures = Pictures(count: 9)
    let losses = try [large, small].map {
      try TrainingFixture($0, pictures).run().steps.map(\.losses.total)
    }
    #expect(losses[0].count == 2)
    for (one, two) in zip(losses[0], losses[1]) {
      // The same means in another order of single-precision sums, once through Adam's first step.
      #expect(abs(one - two) < 1e-3 * abs(one), "\(losses)")
    }
  }

  @Test(
    arguments: [
      (Architecture.resNet50, TrainingPrecision.float32), (.resNet50, .bfloat16),
      (.hyperIQA, .float32), (.dbCNN, .float32),
    ])
  func recomputedActivationsLearnTheSame(
    _ architecture: Architecture, _ precision: TrainingPrecision
  ) throws {
    var settings = smallSettings(architecture, side: architecture == .resNet50 ? 64 : 224)
    (settings.precision, settings.fitting.epochs) = (precision, 1)
    let pictures = Pictures(count: 4, width: 230, height: 226)
    let kept = try TrainingFixture(settings, pictures).run()
    let recomputed = try TrainingFixture(settings, pictures).run(recomputing: true)
    #expect(recomputed.steps == kept.steps)
    for (name, bytes) in kept.weights { #expect(recomputed.weights[name] == bytes, "\(name)") }
  }

  @Test func recomputedMapsOfSeveralUsesDifferByRoundings() throws {
    // A map's gradients of three uses are added in another order.
    var settings = smallSettings(.multiDepth)
    settings.fitting.epochs = 1
    let pictures = Pictures(count: 4, width: 230, height: 226)
    let kept = try TrainingFixture(settings, pictures).run().steps
    let recomputed = try TrainingFixture(settings, pictures).run(recomputing: true).steps
    #expect(kept.count == recomputed.count && kept.count > 1)
    for (one, two) in zip(kept, recomputed) {
      #expect(abs(one.losses.total - two.losses.total) < 1e-4 * abs(one.losses.total))
    }
  }

  @Test func anotherDeviceLearnsTheSame() throws {
    // The whole step: losses, optimizers, validation, checkpoints, the best epoch's weights.
    for (architecture, precision) in [
      (Architecture.multitask, TrainingPrecision.float32),
      (.dbCNN, .float32), (.resNet50, .bfloat16),
    ] {
      var settings = smallSettings(architecture, side: architecture == .dbCNN ? 224 : 64)
      settings.precision = precision
      settings.headEpochs = architecture == .dbCNN ? 1 : 0
      settings.pairWeight = 0.5
      let pictures = Pictures(count: 6, width: 230, height: 226)
      let here = try TrainingFixture(settings, pictures).run()
      let training = try TrainingFixture(settings, pictures)
      #expect(try training.run(stopAfter: 1, recomputing: true, on: .simulated).result == nil)
      let there = try training.run(on: .simulated)
      #expect(there.weights == here.weights, "\(architecture)")
    }
  }

  @Test func recomputedActivationsLeaveAFrozenBackboneAlone() throws {
    var settings = smallSettings()
    (settings.isBackboneFrozen, settings.fitting.epochs) = (true, 1)
    let pictures = Pictures(count: 4)
    #expect(
      try TrainingFixture(settings, pictures).run(recomputing: true).weights
        == TrainingFixture(settings, pictures).run().weights)
  }

  @Test func autocastKeepsWholeWeights() throws {
    // Batch norms over two crops of 2 × 2 places would enlarge every rounding.
    var settings = smallSettings()
    settings.areNormsFrozen = true
    let exact = try TrainingFixture(settings, Pictures(count: 6)).run()
    settings.precision = .bfloat16
    let run = try TrainingFixture(settings, Pictures(count: 6)).run()
    #expect(run.weights != exact.weights)
    // 8 bits of mantissa: the first loss agrees to a few hundredths.
    let (first, other) = (run.steps[0].losses.total, exact.steps[0].losses.total)
    #expect(abs(first - other) < 0.1 * max(other, 0.5))
    #expect(run.weights.mapValues(\.count) == exact.weights.mapValues(\.count))
  }

  @Test(arguments: [Architecture.hyperIQA, .semHyperIQA, .semHyperIQASceneOnly, .fullHyperIQA])
  func theFamilyLearns(_ architecture: Architecture) throws {
    var settings = smallSettings(architecture, side: 224, crops: 2)
    (settings.fitting.epochs, settings.isBackboneFrozen) = (1, true)
    let run = try TrainingFixture(settings, Pictures(count: 4, width: 230, height: 226)).run()
    #expect(run.result?.records.count == 1)
    #expect(run.steps.allSatisfy { $0.losses.total.isFinite })
    let hasScenes = settings.sceneWeight > 0
    #expect(run.steps.allSatisfy { ($0.losses.scene > 0) == hasScenes })
  }

  @Test(arguments: [Architecture.musiq, .fullHyperIQACompleteImage, .multiDepth])
  func photosOfDifferentSizesLearnTogether(_ architecture: Architecture) throws {
    var settings = smallSettings(architecture, side: 224)
    settings.fitting.epochs = 1
    settings.isBackboneFrozen = architecture == .fullHyperIQACompleteImage
    let run = try TrainingFixture(settings, Pictures(count: 4, width: 230, height: 226)).run()
    #expect(run.steps.count == 2 && run.steps.allSatisfy { $0.losses.total.isFinite })
  }

  // MARK: What goes wrong

  @Test func aPhotoThatCannotBeReadStopsTheRun() throws {
    var pictures = Pictures(count: 9)
    pictures.brokenIndex = 4
    #expect(throws: Pictures.Broken(index: 4)) {
      try TrainingFixture(smallSettings(), pictures).run()
    }
  }

  @Test func settingsThatDoNotGoTogetherAreNamed() throws {
    var settings = smallSettings()
    settings.sceneWeight = 1
    #expect { try settings.check() } throws: { "\($0)".contains("resnet50 predicts no scene") }
    settings = smallSettings()
    (settings.pairWeight, settings.fitting.batchSize) = (1, 1)
    #expect { try settings.check() } throws: { "\($0)".contains("batches of 2 or more") }
    settings = smallSettings(.multiDepth)
    settings.smallestWindow = 1.5
    #expect { try settings.check() } throws: { "\($0)".contains("a share above 0, at most 1") }
    settings = smallSettings(.musiq)
    settings.frozenStages = 2
    #expect { try settings.check() } throws: { "\($0)".contains("1 to 4 stages") }
    let stranger = TrainingPhoto(photo: "x", scene: "new", part: .valid, score: .zero)
    #expect {
      try smallSettings(.semHyperIQASceneOnly).completed(
        for: Pictures(count: 6).photos() + [stranger])
    } throws: { "\($0)".contains("new, which no training photo shows") }
  }
}
