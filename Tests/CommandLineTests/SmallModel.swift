import Foundation
import NeuralModels
import Pixels
import Tensors

/// Models and photos for the commands' tests: random weights, made-up pictures.
enum SmallModel {
  /// Weights of a pooled network on EfficientNet-Lite0, as a file of safetensors.
  static func weights(to path: String, scenes: [String] = [], seed: UInt64 = 1) throws {
    let configuration = QualityNetwork.Configuration(
      architecture: scenes.isEmpty ? .resNet50 : .multitask, cropSide: 64, scenes: scenes)
    let network = try QualityNetwork(Weights(initialising: RandomSource(seed: seed)), configuration)
    try Checkpoint.write(network.weights.stateDictionary(), to: path)
  }

  /// A PNG of smooth shapes and noise, the same for the same seed.
  static func photo(to path: String, width: Int = 200, height: Int = 160, seed: Int = 1) throws {
    var samples: [UInt8] = []
    samples.reserveCapacity(3 * width * height)
    var state = UInt32(truncatingIfNeeded: seed &* 7919 &+ 17)
    for y in 0..<height {
      for x in 0..<width {
        state = state &* 1_664_525 &+ 1_013_904_223
        let noise = Double(state >> 24) / Double(1 + seed % 5) / 3
        let wave = 60 * sin(Double(x) / 9 + Double(seed)) * cos(Double(y) / 13) + 90
        for band in 0..<3 {
          samples.append(UInt8(min(max(wave + noise + 15 * Double(band), 0), 255)))
        }
      }
    }
    try RasterImage(widthPixels: width, heightPixels: height, samples: samples)?
      .write(to: path, as: .png())
  }
}
