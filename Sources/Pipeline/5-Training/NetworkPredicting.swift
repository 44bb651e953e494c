internal import NeuralModels
internal import Tensors

extension QualityNetwork {
  /// The prediction for a batch, photo by photo where pictures have different sizes.
  func predict(
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

  /// The evaluation of one photo; its crops were cut ahead.
  func evaluate(_ batch: TrainingBatch, scene: Int?) throws -> RegionEvaluation {
    let pictures = batch.pictures[0]
    let all = try pictures.tensor()
    let crops = RegionCrops(
      count: pictures.count, pixelsPerCrop: pictures.width * pictures.height,
      completeImage: try batch.complete.first?.tensor().squeezed(0)
    ) { group in
      group.count == pictures.count ? all : try all.slice(group, along: 1)
    }
    return try evaluate(crops, scene: scene)
  }
}
