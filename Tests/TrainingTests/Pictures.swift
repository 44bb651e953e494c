import Domain
import NeuralModels
import Pixels
import Tensors
import Training

/// Made-up photos whose score is their brightness, in memory.
struct Pictures: RegionSource {
  struct Broken: Error, Equatable {
    let index: Int
  }

  let images: [RasterImage]
  var brokenIndex: Int?

  init(count: Int, width: Int = 90, height: Int = 70) {
    images = (0..<count).map { index in
      var samples: [UInt8] = []
      var state = UInt32(truncatingIfNeeded: index &* 7919 &+ 17)
      for _ in 0..<(3 * width * height) {
        state = state &* 1_664_525 &+ 1_013_904_223
        samples.append(UInt8(20 + 10 * (index % 16) + Int(state >> 27)))
      }
      return RasterImage(widthPixels: width, heightPixels: height, samples: samples)
        ?? RasterImage(widthPixels: width, heightPixels: height, red: 0, green: 0, blue: 0)
    }
  }

  func withRegion<Result>(_ index: Int, _ body: (RegionPixels) throws -> Result) throws -> Result {
    if index == brokenIndex { throw Broken(index: index) }
    let image = images[index]
    return try image.samples.withUnsafeBytes {
      try body(
        RegionPixels(
          widthPixels: image.widthPixels, heightPixels: image.heightPixels, bytes: $0))
    }
  }

  func completeImage(_ index: Int) throws -> RasterImage { images[index] }

  /// Photos for the pictures: two scenes, every fourth photo for validation.
  func photos() -> [TrainingPhoto] {
    images.indices.map { index in
      TrainingPhoto(
        photo: PhotoID("\(index)"), scene: index % 2 == 0 ? "in" : "out",
        part: index % 4 == 3 ? .valid : .train, score: Double(index % 16) / 4 - 2)
    }
  }
}

/// Small settings that are fast enough for tests.
func smallSettings(
  _ architecture: Architecture = .resNet50, side: Int = 64, crops: Int = 1
) -> NetworkSettings {
  var settings = NetworkSettings(
    QualityNetwork.Configuration(
      architecture: architecture, cropSide: side, cropsPerImage: crops, topScenes: 2))
  (settings.fitting.epochs, settings.fitting.batchSize) = (2, 2)
  settings.headEpochs = 0
  return settings
}

/// A network with random weights of completed settings.
func randomNetwork(
  _ settings: NetworkSettings, seed: UInt64 = 3, recomputing: Bool = false,
  on device: Device = .cpu
) throws -> QualityNetwork {
  try QualityNetwork.fresh(
    settings.network, random: RandomSource(seed: seed),
    for: .training(on: device, recomputingActivations: recomputing))
}
