public import Domain
public import Pixels
internal import Statistics
public import Tensors

/// What a network says about one region.
public struct RegionEvaluation: Hashable, Sendable {
  /// The score, in the unit of the training scores.
  public let score: Double
  /// The score of each crop, in their order.
  public let cropScores: [Double]
  /// The probability of each scene, averaged over the crops; empty where no scene is predicted.
  public let sceneProbabilities: [Double]
  /// What the network saw before it predicted, averaged over the crops.
  public let features: [Float]

  /// Makes an evaluation.
  public init(
    score: Double, cropScores: [Double] = [], sceneProbabilities: [Double] = [],
    features: [Float] = []
  ) {
    self.score = score
    self.cropScores = cropScores
    self.sceneProbabilities = sceneProbabilities
    self.features = features
  }

  /// The standard deviation of the crops' scores; nil for fewer than two.
  public var spread: Double? {
    cropScores.count > 1 ? Descriptive.standardDeviation(cropScores) : nil
  }
}

/// The crops of one region, as ``QualityNetwork/evaluate(_:scene:)`` reads them.
public struct RegionCrops {
  /// The number of crops.
  public let count: Int
  /// The pixels of one crop.
  public let pixelsPerCrop: Int
  /// The complete photo, `[1, height, width, 3]`, where the architecture needs it.
  public let completeImage: Tensor?
  /// The pixels of some of the crops: `[1, count, height, width, 3]`, 0…255.
  public let pixels: (Range<Int>) throws -> Tensor

  /// Describes the crops of one region.
  public init(
    count: Int, pixelsPerCrop: Int, completeImage: Tensor? = nil,
    pixels: @escaping (Range<Int>) throws -> Tensor
  ) {
    self.count = count
    self.pixelsPerCrop = pixelsPerCrop
    self.completeImage = completeImage
    self.pixels = pixels
  }
}

extension QualityNetwork {
  /// About so many pixels go through a network at once.
  private static let pixelsAtOnce = 8 * 224 * 224

  /// Evaluates one region, as the validation of a training and as the scoring of photos do.
  ///
  /// Crops go through the network in small groups, so memory doesn't grow with the region. The
  /// architectures that read a fixed number of crops together get groups of exactly that number.
  /// The score is the mean over all crops.
  ///
  /// - Parameters:
  ///   - region: the region's crops; one that is the whole region for MUSIQ.
  ///   - scene: the number of the scene in `Configuration.scenes`, where somebody gave it.
  /// - Returns: the score and what it is made of.
  /// - Throws: what `region.pixels` throws, or `TensorError`.
  public func evaluate(_ region: RegionCrops, scene: Int? = nil) throws -> RegionEvaluation {
    try withoutGradient {
      let traits = configuration.architecture.traits
      let known = scene.map { [$0] }
      let atOnce =
        traits.readsCropsTogether
        ? configuration.cropsPerImage : max(1, Self.pixelsAtOnce / max(1, region.pixelsPerCrop))
      var (scores, crops, probabilities) = ([Double](), [Double](), [Double]())
      var features: [Float] = []
      for first in stride(from: 0, to: region.count, by: atOnce) {
        let group = first..<min(first + atOnce, region.count)
        let prediction = try self(
          Input(
            crops: region.pixels(group), completeImages: region.completeImage,
            scenes: traits.needsScene ? known : nil, knownScenes: traits.needsScene ? nil : known))
        let own = try prediction.cropScores?.doubles() ?? []
        crops += own
        // What was read together has one score, which counts as often as it has crops.
        scores +=
          own.count == group.count && !traits.readsCropsTogether
          ? own : [Double](repeating: try prediction.scores.item(), count: group.count)
        let share = Double(group.count) / Double(region.count)
        add(try prediction.features?.floats() ?? [], times: Float(share), to: &features)
        if let logits = prediction.sceneLogits {
          add(try logits.softmax(1).doubles(), times: share, to: &probabilities)
        }
      }
      return RegionEvaluation(
        score: Descriptive.mean(scores), cropScores: crops, sceneProbabilities: probabilities,
        features: features)
    }
  }
}

/// Adds a multiple of some numbers to a sum that may be empty yet.
private func add<Number: FloatingPoint>(
  _ numbers: [Number], times share: Number, to sum: inout [Number]
) {
  if sum.isEmpty { sum = numbers.map { _ in 0 } }
  for (index, number) in numbers.enumerated() { sum[index] += share * number }
}

extension QualityNetwork.Configuration {
  /// The crops of a region that a network looks at.
  ///
  /// Architectures that read a fixed number of crops together get exactly that many from a grid,
  /// and random crops in groups of it; those that use no crops get the whole region.
  ///
  /// - Parameters:
  ///   - sampling: how the region is cut.
  ///   - width: the region's width, at least ``cropSide`` where crops are used.
  ///   - height: the region's height.
  /// - Returns: the crops, in pixels of the region.
  public func areas(_ sampling: CropSampling, width: Int, height: Int) -> [PixelRectangle] {
    guard architecture.usesCrops else {
      return [PixelRectangle(x: 0, y: 0, width: width, height: height)]
    }
    let together = architecture.readsCropsTogether ? cropsPerImage : 1
    switch sampling {
    case .grid where architecture.readsCropsTogether:
      return CropLayout.exactly(together, width: width, height: height, side: cropSide)
    case .grid(let limit):
      return CropLayout.grid(width: width, height: height, side: cropSide, limit: limit)
    case .random(let count, let seed):
      let groups = (max(1, count) + together - 1) / together
      return CropLayout.random(
        groups * together, width: width, height: height, side: cropSide, seed: seed)
    }
  }
}

extension QualityNetwork {
  /// The size of pictures whose longer side is so long, for any network.
  public static func targetSize(longSidePixels: Int) -> TargetSize {
    TargetSize(longSidePixels: longSidePixels, shortestPixels: smallestSide)
  }
}

extension RasterImage {
  /// The picture with its longer side brought to a length by bicubic interpolation (a = −0.5).
  ///
  /// The other side keeps the shape, but is at least ``QualityNetwork/smallestSide``: a strip so
  /// narrow that no network could read it is stretched.
  public func resized(longSidePixels: Int) -> RasterImage {
    resized(to: QualityNetwork.targetSize(longSidePixels: longSidePixels))
  }
}
