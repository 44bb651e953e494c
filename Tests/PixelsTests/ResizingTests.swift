import Domain
import Foundation
import Pixels
import Testing

/// One resize by Pillow in floating point.
struct PillowResize: Decodable {
  let from: [Int]
  let to: [Int]
  let kernel: String
  let values: [Double]
}

@Test func everyKernelEqualsPillowInFloatingPoint() throws {
  let cases = try JSONDecoder().decode(
    [PillowResize].self, from: Data(Fixture.bytes("resizes.json")))
  #expect(cases.count == 18)
  for resize in cases {
    let source = try testPattern(width: resize.from[0], height: resize.from[1])
    let kernel = try #require(ResamplingKernel(rawValue: resize.kernel))
    let result = source.resized(
      widthPixels: resize.to[0], heightPixels: resize.to[1], kernel: kernel)
    #expect(result.samples.count == resize.values.count)
    // Half a level for rounding, 0.005 for the fixture's two decimals, 0.002 for 32-bit sums.
    let worst =
      zip(result.samples, resize.values)
      .map { abs(Double($0) - min(max($1, 0), 255)) }.max() ?? 0
    #expect(worst <= 0.507, "\(resize.kernel) \(resize.from) → \(resize.to)")
  }
}

@Test(arguments: [(200, 90), (13, 7), (640, 3), (1, 1)])
func aConstantImageStaysConstant(width: Int, height: Int) throws {
  let image = RasterImage(widthPixels: 61, heightPixels: 37, red: 17, green: 128, blue: 254)
  for kernel in ResamplingKernel.allCases {
    let resized = image.resized(widthPixels: width, heightPixels: height, kernel: kernel)
    let expected = RasterImage(
      widthPixels: width, heightPixels: height, red: 17, green: 128, blue: 254)
    #expect(resized == expected)
  }
}

@Test func aRampStaysARampAwayFromTheBorders() throws {
  // Cubic convolution reproduces linear functions: at output x the ramp is 4·((x + ½)/2 − ½).
  let ramp = try image(60, 4) { x, _, _ in 4 * x }
  let doubled = ramp.resizedBicubic(widthPixels: 120, heightPixels: 8)
  for x in 4..<116 {
    let expected = 4 * ((Double(x) + 0.5) / 2 - 0.5)
    #expect(Double(doubled.samples[3 * (4 * 120 + x)]) == expected, "column \(x)")
  }
}

@Test func anImpulseAnswersWithTheKernel() throws {
  // Doubling samples Keys' kernel at ±0.25, ±0.75, ±1.25, ±1.75.
  let impulse = try image(9, 1) { x, _, _ in x == 4 ? 200 : 50 }
  let doubled = impulse.resizedBicubic(widthPixels: 18, heightPixels: 1)
  let kernel = [-0.0234375, -0.0703125, 0.2265625, 0.8671875]
  for (index, weight) in (kernel + kernel.reversed()).enumerated() {
    let expected = (50 + 150 * weight).rounded()
    #expect(Double(doubled.samples[3 * (5 + index)]) == expected)
  }
  #expect(doubled.samples[3 * 4] == 50)
  #expect(doubled.samples[3 * 13] == 50)
}

@Test func resizingToTheSameSizeChangesNothing() throws {
  let image = try testPattern(width: 33, height: 21)
  #expect(image.resizedBicubic(widthPixels: 33, heightPixels: 21) == image)
}

@Test func anUnsharpMaskOvershootsAtAnEdgeAndKeepsFlatParts() throws {
  let edge = try image(40, 5) { x, _, _ in x < 20 ? 100 : 150 }
  let sharp = edge.unsharpMasked(amount: 1, sigmaPixels: 1)
  // At the pixel before the edge the blur is 100 + 50·Q with Q the blur's mass from ½ on.
  let weights = (-3...3).map { exp(-0.5 * Double($0 * $0)) }
  let beyond = weights[4...].reduce(0, +) / weights.reduce(0, +)
  #expect(Double(sharp.samples[3 * (80 + 19)]) == (100 - 50 * beyond).rounded())
  #expect(Double(sharp.samples[3 * (80 + 20)]) == (150 + 50 * beyond).rounded())
  #expect(sharp.samples[3 * 85] == 100)
  #expect(sharp.samples[3 * 115] == 150)
  #expect(edge.unsharpMasked(amount: 0, sigmaPixels: 1) == edge)
}

@Test func reflectionMirrorsWithoutRepeatingTheBorder() throws {
  let row = try image(4, 1) { x, _, _ in 10 * x }
  let padded = row.reflectionPadded(left: 5, top: 0, right: 2, bottom: 1)
  let reds = (0..<11).map { Int(padded.samples[3 * $0]) }
  #expect(reds == [10, 20, 30, 20, 10, 0, 10, 20, 30, 20, 10])
  #expect(padded.heightPixels == 2)
}

@Test func croppingOutsideOfTheImageGivesNothing() throws {
  let image = try testPattern(width: 8, height: 6)
  #expect(image.cropped(to: PixelRectangle(x: 4, y: 0, width: 5, height: 2)) == nil)
  #expect(image.cropped(to: PixelRectangle(x: 0, y: 0, width: 0, height: 2)) == nil)
  let cut = try #require(image.cropped(to: PixelRectangle(x: 5, y: 4, width: 3, height: 2)))
  #expect(Array(cut.samples.prefix(3)) == Array(image.samples[(3 * 37)..<(3 * 38)]))
}
