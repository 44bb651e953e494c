import Domain
import Foundation
import Pixels
import Preparation
import Statistics

/// What was done to one image: more kinds of damage than a graded ladder has.
///
/// In this order: exposure, blur, then subsampling, sharpening and noise as in `DegradationRecipe`,
/// then JPEG.
struct Recipe: Codable, Hashable {
  /// The change of exposure in stops, in linear light; clipped at white.
  var stops = 0.0
  /// The standard deviation of a Gaussian blur in pixels of the region.
  var blurPixels = 0.0
  var basic = Recipe.basic()
  /// The quality of a JPEG file; nil for none.
  var jpegQuality: Int?

  private static func basic(
    factor: Double = 1, kernel: String = "bicubic", amount: Double = 0, sigma: Double = 0,
    variance: Double = 0, seed: UInt64 = 0, space: NoiseSpace = .srgb
  ) -> DegradationRecipe {
    DegradationRecipe(
      level: 0, subsamplingFactor: factor, sharpeningAmount: amount, sharpeningSigmaPixels: sigma,
      noiseVariance: variance, noiseSeed: seed, kernel: kernel, noiseSpace: space)
  }

  /// Draws what is done to the images of a portrait: nothing to the first one.
  static func drawn(_ count: Int, portrait: Int, seed: UInt64) -> [Recipe] {
    var random = SeededGenerator(seed: seed).stream(UInt64(portrait))
    return (0..<count).map { $0 == 0 ? Recipe() : drawn(&random) }
  }

  /// Draws what is done to an image: one to four kinds of damage of random strength.
  static func drawn(_ random: inout SeededGenerator) -> Recipe {
    func between(_ low: Double, _ high: Double) -> Double { low + (high - low) * random.uniform() }
    var recipe = Recipe()
    let hits = (0..<6).map { _ in random.uniform() < 0.36 }
    let shrinks = hits[0] || !hits.contains(true)
    let kernel = ["bicubic", "bilinear", "box"][random.index(below: 3)]
    let factor = exp2(between(0.2, 2.7))
    let (amount, sigma) = (between(0.2, 0.8), between(0.8, 2))
    let variance = 16 * (exp(between(0.3, 3)) - 1)
    let space: NoiseSpace = random.uniform() < 0.5 ? .srgb : .linear
    recipe.basic = basic(
      factor: shrinks ? factor : 1, kernel: kernel, amount: hits[1] ? amount : 0,
      sigma: hits[1] ? sigma : 0, variance: hits[2] ? variance : 0, seed: random.next(),
      space: space)
    let (blur, stops) = (exp2(between(-1, 2)), between(-2.5, 1.5))
    let quality = Int(exp2(between(3, 6.3)).rounded())
    if hits[3] { recipe.blurPixels = blur }
    if hits[4] { recipe.stops = stops }
    if hits[5] { recipe.jpegQuality = quality }
    return recipe
  }

  /// The damaged region at its own resolution.
  func apply(to region: RasterImage, _ degradation: Degradation) throws -> RasterImage {
    var image = exposed(region).blurred(sigmaPixels: blurPixels)
    image = try degradation.apply(basic, to: image)
    if let jpegQuality {
      image = try RasterImage.decode(
        bytes: image.encoded(as: .jpeg(quality: jpegQuality)), name: "recipe")
    }
    return image
  }

  private func exposed(_ image: RasterImage) -> RasterImage {
    guard stops != 0 else { return image }
    let curve = (0..<256).map { level -> UInt8 in
      let coded = Double(level) / 255
      let linear = coded <= 0.04045 ? coded / 12.92 : pow((coded + 0.055) / 1.055, 2.4)
      let light = min(1, linear * exp2(stops))
      let out = light <= 0.0031308 ? 12.92 * light : 1.055 * pow(light, 1 / 2.4) - 0.055
      return UInt8(clamping: Int((255 * out).rounded()))
    }
    var result = image
    result.samples = image.samples.map { curve[Int($0)] }
    return result
  }
}

/// The quality that the simulated observers perceive: a stated, synthetic law.
///
/// No person judged these pictures. As `SimulatedTruth` of the demo, with further kinds of damage:
///
///     quality = 1.6 · log₂(w / 150) − 1.6 · log₂ p + 0.6 · amount · (1 − 1 / p) − 0.75 · ln(1 + v / 16)
///               − 1.6 · ln(1 + s / 2) − 0.7 · |stops|^1.5
///
/// with w the region's width in pixels before it is enlarged, `p = √(f² + (2.355 σ)²)` the width of
/// a point in pixels (subsampling factor f, blur σ), v the noise's variance in squared levels of
/// sRGB, and s libjpeg's multiple of its quantisation tables (50 / quality below 50, else 2 −
/// quality / 50).
enum Truth {
  static func quality(of recipe: Recipe, regionWidthPixels: Int) -> JOD {
    let basic = recipe.basic
    let width = 2.355 * recipe.blurPixels
    let point = (basic.subsamplingFactor * basic.subsamplingFactor + width * width).squareRoot()
    let relief = 0.6 * min(1, basic.sharpeningAmount) * (1 - 1 / max(1, point))
    let noise = DegradationSeverity.jod(
      of: DegradationRecipe(
        level: 0, subsamplingFactor: 1, sharpeningAmount: 0, sharpeningSigmaPixels: 0,
        noiseVariance: basic.noiseVariance, noiseSeed: 0, noiseSpace: basic.noiseSpace)
    ).value
    let blur = 1.6 * log2(max(1, point)) - relief
    let tone = 0.7 * pow(abs(recipe.stops), 1.5)
    let loss = blur + noise + blocks(recipe.jpegQuality) + tone
    return JOD(1.6 * log2(Double(regionWidthPixels) / 150) - loss)
  }

  private static func blocks(_ quality: Int?) -> Double {
    guard let quality else { return 0 }
    let tables = quality < 50 ? 50 / Double(quality) : 2 - Double(quality) / 50
    return 1.6 * log(1 + tables / 2)
  }
}
