import Domain
import Foundation
import HandcraftedModels
import Testing

@Test(arguments: ["chelsea.png", "coffee.png"])
func niqeFeaturesFollowThePublishedDefinition(name: String) throws {
  let (golden, photo) = try Golden.photo(name)
  let blocks = try NIQE.blocks(GreyPlane(photo))
  // Both compute in double precision; the sums' order differs.
  #expect(relativeDifference(blocks.features[0], golden.niqeFirstBlock) < 1e-9)
  #expect(relativeDifference(blocks.sharpness, golden.niqeSharpness) < 1e-9)
}

@Test(arguments: ["chelsea.png", "coffee.png"])
func niqeScoresAsTheReferenceAndPyiqa(name: String) throws {
  let model = try NIQEModel.load(Place.pristineNIQE())
  let (golden, photo) = try Golden.photo(name)
  let score = try model.score(GreyPlane(photo))
  // The covariance of 6 blocks has rank 5: the pooled matrix is that of the pristine photos in the
  // rest.
  #expect(relativeDifference([score], [golden.niqe]) < 1e-7)
  // The peer's window is in single precision.
  let peer = try #require(golden.pyiqa["niqe"])
  #expect(relativeDifference([try model.score(threeDigitLuma(photo))], [peer]) < 1e-4)
  #expect(try model.score(GreyPlane(photo)) == score)
}

/// A brighter photo has the same coefficients.
///
/// Without the rule for flat regions, the sign of what rounding leaves there depends on the grey
/// level, and with it the counts of positive and negative ones.
@Test(arguments: 1...12) func flatRegionsHaveNoSign(brighter: Int) throws {
  let side = 192
  var samples = GreyPlane(try scene(3, width: side, height: side)).samples.map { $0 / 2 }
  for y in 0..<side {
    for x in 0..<side where (x - 96) * (x - 96) + (y - 96) * (y - 96) < 60 * 60 {
      samples[y * side + x] = 77
    }
  }
  func features(_ samples: [Double]) throws -> [[Double]] {
    try NIQE.blocks(GreyPlane(widthPixels: side, heightPixels: side, samples: samples)).features
  }
  let dark = try features(samples)
  let bright = try features(samples.map { $0 + Double(brighter) })
  // Rounding errors of squares up to 255².
  for (a, b) in zip(dark, bright) { #expect(relativeDifference(a, b) < 1e-8) }
}

@Test func theAuthorsParametersAreThoseOfTheSetUp() throws {
  let numpy = try Place.pristineNIQE()
  let matlab = try Place.parameter("niqe_modelparameters.mat")
  #expect(try NIQEModel.load(numpy) == NIQEModel.load(matlab))
}

@Test func aFittedModelPrefersWhatItWasFittedOn() throws {
  var fitting = NIQEModel.Fitting()
  for seed in 1...6 {
    try fitting.add(GreyPlane(scene(UInt64(seed), width: 480, height: 384)))
  }
  let model = try fitting.model()
  let clean = try model.score(GreyPlane(scene(50, width: 480, height: 384)))
  let noisy = try model.score(GreyPlane(scene(50, width: 480, height: 384, noise: 60)))
  #expect(clean < noisy)
  let path = temporaryFile("niqe.json")
  defer { try? FileManager.default.removeItem(atPath: path) }
  try model.save(path)
  #expect(try NIQEModel.load(path) == model)
}

@Test func onlySharpBlocksAreFitted() throws {
  let photo = GreyPlane(try scene(1, width: 960, height: 768))
  let sharpness = try NIQE.blocks(photo).sharpness
  let largest = try #require(sharpness.max())
  // Just above the 37th sharpest block fits nothing, just below it fits.
  let ranked = sharpness.sorted(by: >)
  #expect(throws: InputError.self) {
    try NIQEModel.fit([photo], sharpnessThreshold: ranked[36] / largest * 1.000001)
  }
  _ = try NIQEModel.fit([photo], sharpnessThreshold: ranked[36] / largest * 0.999999)
}

@Test func photosWithoutEnoughBlocksAreRefused() throws {
  let model = try NIQEModel.load(Place.pristineNIQE())
  let small = GreyPlane(try scene(1, width: 300, height: 191))
  #expect(
    throws: InputError(
      "photo", "300×191 pixels is too small for NIQE", remedy: "give at least 192×192 pixels")
  ) {
    try model.score(small)
  }
  let flat = try GreyPlane(
    widthPixels: 200, heightPixels: 200, samples: [UInt8](repeating: 9, count: 40_000))
  #expect(throws: InputError.self) { try model.score(flat) }
}

/// Photos with the scores that the authors' programs give in MATLAB: the calibration pictures of
/// pyiqa (TID2013) and those of IL-NIQE's Python repository, as PNG files in the folder
/// VERNIER_MATLAB_PHOTOS.
@Test(
  arguments: [
    ("I04", -0.107618, 3.65492152353770, 23.9968), ("I06", 0.992889, 3.23547743716998, 19.9750),
    ("pepper_0", nil, nil, 29.1422), ("pepper_1", nil, nil, 36.9637),
    ("pepper_2", nil, nil, 29.5075), ("pepper_4", nil, nil, 46.8697),
  ] as [(String, Double?, Double?, Double)])
func scoresAreThoseOfMATLAB(
  name: String, brisque: Double?, niqe: Double?, ilniqe: Double
) throws {
  guard let folder = ProcessInfo.processInfo.environment["VERNIER_MATLAB_PHOTOS"] else {
    try Test.cancel("set VERNIER_MATLAB_PHOTOS to the folder of the photos")
  }
  let regression = try Place.parameter("allmodel")
  let range = try Place.parameter("allrange")
  let pristine = try Place.parameter("niqe_modelparameters.mat")
  let template = try Place.parameter("templateModel.mat")
  let photo = try colourPlane("\(folder)/\(name).png")
  let grey = GreyPlane(photo)
  if let brisque {
    let model = try BRISQUEModel.importing(model: regression, range: range)
    // The authors pass features on as text of 6 decimals: 0.0005 on a scale of 100; 0.002 beside
    // flat regions.
    #expect(abs(try model.score(grey) - brisque) < 0.002)
  }
  if let niqe {
    #expect(relativeDifference([try NIQEModel.load(pristine).score(grey)], [niqe]) < 1e-3)
  }
  #expect(relativeDifference([try ILNIQEModel.load(template).score(photo)], [ilniqe]) < 1e-3)
}
