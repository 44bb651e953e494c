import Tensors
import Testing

@Suite struct AutogradTests {
  private func leaf(_ values: [Double], _ shape: [Int]? = nil) throws -> Tensor {
    let tensor = try Tensor(values, shape: shape)
    try tensor.setRequiresGradient(true)
    return tensor
  }

  @Test func gradientsFollowClosedForms() throws {
    let x = try leaf([0.5, -1, 2])
    try (x * x * x).sum().backward()
    #expect(try x.gradient()?.doubles() == [0.75, 3, 12])
    // A second pass adds to the first.
    try (x * 2.0).sum().backward()
    #expect(try x.gradient()?.doubles() == [2.75, 5, 14])
    try x.clearGradient()
    #expect(try x.gradient() == nil)
  }

  @Test func aLinearLayerHasTheTextbookGradient() throws {
    let x = try Tensor([1, 2, 3, 4] as [Double], shape: [2, 2])
    let weight = try leaf([1, -1], [1, 2])
    let bias = try leaf([0.5])
    let target = try Tensor([0, 0] as [Double], shape: [2, 1])
    let loss = try x.linear(weight, bias: bias).mseLoss(target)
    // Predictions −0.5, −0.5; d loss / d prediction = −0.5 each.
    #expect(try loss.item() == 0.25)
    try loss.backward()
    #expect(try weight.gradient()?.doubles() == [-2, -3])
    #expect(try bias.gradient()?.doubles() == [-1])
  }

  @Test func gradientsMatchFiniteDifferences() throws {
    let source = try RandomSource(seed: 5)
    let image = try source.normal([2, 3, 6, 6], type: .float64)
    let weight = try source.normal([4, 3, 3, 3], type: .float64)
    func loss(_ weight: Tensor) throws -> Tensor {
      let features = try image.conv2d(weight, stride: 2, padding: 1).gelu()
      return try features.mean([2, 3]).softmax().log().crossEntropyLoss(
        Tensor([1, 3] as [Int64]))
    }
    try weight.setRequiresGradient(true)
    try loss(weight).backward()
    let exact = try #require(try weight.gradient()).doubles()
    let values = try weight.doubles()
    for index in [0, 17, 53, 107] {
      var up = values
      var down = values
      up[index] += 1e-5
      down[index] -= 1e-5
      let slope =
        try
        (loss(Tensor(up, shape: weight.shape)).item()
        - loss(Tensor(down, shape: weight.shape)).item()) / 2e-5
      // Central differences: h² = 1e-10 of truncation, 1e-16 / 1e-5 of rounding.
      #expect(abs(slope - exact[index]) < 1e-8)
    }
  }

  @Test func nothingIsRecordedWithoutGradient() throws {
    let x = try leaf([1, 2])
    let y = try withoutGradient { try x * 2.0 }
    #expect(try y.requiresGradient() == false)
    #expect(throws: TensorError.self) { try y.sum().backward() }
    #expect(try (x * 2.0).requiresGradient())
    #expect(try (x * 2.0).detached().requiresGradient() == false)
    // The mode comes back after an error too.
    #expect(throws: TensorError.self) { try withoutGradient { try x.reshaped([7]) } }
    #expect(try (x * 2.0).requiresGradient())
  }

  @Test func backwardNeedsOneNumber() throws {
    let x = try leaf([1, 2])
    #expect(throws: TensorError.self) { try (x * 2.0).backward() }
  }

  @Test func autocastKeepsTheParametersType() throws {
    let weight = try RandomSource(seed: 1).normal([8, 8])
    try weight.setRequiresGradient(true)
    let x = try RandomSource(seed: 2).normal([4, 8])
    let y = try withAutocast { try x.linear(weight) }
    #expect(y.type == .bfloat16)
    try y.to(.float32).sum().backward()
    #expect(try weight.gradient()?.type == .float32)
    #expect(try x.linear(weight).type == .float32)
  }
}
