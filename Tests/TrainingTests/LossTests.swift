import Tensors
import Testing
import Training

@Suite struct LossTests {
  @Test func fidelityHasItsClosedForm() throws {
    // One JOD apart: 75 of 100 observers. Equal predictions: 50. 1 − √(.75·.5) − √(.25·.5) =
    // 0.0340742.
    let loss = try fidelityLoss(
      Tensor([0, 0] as [Float]), [1, 0], scenes: ["a", "a"], distance: 1)
    // The roots are shifted by 1e-8 against steepness at 0.
    #expect(abs(try #require(try loss?.item()) - 0.034_074_2) < 1e-6)
    let half = try fidelityLoss(
      Tensor([0, 0] as [Float]), [0.5, 0], scenes: ["a", "a"], distance: 0.5)
    #expect(abs(try #require(try half?.item()) - 0.034_074_2) < 1e-6)
  }

  @Test func theRightOrderCostsNothingAndOtherScenesDoNotCount() throws {
    let right = try fidelityLoss(
      Tensor([3, 2, 9] as [Float]), [1, 0, 5], scenes: ["a", "a", "b"], distance: 1)
    #expect(abs(try #require(try right?.item())) < 1e-6)
    let wrong = try fidelityLoss(
      Tensor([2, 3, 9] as [Float]), [1, 0, 5], scenes: ["a", "a", "b"], distance: 1)
    #expect(try #require(try wrong?.item()) > 0.1)
    let nobody = try fidelityLoss(
      Tensor([2, 3] as [Float]), [1, 0], scenes: ["a", "b"], distance: 1)
    #expect(nobody == nil)
  }

  @Test func itsGradientPullsTheWorsePhotoDown() throws {
    let scores = try Tensor([0, 0] as [Float])
    try scores.setRequiresGradient(true)
    try fidelityLoss(scores, [1, 0], scenes: ["a", "a"], distance: 1)?.backward()
    let slopes = try #require(try scores.gradient()).floats()
    #expect(slopes[0] < 0 && slopes[1] > 0)
    // Only the difference counts.
    #expect(abs(slopes[0] + slopes[1]) < 1e-6)
  }
}
