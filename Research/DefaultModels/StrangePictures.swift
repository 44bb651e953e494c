import Foundation
import Pixels
import Preparation
import Statistics

/// Pictures that a model of daylight portraits has never seen.
enum StrangePictures {
  /// A portrait under conditions that were not trained on.
  static func of(
    _ portrait: RasterImage, seed: UInt64, _ degradation: Degradation
  ) throws -> [(String, RasterImage)] {
    var night = Recipe()
    night.stops = -5
    let dark = try night.apply(to: portrait, degradation)
    var random = SeededGenerator(seed: seed)
    let noise = GaussianNoise()
    let noisy = noise.addingLinear(to: dark, variance: 9, using: &random)
    var white = Recipe()
    white.stops = 4
    var upside = portrait
    let count = portrait.widthPixels * portrait.heightPixels
    for pixel in 0..<count {
      for channel in 0..<3 {
        upside.samples[3 * pixel + channel] = portrait.samples[3 * (count - 1 - pixel) + channel]
      }
    }
    return [
      ("portrait at night (5 stops darker, sensor noise)", noisy),
      ("portrait burnt out (4 stops brighter)", try white.apply(to: portrait, degradation)),
      ("portrait as a line drawing", lines(portrait)),
      ("portrait upside down", upside),
    ]
  }

  /// Pictures without anybody, drawn by a seed.
  static func drawn(count: Int, seed: UInt64) -> [(String, RasterImage)] {
    (0..<count).flatMap { index -> [(String, RasterImage)] in
      var random = SeededGenerator(seed: seed).stream(UInt64(index))
      func level() -> UInt8 { UInt8(random.index(below: 256)) }
      let flat = RasterImage(
        widthPixels: 459, heightPixels: 612, red: level(), green: level(), blue: level())
      var chart = flat
      for _ in 0..<40 {
        let (x, y) = (random.index(below: 459), random.index(below: 612))
        let (w, h) = (random.index(below: 200) + 1, random.index(below: 200) + 1)
        let colour = [level(), level(), level()]
        for row in y..<min(612, y + h) {
          for column in x..<min(459, x + w) {
            for channel in 0..<3 {
              chart.samples[3 * (row * 459 + column) + channel] = colour[channel]
            }
          }
        }
      }
      var noise = flat
      for sample in noise.samples.indices { noise.samples[sample] = level() }
      return [("flat colour", flat), ("coloured rectangles", chart), ("white noise", noise)]
    }
  }

  /// Dark lines where neighbouring pixels differ.
  private static func lines(_ image: RasterImage) -> RasterImage {
    var result = image
    let (width, height) = (image.widthPixels, image.heightPixels)
    func luma(_ x: Int, _ y: Int) -> Int {
      let place = 3 * (min(y, height - 1) * width + min(x, width - 1))
      return Int(image.samples[place]) + 2 * Int(image.samples[place + 1])
        + Int(image.samples[place + 2])
    }
    for y in 0..<height {
      for x in 0..<width {
        let edge = abs(luma(x + 2, y) - luma(x, y)) + abs(luma(x, y + 2) - luma(x, y))
        for channel in 0..<3 {
          result.samples[3 * (y * width + x) + channel] = edge > 60 ? 30 : 250
        }
      }
    }
    return result
  }
}
