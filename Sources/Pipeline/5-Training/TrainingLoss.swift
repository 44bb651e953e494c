internal import NeuralModels
package import Tensors

/// The parts of a loss, each a mean over photos, in units of the standardized score.
public struct LossParts: Hashable, Sendable, Codable {
  /// The loss of the scores.
  public internal(set) var score = 0.0
  /// The cross entropy of the scenes, before its weight.
  public internal(set) var scene = 0.0
  /// The fidelity loss of the pairs, before its weight.
  public internal(set) var pairs = 0.0
  /// The whole, with its weights.
  public internal(set) var total = 0.0

  /// Adds another's parts times a weight.
  mutating func add(_ other: LossParts, weight: Double) {
    score += weight * other.score
    scene += weight * other.scene
    pairs += weight * other.pairs
    total += weight * other.total
  }
}

/// The targets of a batch.
struct BatchTargets {
  /// The photos' scores, in their own unit.
  let scores: [Float]
  /// The numbers of the photos' scenes, for the cross entropy.
  let sceneNumbers: [Int]
  /// The names of the photos' scenes, for the pairs.
  let scenes: [String]
}

/// The loss of a batch and its parts.
///
/// The scores' loss compares every crop with its photo's score where crops are scored one by one,
/// as HyperIQA's authors do, else the photos' scores. The scene's cross entropy is that of paper 1
/// (weight 1) and paper 2 (weight 0.5).
///
/// - Parameters:
///   - prediction: what the network said.
///   - targets: what it should have said.
///   - settings: the kinds and weights of the parts.
/// - Returns: a tensor to go backward from, and the numbers.
/// - Throws: `TensorError` when libtorch fails.
func loss(
  _ prediction: QualityPrediction, _ targets: BatchTargets, settings: NetworkSettings
) throws -> (Tensor, LossParts) {
  let network = settings.network
  let device = prediction.scores.device
  let target = try Tensor(targets.scores).placed(on: device)
  let crops = network.architecture.readsCropsTogether ? nil : prediction.cropScores
  let error =
    if let crops { try crops - target.unsqueezed(1) } else { try prediction.scores - target }
  let unit = try error * (1 / (network.scoreScale ?? 1))
  var total = try (settings.fitting.loss == .l1 ? unit.abs() : unit.square()).mean()
  var parts = LossParts()
  parts.score = try total.item()
  if settings.sceneWeight > 0, let logits = prediction.sceneLogits {
    let entropy = try logits.crossEntropyLoss(
      Tensor(targets.sceneNumbers.map(Int64.init)).placed(on: device))
    parts.scene = try entropy.item()
    total = try total + entropy * settings.sceneWeight
  }
  if settings.pairWeight > 0 {
    let fidelity = try fidelityLoss(
      prediction.scores, targets.scores, scenes: targets.scenes, distance: settings.pairDistance)
    if let fidelity {
      parts.pairs = try fidelity.item()
      total = try total + fidelity * settings.pairWeight
    }
  }
  parts.total = try total.item()
  return (total, parts)
}

/// How far the predicted preferences between photos of one scene are from those that their scores
/// stand for.
///
/// 1 − √(p·p̂) − √((1−p)(1−p̂)), averaged over all pairs of one scene, with p = Φ(z·Δ/distance) and
/// z the 75 % quantile of the normal distribution: 75 of 100 observers see the difference of photos
/// one distance apart.
///
/// Source: Tsai and others 2007, «FRank» (the loss); Zhang and others 2021, arXiv:2005.13983 (for
/// image quality).
///
/// - Returns: nothing where no two photos show one scene.
package func fidelityLoss(
  _ scores: Tensor, _ targets: [Float], scenes: [String], distance: Double
) throws(TensorError) -> Tensor? {
  var (first, second) = ([Int64](), [Int64]())
  for left in scenes.indices {
    for right in scenes.indices where right > left && scenes[left] == scenes[right] {
      first.append(Int64(left))
      second.append(Int64(right))
    }
  }
  guard !first.isEmpty else { return nil }
  let device = scores.device
  let left = try Tensor(first).placed(on: device)
  let right = try Tensor(second).placed(on: device)
  let quartile = 0.674_489_750_196_081_7 / distance
  func preference(_ scores: Tensor) throws(TensorError) -> Tensor {
    try ((scores.entries(left) - scores.entries(right)) * quartile).normalDistribution()
  }
  let (p, q) = (
    try preference(Tensor(targets).placed(on: device)), try preference(scores)
  )
  // The square root is steep at 0.
  let both = try (p * q + 1e-8).sqrt() + ((1 - p) * (1 - q) + 1e-8).sqrt()
  return try (1 - both).mean()
}
