import Domain
import Foundation
import Pixels
import Preparation
import Testing

@Suite struct FaceAlignmentTests {
  /// The mean face's landmarks in an aligned image of 150 pixels, with edges at whole numbers.
  private static let targets: [SIMD2<Double>] = [
    SIMD2(47.82, 46.64), SIMD2(100.21, 46.64), SIMD2(74.01, 76.56), SIMD2(50.41, 103.02),
    SIMD2(97.61, 103.02),
  ].map { $0 + 0.5 }

  /// Moves points: turned by an angle, scaled, shifted.
  private func moved(_ angle: Double, _ scale: Double, _ shift: SIMD2<Double>) -> FaceLandmarks {
    FaceLandmarks(
      Self.targets.map { point in
        shift + scale
          * SIMD2(
            cos(angle) * point.x - sin(angle) * point.y, sin(angle) * point.x + cos(angle) * point.y
          )
      })
  }

  @Test func aFaceInItsPlaceStaysThere() throws {
    let image = try texture(150, 150)
    let chip = try #require(FaceAlignment.chip(of: image, FaceLandmarks(Self.targets), side: 150))
    #expect((chip.widthPixels, chip.heightPixels) == (150, 150))
    // The last row and column have no neighbor to interpolate with.
    for row in 0..<148 {
      for column in 0..<148 {
        let at = 3 * (150 * row + column)
        let apart = abs(Int(chip.samples[at]) - Int(image.samples[at]))
        #expect(apart <= 1, "row \(row), column \(column)")
      }
    }
  }

  @Test func aTurnAScaleAndAShiftAreUndone() throws {
    let image = try texture(600, 600)
    let (angle, scale, shift) = (0.4, 1.7, SIMD2(200.0, 90.0))
    let chip = try #require(
      FaceAlignment.chip(of: image, moved(angle, scale, shift), side: 150))
    func wave(_ x: Double, _ y: Double) -> Double { 128 + 50 * sin(x / 9) * cos(y / 7) }
    var worst = 0.0
    for row in stride(from: 5, to: 145, by: 7) {
      for column in stride(from: 5, to: 145, by: 7) {
        let (x, y) = (Double(column) + 0.5, Double(row) + 0.5)
        let place = SIMD2(
          shift.x + scale * (cos(angle) * x - sin(angle) * y) - 0.5,
          shift.y + scale * (sin(angle) * x + cos(angle) * y) - 0.5)
        let own = Double(chip.samples[3 * (150 * row + column)])
        worst = max(worst, abs(own - wave(place.x, place.y)))
      }
    }
    // Rounding twice, and lines between pixels in place of a wave of 44 pixels.
    #expect(worst < 2)
  }

  @Test func whatLiesOutsideIsBlackAndOneSpotIsNoFace() throws {
    let image = try texture(150, 150)
    let away = try #require(
      FaceAlignment.chip(of: image, moved(0, 1, SIMD2(1000, 0)), side: 150))
    #expect(away.samples.allSatisfy { $0 == 0 })
    let spot = FaceLandmarks([SIMD2<Double>](repeating: SIMD2(7, 7), count: 5))
    #expect(FaceAlignment.chip(of: image, spot, side: 150) == nil)
  }
}
