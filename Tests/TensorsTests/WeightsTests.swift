import Tensors
import Testing

@Suite struct WeightsTests {
  private struct Pair {
    let norm: ConvNorm
    let head: LinearLayer

    init(_ w: Weights) throws {
      norm = try ConvNorm(w / "conv1", w / "bn1", 3, 4, kernel: 3, stride: 2)
      head = try LinearLayer(w / "head" / 0, 4, 2)
      w.ignore("old")
    }

    func callAsFunction(_ x: Tensor, training: Bool = false) throws -> Tensor {
      try head(norm(x, training: training).relu().mean([2, 3]))
    }
  }

  private let keys = [
    "bn1.bias", "bn1.running_mean", "bn1.running_var", "bn1.weight", "conv1.weight", "head.0.bias",
    "head.0.weight",
  ]

  private func state() throws -> [String: Tensor] {
    let w = Weights(initialising: try RandomSource(seed: 3))
    _ = try Pair(w)
    var state = try w.stateDictionary()
    let source = try RandomSource(seed: 4)
    // Statistics as after some training, so that folding has something to fold.
    state["bn1.running_mean"] = try source.normal([4])
    state["bn1.running_var"] = try source.uniform([4]) + 0.5
    state["bn1.bias"] = try source.normal([4])
    return state
  }

  @Test func theTreeShowsTheCheckpointsKeys() throws {
    let w = Weights(initialising: try RandomSource(seed: 1))
    _ = try Pair(w)
    #expect(w.entries.map(\.name).sorted() == keys)
    #expect(w.parameters.count == 5)
    #expect((w / "head").entries.map(\.name) == ["head.0.weight", "head.0.bias"])
    #expect(w.parameterCount == 3 * 4 * 9 + 4 + 4 + 4 * 2 + 2)
  }

  @Test func theSameSeedGivesTheSameModel() throws {
    let states = try (0..<2).map { _ in try state()["conv1.weight"]?.floats() }
    #expect(states[0] == states[1])
  }

  @Test func missingUnexpectedAndMisshapenKeysAreReportedTogether() throws {
    var wrong = try state()
    wrong["head.0.bias"] = nil
    wrong["bn1.weight"] = try .ones([5])
    wrong["extra"] = try .ones([1])
    wrong["old.thing"] = try .ones([1])
    wrong["bn1.num_batches_tracked"] = try Tensor([3] as [Int64])
    let w = try Weights(loading: wrong)
    _ = try Pair(w)
    let error = #expect(throws: WeightsError.self) { try w.finish() }
    #expect(error?.missing == ["head.0.bias"])
    #expect(error?.unexpected == ["extra"])
    #expect(error?.misshapen == ["bn1.weight: [5] instead of [4]"])
    #expect(error?.description.contains("\n") == false)
  }

  @Test func aFreshHeadOnATrainedBody() throws {
    let body = try state().filter { !$0.key.hasPrefix("head") }
    let w = try Weights(loading: body, fresh: ["head"], random: RandomSource(seed: 9))
    _ = try Pair(w)
    try w.finish()
    let weight = try #require((w / "head").entries.first)
    #expect(try weight.tensor.abs().max().item() > 0)
  }

  @Test func foldedInferenceEqualsTheSeparateNorm() throws {
    let state = try state()
    let x = try RandomSource(seed: 6).normal([2, 3, 9, 7])
    let separate = try Pair(Weights(loading: state))
    let folded = try Pair(Weights(loading: state, for: .inference(.float32)))
    let expected = try separate(x).doubles()
    #expect(isClose(try folded(Purpose.inference(.float32).input(x)).floats(), expected))
    let short = try Weights(loading: state, for: .inference(.bfloat16))
    let scores = try Pair(short)(short.purpose.input(x)).floats()
    // bfloat16 keeps 8 bits: 1/256 an operation, and this is a handful of them.
    #expect(isClose(scores, expected, within: 0.03))
    #expect(try short.parameters.allSatisfy { try !$0.tensor.requiresGradient() })
  }

  @Test func trainingUpdatesTheRunningStatistics() throws {
    let w = try Weights(loading: state())
    let model = try Pair(w)
    let x = try RandomSource(seed: 6).normal([2, 3, 9, 7])
    let mean = try #require(w.entries.first { $0.name == "bn1.running_mean" })
    let before = try mean.tensor.floats()
    _ = try model(x)
    #expect(try mean.tensor.floats() == before)
    _ = try model(x, training: true)
    #expect(try mean.tensor.floats() != before)
  }

  @Test func loadedWeightsAreCopies() throws {
    let source = try state()
    let w = try Weights(loading: source)
    _ = try Pair(w)
    try w.parameters.first?.tensor.assign(.zeros([1]))
    #expect(try source["conv1.weight"]?.abs().max().item() != 0)
    try w.restore(source)
    #expect(
      try w.entries.first { $0.name == "conv1.weight" }?.tensor.floats()
        == source["conv1.weight"]?.floats())
    #expect(throws: WeightsError.self) { try w.restore([:]) }
  }
}

@Suite struct OptimizerTests {
  private func parameter(_ values: [Double]) throws -> (Weights, Weights.Entry) {
    let count = values.count
    let w = try Weights(loading: ["x": Tensor(values)])
    _ = try w.parameter("x", [count], .zeros)
    return (w, try #require(w.parameters.first))
  }

  /// Adam by its paper's algorithm 1, in double precision, for f(x) = Σ c·x².
  private func expectedAdam(
    _ start: [Double], _ curvature: [Double], steps: Int, rate: Double, decay: Double
  ) -> [Double] {
    zip(start, curvature).map { start, curvature in
      var x = start
      var m = 0.0
      var v = 0.0
      for step in 1...steps {
        let slope = 2 * curvature * x + decay * x
        m = 0.9 * m + 0.1 * slope
        v = 0.999 * v + 0.001 * slope * slope
        let mean = m / (1 - power(0.9, step))
        let square = v / (1 - power(0.999, step))
        x -= rate * mean / (square.squareRoot() + 1e-8)
      }
      return x
    }
  }

  private func power(_ base: Double, _ exponent: Int) -> Double {
    (0..<exponent).reduce(1) { product, _ in product * base }
  }

  private func descend(
    _ w: Weights, _ entry: Weights.Entry, steps: Int, _ step: () throws -> Void
  ) throws {
    let curvature = try Tensor([1, 0.1, 3] as [Float])
    for _ in 0..<steps {
      try w.clearGradients()
      try (entry.tensor.square() * curvature).sum().backward()
      try step()
    }
  }

  @Test func adamFollowsItsAlgorithm() throws {
    let (w, entry) = try parameter([1, -2, 0.5])
    let adam = Adam([ParameterGroup([entry], learningRate: 0.05, weightDecay: 0.01)])
    try descend(w, entry, steps: 30) { try adam.step() }
    let expected = expectedAdam(
      [1, -2, 0.5], [1, 0.1, 3], steps: 30, rate: 0.05, decay: 0.01)
    // Thirty steps of rounding in single precision.
    #expect(isClose(try entry.tensor.floats(), expected, within: 1e-5))
  }

  @Test func theFirstAdamStepIsTheLearningRate() throws {
    let (w, entry) = try parameter([1, -2, 0.5])
    let adam = Adam([ParameterGroup([entry], learningRate: 0.05)])
    try descend(w, entry, steps: 1) { try adam.step() }
    #expect(isClose(try entry.tensor.floats(), [0.95, -1.95, 0.45]))
  }

  @Test func groupsHaveTheirOwnRates() throws {
    let w = try Weights(loading: [
      "a": Tensor.ones([1]), "b": Tensor.ones([1]), "c": Tensor.ones([1]),
    ])
    for name in ["a", "b", "c"] { _ = try w.parameter(name, [1], .zeros) }
    let entries = w.parameters
    let adam = Adam([
      ParameterGroup([entries[0]], learningRate: 0.1),
      ParameterGroup([entries[1]], learningRate: 0.01),
      ParameterGroup([entries[2]], learningRate: 1),
    ])
    // c takes no part in the loss: it has no gradient and stays.
    try (entries[0].tensor + entries[1].tensor).sum().backward()
    try adam.step()
    #expect(isClose(try entries.map { try $0.tensor.floats()[0] }, [0.9, 0.99, 1]))
  }

  @Test func adamGoesOnExactlyFromItsState() throws {
    let (w, entry) = try parameter([1, -2, 0.5])
    let adam = Adam([ParameterGroup([entry], learningRate: 0.05)])
    try descend(w, entry, steps: 7) { try adam.step() }
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/adam.safetensors"
    try Checkpoint.write(adam.stateDictionary(), to: path)
    let (w2, entry2) = try parameter(entry.tensor.doubles())
    let resumed = Adam([ParameterGroup([entry2], learningRate: 0.05)])
    try resumed.restore(Checkpoint.read(path))
    try descend(w, entry, steps: 5) { try adam.step() }
    try descend(w2, entry2, steps: 5) { try resumed.step() }
    #expect(try entry.tensor.floats() == entry2.tensor.floats())
    #expect(throws: TensorError.self) {
      try resumed.restore(["step.x": .zeros([]), "first.x": .zeros([2]), "second.x": .zeros([3])])
    }
  }

  @Test func momentumGathersVelocity() throws {
    let (w, entry) = try parameter([1, 1, 1])
    let descent = StochasticGradientDescent(
      [ParameterGroup([entry], learningRate: 0.1, weightDecay: 0.5)], momentum: 0.9)
    for _ in 0..<2 {
      try w.clearGradients()
      try entry.tensor.sum().backward()
      try descent.step()
    }
    // v₁ = 1 + 0.5, x₁ = 0.85; v₂ = 1.35 + 1 + 0.425, x₂ = 0.85 − 0.2775.
    #expect(isClose(try entry.tensor.floats(), [0.5725, 0.5725, 0.5725]))
    let state = try descent.stateDictionary()
    #expect(isClose(try #require(state["velocity.x"]).floats(), [2.775, 2.775, 2.775]))
  }
}
