import Domain
import Pixels
import Preparation
import Statistics
import Testing

@Test func aLadderIsEvenAndRepeatable() throws {
  for space in NoiseSpace.allCases {
    let ladder = DegradationLadder(levels: 24, noiseSpace: space)
    let recipes = try ladder.recipes(seed: 7)
    #expect(recipes == (try ladder.recipes(seed: 7)))
    #expect(recipes != (try ladder.recipes(seed: 8)))
    #expect(recipes.map(\.level) == Array(0..<24))
    for (level, recipe) in recipes.enumerated() {
      let expected = 6 * Double(level) / 23
      // The factor is found by 60 halvings.
      #expect(abs(DegradationSeverity.jod(of: recipe).value - expected) < 1e-9)
    }
    #expect(Set(recipes.map(\.noiseVariance)) == [0, 16], "the variance is fixed")
    #expect(recipes.contains { $0.sharpeningAmount > 0 })
  }
}

@Test func levelZeroIsUndegraded() throws {
  let recipe = try #require(DegradationLadder(levels: 5).recipes(seed: 1).first)
  let image = try texture(90, 70)
  #expect(try Degradation().apply(recipe, to: image) == image)
  #expect(DegradationSeverity.jod(of: recipe) == .zero)
}

@Test func severityRisesWithEachIngredient() {
  func severity(_ factor: Double, _ amount: Double, _ variance: Double) -> Double {
    DegradationSeverity.jod(
      of: DegradationRecipe(
        level: 1, subsamplingFactor: factor, sharpeningAmount: amount, sharpeningSigmaPixels: 1,
        noiseVariance: variance, noiseSeed: 1)
    ).value
  }
  #expect(severity(2, 0, 0) == 1.6, "one octave")
  for step in 0..<40 {
    let factor = 1 + Double(step) / 4
    #expect(severity(factor + 0.25, 0.5, 16) > severity(factor, 0.5, 16))
    #expect(severity(factor, 0.5, Double(step) + 1) > severity(factor, 0.5, Double(step)))
    #expect(severity(factor, 0.5, 16) <= severity(factor, 0, 16))
  }
}

@Test func noiseHasTheStatedVarianceAndNoMean() throws {
  let grey = RasterImage(widthPixels: 600, heightPixels: 500, red: 128, green: 128, blue: 128)
  let recipe = DegradationRecipe(
    level: 1, subsamplingFactor: 1, sharpeningAmount: 0, sharpeningSigmaPixels: 0,
    noiseVariance: 25, noiseSeed: 5)
  let noisy = try Degradation().apply(recipe, to: grey)
  let differences = noisy.samples.map { Double($0) - 128 }
  let count = Double(differences.count)
  let mean = differences.reduce(0, +) / count
  let variance = differences.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
  // 900,000 samples: five standard errors are 0.026 and 0.19; rounding adds 1/12 to the variance.
  #expect(abs(mean) < 0.026)
  #expect(abs(variance - 25 - 1.0 / 12) < 0.19)
  // Neighboring samples are independent: the correlation's standard error is 0.001.
  let products = zip(differences, differences.dropFirst()).reduce(0) { $0 + $1.0 * $1.1 }
  #expect(abs(products / count / variance) < 0.0055)
  #expect(try Degradation().apply(recipe, to: grey) == noisy)
}

@Test func noiseInLinearLightIsStrongerInTheShadows() throws {
  func variance(ofLevel level: UInt8) throws -> Double {
    let flat = RasterImage(
      widthPixels: 200, heightPixels: 200, red: level, green: level, blue: level)
    let recipe = DegradationRecipe(
      level: 1, subsamplingFactor: 1, sharpeningAmount: 0, sharpeningSigmaPixels: 0,
      noiseVariance: 4, noiseSeed: 5, noiseSpace: .linear)
    let noisy = try Degradation().apply(recipe, to: flat)
    let differences = noisy.samples.map { Double($0) - Double(level) }
    return differences.reduce(0) { $0 + $1 * $1 } / Double(differences.count)
  }
  // The slope of the curve at levels 188 and 64 is 0.69 and 1.93 coded levels to a linear one.
  let bright = try variance(ofLevel: 188)
  let dark = try variance(ofLevel: 64)
  #expect(abs(bright / (4 * 0.69 * 0.69) - 1) < 0.15, "rounding adds 1/12")
  #expect(dark / bright > 5)
}

@Test func subsamplingRemovesDetailMoreAndMore() throws {
  var state = SeededGenerator(seed: 3)
  var image = RasterImage(widthPixels: 120, heightPixels: 90, red: 0, green: 0, blue: 0)
  image.samples = image.samples.map { _ in UInt8(60 + state.index(below: 130)) }
  func spread(_ image: RasterImage) -> Double {
    let values = image.samples.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  }
  for kernel in ResamplingKernel.allCases {
    var latest = spread(image)
    for factor in [1.5, 2, 3, 5, 8] {
      let recipe = DegradationRecipe(
        level: 1, subsamplingFactor: factor, sharpeningAmount: 0, sharpeningSigmaPixels: 0,
        noiseVariance: 0, noiseSeed: 0, kernel: kernel.rawValue)
      let result = try Degradation().apply(recipe, to: image)
      #expect(result.widthPixels == 120 && result.heightPixels == 90)
      #expect(spread(result) < latest, "\(kernel) \(factor)")
      latest = spread(result)
    }
  }
}

@Test func recipesThatMeanNothingAreRefused() throws {
  let image = try texture(20, 20)
  for (factor, kernel) in [(0.5, "bicubic"), (.nan, "bicubic"), (2, "lanczos"), (1e9, "box")] {
    let recipe = DegradationRecipe(
      level: 1, subsamplingFactor: factor, sharpeningAmount: 0, sharpeningSigmaPixels: 0,
      noiseVariance: 0, noiseSeed: 0, kernel: kernel)
    #expect(throws: InputError.self) { try Degradation().apply(recipe, to: image) }
  }
  #expect(throws: InputError.self) { try DegradationLadder(levels: 1).recipes(seed: 1) }
  #expect(throws: InputError.self) { try DegradationBridge(levels: 1) }
}

@Test func aBridgeGoesFromOneImageToTheOtherInEvenSteps() throws {
  let from = RasterImage(widthPixels: 8, heightPixels: 6, red: 0, green: 100, blue: 200)
  let to = RasterImage(widthPixels: 4, heightPixels: 3, red: 100, green: 0, blue: 200)
  let bridge = try DegradationBridge(levels: 6)
  let images = bridge.parts.map { bridge.blend(part: $0, from: from, to: to) }
  #expect(images.first == from)
  #expect(images.map { $0.samples[0] } == [0, 20, 40, 60, 80, 100])
  #expect(images.map { $0.samples[1] } == [100, 80, 60, 40, 20, 0])
  #expect(images.allSatisfy { $0.samples[2] == 200 && $0.widthPixels == 8 })
}
