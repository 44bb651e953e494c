import Domain
import Preparation
import Testing

@Suite struct RecipeLossTests {
  private func recipe(
    _ factor: Double, sharpening: Double = 0, noise: Double = 0
  ) -> DegradationRecipe {
    DegradationRecipe(
      level: 0, subsamplingFactor: factor, sharpeningAmount: sharpening,
      sharpeningSigmaPixels: sharpening > 0 ? 1.5 : 0, noiseVariance: noise, noiseSeed: 0)
  }

  private func measured(
    _ recipe: DegradationRecipe, _ loss: Double, error: Double = 0.1
  ) -> RecipeLoss.Measurement {
    RecipeLoss.Measurement(recipe: recipe, loss: loss, standardError: error)
  }

  private func law(_ recipe: DegradationRecipe) -> Double {
    DegradationSeverity.jod(of: recipe).value
  }

  @Test func theGridHoldsWhatTakesQualityTheMildestFirst() throws {
    let grid = RecipeGrid(
      factors: [1, 2, 4], sharpeningAmounts: [0, 0.3], noiseVariances: [0, 16])
    let recipes = try grid.recipes()
    // Of 12 combinations two leave the picture as it is: factor 1 without noise.
    #expect(recipes.count == 10)
    let laws = recipes.map(law)
    #expect(laws == laws.sorted() && laws[0] > 0)
    #expect(try RecipeGrid().recipes().count > 90)
  }

  @Test func numbersOutOfRangeAreNamedAsSettings() {
    for (grid, name) in [
      (RecipeGrid(factors: [0.5]), "factors"), (RecipeGrid(factors: []), "factors"),
      (RecipeGrid(sharpeningAmounts: [2]), "sharpening"),
      (RecipeGrid(noiseVariances: [-1]), "noise"),
      (RecipeGrid(factors: [1], noiseVariances: [0]), "factors"),
    ] {
      let error = #expect(throws: InputError.self) { try grid.recipes() }
      #expect(error?.description.hasPrefix(name) == true, "\(error?.description ?? "")")
    }
  }

  @Test func withoutMeasurementsTheLawStands() {
    let loss = RecipeLoss()
    for recipe in [recipe(2), recipe(4, sharpening: 0.3), recipe(1, noise: 16)] {
      #expect(loss.jod(of: recipe) == law(recipe))
    }
  }

  @Test func plantedLossesAreMet() {
    // The truth: cameras' pictures lose 0.6 of what the law says, in every family.
    let known = [recipe(1.5), recipe(3), recipe(2, noise: 16)]
    let loss = RecipeLoss(known.map { measured($0, 0.6 * law($0)) })
    for other in [
      recipe(1.2), recipe(2), recipe(2.5), recipe(5), recipe(1, noise: 16), recipe(3, noise: 16),
      recipe(2, sharpening: 0.3),
    ] {
      #expect(abs(loss.jod(of: other) - 0.6 * law(other)) < 0.05, "\(other)")
    }
  }

  @Test func aFamilyGoesByItsOwnLosses() {
    let noisy = recipe(2, noise: 16)
    let loss = RecipeLoss([measured(recipe(2), 0.8), measured(noisy, 3.1)])
    #expect(abs(loss.jod(of: noisy) - 3.1) < 1e-9)
    #expect(abs(loss.jod(of: recipe(2)) - 0.8) < 1e-9)
    #expect(loss.jod(of: recipe(3)) > 0.8 && loss.jod(of: recipe(3)) < law(recipe(3)))
  }

  @Test func contradictingLossesStillRise() {
    // A stronger recipe seems to lose less: both are taken as one.
    let loss = RecipeLoss([
      measured(recipe(2), 1.4), measured(recipe(3), 1.0), measured(recipe(4), 2.5),
    ])
    let curve = [1.2, 1.5, 2, 2.5, 3, 3.5, 4, 6].map { loss.jod(of: recipe($0)) }
    #expect(curve == curve.sorted() && curve[0] > 0)
    #expect(abs(loss.jod(of: recipe(2)) - 1.2) < 1e-9)
    // One that seems better than its source loses nothing, not less than that.
    #expect(RecipeLoss([measured(recipe(2), -0.4)]).jod(of: recipe(2)) == 0)
  }
}
