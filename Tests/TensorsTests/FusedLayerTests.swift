import Tensors
import Testing

/// Layers made for inference compute what the separate operators of training compute.
@Suite struct FusedLayerTests {
  private let random: RandomSource

  init() throws { random = try RandomSource(seed: 11) }

  /// The same weights to train and, fused, for inference.
  private func both<Layer>(
    _ type: ElementType = .float32, _ make: (Weights) throws -> Layer
  ) throws -> (separate: Layer, fused: Layer) {
    let start = Weights(initialising: random)
    _ = try make(start)
    var state: [String: Tensor] = [:]
    for entry in start.entries {
      state[entry.name] = try random.uniform(entry.tensor.shape) + 0.1
    }
    return (
      try make(Weights(loading: state)), try make(Weights(loading: state, for: .inference(type)))
    )
  }

  /// The largest difference as a part of the largest value.
  private func difference(_ a: Tensor, _ b: Tensor) throws -> Double {
    #expect(a.shape == b.shape)
    let plain = try b.detached().to(.float32)
    return try (a.detached().to(.float32) - plain).abs().max().item() / plain.abs().max().item()
  }

  /// Single precision: sums of up to 600 products in another order; bfloat16 keeps 8 bits.
  private static let bounds: [(ElementType, Double)] = [(.float32, 1e-5), (.bfloat16, 0.02)]

  @Test(arguments: [Activation.identity, .relu, .relu6, .leakyRelu(0.1)])
  func convolutionsNormsSumsAndActivations(activation: Activation) throws {
    for (type, bound) in Self.bounds {
      let (separate, fused) = try both(type) {
        try ConvNorm($0 / "conv", $0 / "norm", 6, 10, kernel: 3, stride: 2)
      }
      let x = try random.normal([2, 6, 9, 7])
      let other = try random.normal([2, 10, 5, 4])
      let expected = try separate(x, activation, adding: other)
      let sum = try fused(x.to(type), activation, adding: other.to(type).copy())
      #expect(try difference(sum, expected) <= bound)
      #expect(try difference(fused(x.to(type), activation), separate(x, activation)) <= bound)
    }
  }

  @Test(arguments: [(3, 1), (3, 2), (3, 3), (5, 2), (5, 3), (2, 1), (2, 2), (4, 2)])
  func paddingAsTensorFlows(kernel: Int, stride: Int) throws {
    let (separate, fused) = try both {
      try ConvNorm(
        $0 / "conv", $0 / "norm", 4, 6, kernel: kernel, stride: stride, padding: .same)
    }
    for (height, width) in [(8, 8), (9, 8), (8, 9), (9, 7), (10, 11)] {
      let x = try random.normal([1, 4, height, width])
      let expected = try separate(x)
      #expect(
        expected.shape == [1, 6, (height + stride - 1) / stride, (width + stride - 1) / stride])
      #expect(try difference(fused(x), expected) <= 1e-5)
    }
  }

  @Test func convolutionsWithBiasAndGroups() throws {
    for (type, bound) in Self.bounds {
      let (separate, fused) = try both(type) {
        try ConvLayer($0, 8, 8, kernel: 3, padding: 1, groups: 8)
      }
      let x = try random.normal([1, 8, 6, 5])
      #expect(try difference(fused(x.to(type), .relu), separate(x, .relu)) <= bound)
    }
  }

  @Test(arguments: [(8, 64, 5), (4, 12, 1), (3, 3, 7)])
  func groupNorms(groups: Int, channels: Int, side: Int) throws {
    for (type, bound) in Self.bounds {
      let (separate, fused) = try both(type) {
        try GroupNormLayer($0, groups: groups, channels, epsilon: 1e-4)
      }
      let x = try random.normal([3, channels, side, side + 1]) + 4
      let other = try random.normal(x.shape)
      let expected = try separate(x, .relu, adding: other)
      // The input's memory is used up, so each call gets its own.
      #expect(
        try difference(fused(x.to(type).copy(), .relu, adding: other.to(type)), expected) <= bound)
      #expect(try difference(fused(x.to(type).copy()), separate(x)) <= bound)
    }
  }

  @Test func groupNormsRefuseWhatDoesNotFit() throws {
    let fused = try both { try GroupNormLayer($0, groups: 2, 4) }.fused
    #expect(throws: TensorError.self) { try fused(Tensor.zeros([1, 6, 2, 2])) }
    #expect(throws: TensorError.self) {
      try fused(Tensor.zeros([1, 4, 2, 2]), adding: .zeros([1, 4, 2, 3]))
    }
    #expect(throws: TensorError.self) { try fused(Tensor.zeros([4, 4])) }
    #expect(try fused(Tensor.zeros([0, 4, 2, 2])).shape == [0, 4, 2, 2])
  }

  @Test func linearLayersOfManyRows() throws {
    for (type, bound) in Self.bounds {
      let (separate, fused) = try both(type) { try LinearLayer($0, 600, 40, manyRows: true) }
      let x = try random.normal([2, 31, 600])
      #expect(try difference(fused(x.to(type)), separate(x)) <= bound)
      #expect(try difference(fused.gelu(x.to(type)), separate.gelu(x)) <= bound)
    }
  }

  @Test func preciseLayersStayInSinglePrecision() throws {
    let weights = Weights(initialising: random, for: .inference(.bfloat16))
    _ = try LinearLayer(weights.precise / "head", 4, 1)
    _ = try LinearLayer(weights / "body", 4, 4)
    let types = Dictionary(uniqueKeysWithValues: weights.entries.map { ($0.name, $0.tensor.type) })
    #expect(types["head.weight"] == .float32)
    #expect(types["body.weight"] == .bfloat16)
    #expect(Weights(initialising: random).precise.purpose.isTraining)
  }

  /// Freed memory waits for the next tensor of its size; what is in use is never given twice.
  @Test func largeTensorsKeepTheirValues() throws {
    var kept: [Tensor] = []
    for round in 0..<6 {
      for megabytes in [1, 5, 9, 70] {
        let tensor = try Tensor.full([megabytes << 18], Double(round * 100 + megabytes))
        if round.isMultiple(of: 2), megabytes < 70 { kept.append(tensor) }
        #expect(try tensor.mean().item() == Double(round * 100 + megabytes))
      }
    }
    let values = try kept.map { Int(try $0.max().item()) }
    #expect(values == [1, 5, 9, 201, 205, 209, 401, 405, 409])
  }

  @Test func memoryThatNobodyHasIsAnError() throws {
    #expect(throws: TensorError.self) { try Tensor.zeros([1 << 45]) }
  }
}
