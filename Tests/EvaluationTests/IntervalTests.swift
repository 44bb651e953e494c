import Domain
import Evaluation
import Statistics
import Testing

/// A study of scenes with known quality, and a model whose errors have a known size.
func study(
  scenes: Int, photos: Int, noise: Double, sceneNoise: Double = 0, label: Double = 0,
  shift: Double = 0, seed: UInt64
) -> [Prediction] {
  var random = SeededGenerator(seed: seed)
  return (0..<scenes).flatMap { scene in
    let bias = shift + sceneNoise * random.normal()
    return (0..<photos).map { photo in
      let quality = 1.5 * random.normal()
      let measured = quality + label * random.normal()
      return Prediction(
        photo: PhotoID("\(photo)"), scene: SceneID("s\(scene)"), part: .test,
        measured: measured, predicted: quality + bias + noise * random.normal(),
        measuredInterval: ConfidenceInterval(
          low: measured - 1.96 * label, high: measured + 1.96 * label),
        measuredDeviation: label)
    }
  }
}

@Suite struct BootstrapTests {
  @Test func theSameSeedGivesTheSameIntervalsAndTheyHoldTheMean() throws {
    // Few photos in a scene: a curve fitted to every resample would follow its noise, and miss the
    // mean.
    let rows = study(scenes: 8, photos: 9, noise: 0.8, label: 0.2, seed: 1)
    var settings = BootstrapSettings()
    settings.replicates = 200
    let first = try evaluatePerScene(model: "m", rows, bootstrap: settings)
    let second = try evaluatePerScene(model: "m", rows.reversed(), bootstrap: settings)
    #expect(first == second)
    for metric in Metric.allCases {
      let range = try #require(first[metric].meanInterval, "\(metric)")
      let mean = try #require(first[metric].mean)
      #expect(range.low < mean && mean < range.high, "\(metric)")
    }
    #expect(first.global == nil && first.globalIntervals.isEmpty)
  }

  @Test func ninetyFivePerCentOfIntervalsHoldTheTruth() throws {
    // 40 studies of 12 scenes, whose SRCC is that of infinitely many scenes on average.
    var settings = BootstrapSettings()
    settings.replicates = 150
    let many = try evaluatePerScene(
      model: "m", study(scenes: 2000, photos: 15, noise: 1, seed: 99))
    let truth = try #require(many.srcc.mean)
    let studies = 40
    var held = 0
    for index in 0..<studies {
      let rows = study(scenes: 12, photos: 15, noise: 1, seed: UInt64(1000 + index))
      let table = try evaluatePerScene(model: "m", rows, bootstrap: settings)
      let range = try #require(table.srcc.meanInterval)
      if range.low <= truth, truth <= range.high { held += 1 }
    }
    // Resampling scenes and photos counts the photos' part twice, so the interval is on the safe
    // side; fewer than 34 of 40 has a chance of 0.3 % at 95 %.
    #expect(held >= 34)
  }

  @Test func oneSceneIsResampledByPhotos() throws {
    var settings = BootstrapSettings()
    settings.replicates = 200
    let table = try evaluateUnified(
      model: "m", UnifiedPredictions(study(scenes: 1, photos: 60, noise: 1, seed: 4)),
      bootstrap: settings)
    let range = try #require(table.globalIntervals[.srcc])
    #expect(range.low < range.high && range == table.srcc.meanInterval)
  }
}

@Suite struct ContrastTests {
  private func models(_ noise: [Double], scenes: Int) -> [ModelPredictions] {
    noise.enumerated().map { index, noise in
      var random = SeededGenerator(seed: UInt64(50 + index))
      let rows = study(scenes: scenes, photos: 25, noise: 0, label: 0.2, seed: 8).map {
        $0.predicting($0.predicted + noise * random.normal())
      }
      return ModelPredictions(name: "m\(index)", predictions: rows)
    }
  }

  @Test func aClearlyBetterModelIsFoundAndEqualOnesAreNot() throws {
    let models = models([0.3, 1.5, 1.5], scenes: 15)
    let contrasts = try contrastModels(
      models, metrics: [.srcc, .mae], unified: true, bootstrap: BootstrapSettings())
    #expect(contrasts.count == 3 * 2 * 2)
    for row in contrasts where row.first == "m0" {
      #expect(row.better() == "m0", "\(row)")
      #expect(row.metric == .mae ? row.interval.high < 0 : row.interval.low > 0)
    }
    for row in contrasts where row.first == "m1" { #expect(row.better() == nil, "\(row)") }
    let wilcoxon = contrasts.filter { $0.statistic == .sceneMean }.compactMap(\.wilcoxonP)
    #expect(wilcoxon.count == 6)
    // 15 differences of one sign: 2 · 2⁻¹⁵, then times 3 by Holm.
    let srcc = try #require(contrasts.first { $0.metric == .srcc && $0.second == "m1" })
    #expect(abs((srcc.wilcoxonP ?? 1) - 2.0 / 32768) < 1e-15)
    #expect(abs((srcc.adjustedWilcoxonP ?? 1) - 6.0 / 32768) < 1e-15)
  }

  @Test func equalModelsAreRarelyToldApart() throws {
    // 40 pairs of equal models: at 5 % two false findings are expected, eight have a chance of 0.1
    // %.
    var found = 0
    for seed in 0..<40 as Range<UInt64> {
      let base = study(scenes: 12, photos: 12, noise: 0, seed: 200 + seed)
      let models = (0..<2).map { index in
        var random = SeededGenerator(seed: 7000 + 2 * seed + UInt64(index))
        return ModelPredictions(
          name: "m\(index)",
          predictions: base.map { $0.predicting($0.predicted + random.normal()) })
      }
      let contrast = try #require(
        contrastModels(
          models, metrics: [.srcc], unified: false, bootstrap: BootstrapSettings()
        ).first)
      if contrast.better() != nil { found += 1 }
    }
    #expect(found < 8)
  }

  @Test func otherPhotosAreRefused() throws {
    var models = models([1, 1], scenes: 3)
    models[1] = ModelPredictions(
      name: "other", predictions: Array(models[1].predictions.dropLast()))
    #expect(throws: EvaluationError.differentPhotos(first: "m0", second: "other")) {
      try contrastModels(
        models, metrics: [.srcc], unified: false, bootstrap: BootstrapSettings())
    }
  }

  @Test func modelsOfPerSceneScalesAreNotComparedGlobally() throws {
    let good = models([0.5, 0.6], scenes: 4)
    let second = ModelPredictions(
      name: "own scales", predictions: good[1].predictions, hasUnit: false, hasOneScale: false)
    let contrasts = try contrastModels(
      [good[0], second], metrics: [.srcc, .mae], unified: true, bootstrap: BootstrapSettings())
    #expect(contrasts.count == 1)
    #expect(contrasts.first?.statistic == .sceneMean && contrasts.first?.metric == .srcc)
  }
}

@Suite struct CeilingTests {
  @Test func theCeilingIsThatOfAPerfectModel() throws {
    // Quality has standard deviation 1.5 and labels err by 0.5: a perfect model is the quality
    // itself.
    let rows = study(scenes: 30, photos: 80, noise: 0, label: 0.5, seed: 3)
    let perfect = try evaluateUnified(model: "p", UnifiedPredictions(rows))
    let ceiling = try #require(
      try noiseCeiling(rows, isUnified: true, draws: 40, seed: 2))
    for metric in [Metric.srcc, .plcc, .krcc] {
      // 30 scenes of 80 photos put the mean correlation's own error at 0.002.
      let difference = (ceiling[metric].mean ?? 0) - (perfect[metric].mean ?? 1)
      #expect(abs(difference) < 0.008, "\(metric) \(difference)")
    }
    // √(2/π)·0.5 is the mean absolute label error.
    #expect(abs((ceiling.mae.mean ?? 0) - 0.3989) < 0.01)
    #expect(abs((ceiling.global?.rmse ?? 0) - 0.5) < 0.02)
    // 1/√(1 + 0.5²/1.5²) = 0.9487 is the correlation of quality and label.
    #expect(abs((ceiling.plcc.mean ?? 0) - 0.9487) < 0.01)
  }

  @Test func withoutKnownErrorsThereIsNoCeiling() throws {
    let rows = study(scenes: 3, photos: 5, noise: 1, label: 0, seed: 1)
    #expect(try noiseCeiling(rows, isUnified: false) == nil)
  }
}
