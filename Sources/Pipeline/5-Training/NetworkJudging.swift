internal import NeuralModels
internal import Statistics
internal import Tensors

/// What a network says about one photo, over an even grid of crops.
public struct PhotoJudgement: Hashable, Sendable {
  /// The score, in the unit of the training scores.
  public let score: Double
  /// The standard deviation of the crops' scores; nil for fewer than two.
  public let spread: Double?
  /// The features that the scores were computed from, averaged over the crops.
  public let features: [Float]
}

/// The approximate number of pixels that a network evaluates at once.
private let pixelsAtOnce = 8 * 224 * 224

extension QualityNetwork {
  /// The prediction for a batch, photo by photo where pictures have different sizes.
  func judge(
    _ batch: TrainingBatch, scenes: [Int]?, training: Bool
  ) throws -> QualityPrediction {
    if batch.pictures.count == 1, batch.complete.isEmpty {
      let crops = try batch.pictures[0].tensor(photos: batch.photos.count)
      return try self(Input(crops: crops, scenes: scenes), training: training)
    }
    var parts: [QualityPrediction] = []
    for index in batch.photos.indices {
      let complete = try batch.complete.isEmpty ? nil : batch.complete[index].tensor().squeezed(0)
      let input = Input(
        crops: try batch.pictures[index].tensor(), completeImages: complete,
        scenes: scenes.map { [$0[index]] })
      parts.append(try self(input, training: training))
    }
    func joined(_ part: (QualityPrediction) -> Tensor?) throws(TensorError) -> Tensor? {
      let tensors = parts.compactMap(part)
      return tensors.count == parts.count ? try .concatenate(tensors) : nil
    }
    guard let scores = try joined({ $0.scores }) else {
      throw TensorError("training", reason: "an empty batch")
    }
    return QualityPrediction(
      scores: scores, sceneLogits: try joined { $0.sceneLogits },
      cropScores: try joined { $0.cropScores }, features: try joined { $0.features })
  }

  /// The prediction for one photo in evaluation mode; crops are evaluated in small groups, so
  /// memory stays bounded.
  func evaluate(_ batch: TrainingBatch, scene: Int?) throws -> PhotoJudgement {
    try withoutGradient {
      let pictures = batch.pictures[0]
      let scenes = scene.map { [$0] }
      let isWhole =
        configuration.architecture.judgesCropsTogether
        || !configuration.architecture.usesCrops
      guard !isWhole else {
        let prediction = try judge(batch, scenes: scenes, training: false)
        let crops = try prediction.cropScores?.doubles() ?? []
        return PhotoJudgement(
          score: try prediction.scores.item(), spread: Self.spread(crops),
          features: try prediction.features?.floats() ?? [])
      }
      let atOnce = max(1, pixelsAtOnce / (pictures.width * pictures.height))
      let all = try pictures.tensor()
      var crops: [Double] = []
      var features: [Float] = []
      for first in stride(from: 0, to: pictures.count, by: atOnce) {
        let group = try all.slice(first..<min(first + atOnce, pictures.count), along: 1)
        let prediction = try self(Input(crops: group, scenes: scenes))
        crops += try prediction.cropScores?.doubles() ?? []
        let share = Float(group.shape[1]) / Float(pictures.count)
        let part = try prediction.features?.floats() ?? []
        if features.isEmpty { features = part.map { _ in 0 } }
        for (index, value) in part.enumerated() { features[index] += share * value }
      }
      return PhotoJudgement(
        score: Descriptive.mean(crops), spread: Self.spread(crops), features: features)
    }
  }

  private static func spread(_ crops: [Double]) -> Double? {
    crops.count > 1 ? Descriptive.standardDeviation(crops) : nil
  }
}
