import Tensors
import Testing

@Suite struct RecomputationTests {
  @Test func aPartRunsAgainForTheGradientOnly() throws {
    let weight = try Tensor([2, 3] as [Float])
    try weight.setRequiresGradient(true)
    // The input asks for no gradient; the weight alone does.
    let input = try Tensor([5, 7] as [Float])
    var runs = 0
    func part(_ x: Tensor) throws(TensorError) -> Tensor {
      runs += 1
      return try (x * weight).square()
    }
    let output = try input.recomputed(part)
    #expect(try output.floats() == [100, 441])
    #expect(runs == 1)
    try output.sum().backward()
    #expect(runs == 2)
    // d/dw (x·w)² = 2·x²·w
    #expect(try weight.gradient()?.floats() == [100, 294])
    _ = try withoutGradient { try input.recomputed(part) }
    #expect(runs == 3)
  }

  @Test func partsFollowEachOther() throws {
    let x = try Tensor([0.5, -1.5] as [Float])
    try x.setRequiresGradient(true)
    let y = try x.recomputed { x throws(TensorError) in try x.exp() }
      .recomputed { x throws(TensorError) in try x.square() }
    try y.sum().backward()
    let slopes = try #require(try x.gradient()).floats()
    let plain = try Tensor([0.5, -1.5] as [Float])
    try plain.setRequiresGradient(true)
    try plain.exp().square().sum().backward()
    #expect(try plain.gradient()?.floats() == slopes)
  }

  @Test func whatFailsIsSaid() throws {
    let x = try Tensor([1] as [Float])
    try x.setRequiresGradient(true)
    #expect {
      try x.recomputed { x throws(TensorError) in
        try x + Tensor([1, 2, 3] as [Float]).reshaped([7])
      }
    } throws: { "\($0)".contains("reshape") }
    var runs = 0
    let y = try x.recomputed { x throws(TensorError) in
      runs += 1
      if runs > 1 { throw TensorError("second", reason: "no more") }
      return try x.exp()
    }
    #expect { try y.sum().backward() } throws: { "\($0)".contains("no more") }
  }
}
