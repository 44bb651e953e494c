import Foundation
import NeuralModels
import Tensors
import Testing

/// Weights and inputs that `Scripts/golden/engine-models.py` makes by the same formulas.
enum Formula {
  /// Numbers in −1…1 from a name: an FNV-1a seed, then Murmur's finaliser for each index.
  static func hashed(_ name: String, _ count: Int) -> [Float] {
    var seed: UInt32 = 2_166_136_261
    for byte in name.utf8 { seed = (seed ^ UInt32(byte)) &* 16_777_619 }
    return (0..<UInt32(count)).map { index in
      var x = index &* 0x9E37_79B1 &+ seed
      x ^= x >> 16
      x = x &* 0x85EB_CA6B
      x ^= x >> 13
      x = x &* 0xC2B2_AE35
      x ^= x >> 16
      return Float(x >> 8) * 0x1p-23 - 1
    }
  }

  private static func tensor(_ name: String, _ shape: [Int]) throws -> Tensor {
    let count = shape.reduce(1, *)
    var values = hashed(name, count)
    if name.hasSuffix("running_var") {
      values = values.map { 1 + 0.5 * $0 }
    } else if ["bias", "running_mean", "_emb", "cls"].contains(where: name.hasSuffix) {
      values = values.map { 0.1 * $0 }
    } else if shape.count == 1 {
      values = values.map { 1 + 0.25 * $0 }
    } else {
      let gain = name.contains("features") ? 2.0 : 1.0
      let scale = Float((3 * gain / Double(count / shape[0])).squareRoot())
      values = values.map { scale * $0 }
    }
    return try Tensor(values, shape: shape)
  }

  /// A model whose every tensor follows the formula.
  static func model<Model>(
    for purpose: Purpose = .training(), _ make: (Weights) throws -> Model
  ) throws -> (model: Model, weights: Weights) {
    try model(for: purpose, state(make), make)
  }

  /// The same weights twice: to train, and folded and fused for inference in single precision.
  static func models<Model>(
    _ make: (Weights) throws -> Model
  ) throws -> (trained: Model, weights: Weights, fused: Model) {
    let state = try state(make)
    let (trained, weights) = try model(for: .training(), state, make)
    return (trained, weights, try model(for: .inference(.float32), state, make).model)
  }

  private static func model<Model>(
    for purpose: Purpose, _ state: [String: Tensor], _ make: (Weights) throws -> Model
  ) throws -> (model: Model, weights: Weights) {
    let weights = try Weights(loading: state, for: purpose)
    let model = try make(weights)
    try weights.finish()
    return (model, weights)
  }

  /// What the reference's file would carry.
  private static func state<Model>(
    _ make: (Weights) throws -> Model
  ) throws -> [String: Tensor] {
    // Tests run beside one another: a thread each is faster than pools that wait for each other.
    try Runtime.setThreads(1)
    // Made once to learn its keys.
    let blank = Weights(initialising: try RandomSource(seed: 0))
    _ = try make(blank)
    var state: [String: Tensor] = [:]
    for entry in blank.entries { state[entry.name] = try tensor(entry.name, entry.tensor.shape) }
    return state
  }

  /// Pixels `[count, height, width, 3]`.
  static func images(_ count: Int, _ height: Int, _ width: Int) throws -> Tensor {
    try Runtime.setThreads(1)
    let plain = Golden.pattern(height: height, width: width)
    let samples = (0..<count).flatMap { image in
      plain.map { UInt8((Int($0) + 101 * image) % 256) }
    }
    return try Tensor(samples, shape: [count, height, width, 3])
  }
}

/// One golden file of a quality model.
struct ModelReference: Decodable {
  struct Summary: Decodable {
    let shape: [Int]
    let mean: Double
    let last: Double
  }

  let scores: [Double]?
  let loss: Double?
  let gradients: [String: [Double]]?
  let logits: [Double]?
  let unscaled: [Double]?
  let pooled: [Double]?
  let stages: [Summary]?
  let features: Summary?
  let distribution: [Double]?
  let places: [Int64]?
  let scales: [Int64]?
  let odd: [Double]?
  let large: [Double]?
  /// The golden file's name.
  var name: String?

  /// Prints a measured difference where `VERNIER_PARITY` is set: the table of
  /// docs/neural-models.md.
  func tell(_ what: String, _ difference: Double) {
    guard ProcessInfo.processInfo.environment["VERNIER_PARITY"] != nil else { return }
    print("parity", name ?? "", what, difference)
  }

  /// The bound for forward passes, relative to the size of the numbers compared.
  static let forward = 1e-4
  /// The bound for gradients, relative to each gradient's norm.
  static let backward = 1e-3
  /// The bound for a gradient's product with random numbers, relative to its norm.
  ///
  /// Such a sum cancels: PyTorch's own single precision differs from its double by 0.0042 there
  /// (the first convolution of HyperIQA on Lite0 at r = 2).
  static let probed = 5e-3

  static func expectSummary(_ tensor: Tensor, _ expected: Summary?) throws {
    let expected = try #require(expected)
    #expect(tensor.shape == expected.shape)
    let last = Double(try #require(try tensor.contiguous().floats().last))
    #expect(abs(try tensor.mean().item() - expected.mean) <= forward)
    #expect(abs(last - expected.last) <= forward * max(1, abs(expected.last)))
  }

  /// Compares the scores of a model made for inference.
  func expectScores(_ prediction: QualityPrediction) throws {
    let scores = try #require(scores)
    let scale = max(1, scores.map(abs).max() ?? 1)
    let difference = try Golden.difference(prediction.scores, scores)
    tell("fused", difference / scale)
    #expect(difference <= Self.forward * scale)
  }

  /// Compares scores, logits, loss and every recorded gradient.
  func expect(_ prediction: QualityPrediction, _ weights: Weights) throws {
    let scores = try #require(scores)
    let scale = max(1, scores.map(abs).max() ?? 1)
    let difference = try Golden.difference(prediction.scores, scores)
    tell("forward", difference / scale)
    #expect(difference <= Self.forward * scale)
    if let unscaled {
      let difference = try Golden.difference(prediction.unscaledScores, unscaled)
      #expect(difference <= Self.forward * max(1, unscaled.map(abs).max() ?? 1))
    }
    var loss = try (prediction.scores - 0.3).square().mean()
    if let logits {
      let own = try #require(prediction.sceneLogits)
      #expect(try Golden.difference(own, logits) <= Self.forward * 10)
      let classes = try Tensor((0..<own.shape[0]).map { Int64($0 % own.shape[1]) })
      loss = try loss + own.crossEntropyLoss(classes)
    } else {
      #expect(prediction.sceneLogits == nil)
    }
    let expected = try #require(self.loss)
    #expect(abs(try loss.item() - expected) <= Self.forward * max(1, expected) * scale)
    try weights.clearGradients()
    try loss.backward()
    try expectGradients(weights)
  }

  func expectGradients(_ weights: Weights) throws {
    let entries = Dictionary(
      weights.parameters.map { ($0.name, $0.tensor) }, uniquingKeysWith: { $1 })
    let gradients = try #require(gradients)
    #expect(gradients.count > 5)
    // A gradient that is 0 in exact arithmetic, as that of attention's key bias, is rounding alone.
    let largest = gradients.values.map { $0[0] }.max() ?? 0
    var worst = (norm: 0.0, product: 0.0)
    for (name, expected) in gradients {
      let entry = try #require(entries[name], "\(name)")
      let gradient = try #require(try entry.gradient(), "\(name)").to(.float64).flattened()
      let norm = try gradient.square().sum().sqrt().item()
      let probe = try Tensor(Formula.hashed("probe \(name)", gradient.count)).to(.float64)
      let product = try (gradient * probe).sum().item()
      let scale = max(expected[0], 1e-3 * largest)
      #expect(abs(norm - expected[0]) <= Self.backward * scale, "\(name)")
      #expect(abs(product - expected[1]) <= Self.probed * scale, "\(name)")
      worst.norm = max(worst.norm, abs(norm - expected[0]) / scale)
      worst.product = max(worst.product, abs(product - expected[1]) / scale)
    }
    tell("gradient norm", worst.norm)
    tell("gradient product", worst.product)
  }
}
