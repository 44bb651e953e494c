import Tensors
import Testing

/// Single precision keeps 7 digits; a handful of operations may lose one.
let singlePrecision = 1e-6

func isClose(_ a: [Float], _ b: [Double], within tolerance: Double = singlePrecision) -> Bool {
  a.count == b.count && zip(a, b).allSatisfy { abs(Double($0) - $1) <= tolerance * (1 + abs($1)) }
}

@Suite struct TensorTests {
  @Test func elementsSurviveTheRoundTrip() throws {
    let tensor = try Tensor([1, 2, 3, 4, 5, 6] as [Float], shape: [2, 3])
    #expect(tensor.shape == [2, 3])
    #expect(tensor.type == .float32)
    #expect(try tensor.floats() == [1, 2, 3, 4, 5, 6])
    #expect(try tensor.transposed().floats() == [1, 4, 2, 5, 3, 6])
    #expect(try Tensor([0, 200, 255] as [UInt8]).to(.float32).floats() == [0, 200, 255])
    #expect(try Tensor([-7, 1 << 40] as [Int64]).integers() == [-7, 1 << 40])
    #expect(try Tensor([] as [Float], shape: [0, 4]).floats().isEmpty)
  }

  @Test func aShapeThatDoesNotFitIsAnError() {
    #expect(throws: TensorError.self) { try Tensor([1, 2, 3] as [Float], shape: [2, 2]) }
    #expect(throws: TensorError.self) { try Tensor([1, 2] as [Float], shape: [-1, -2]) }
    #expect(throws: TensorError.self) {
      try Tensor([1] as [Float], shape: [Int.max, Int.max])
    }
  }

  @Test func exceptionsBecomeErrorsThatNameTheOperationAndTheShapes() throws {
    let a = try Tensor.ones([2, 3])
    let b = try Tensor.ones([4, 5])
    let error = #expect(throws: TensorError.self) { try a.matmul(b) }
    #expect(error?.operation == "matmul")
    #expect(error?.shapes == [[2, 3], [4, 5]])
    #expect(error?.description.hasPrefix("matmul of [2, 3] and [4, 5]: ") == true)
    #expect(error?.reason.contains("Exception raised from") == false)
    #expect(error?.reason.contains("\n") == false)
    #expect(throws: TensorError.self) { try a + b }
    #expect(throws: TensorError.self) { try a.reshaped([5]) }
    #expect(throws: TensorError.self) { try a.conv2d(b) }
    #expect(throws: TensorError.self) { try a.slice(1..<9, along: 0) }
    #expect(throws: TensorError.self) { try a.item() }
    #expect(throws: TensorError.self) { try Tensor.concatenate([]) }
    #expect(throws: TensorError.self) { try Tensor.zeros([-1]) }
    #expect(throws: TensorError.self) { try a.top(7) }
    #expect(throws: TensorError.self) { try Runtime.setThreads(0) }
  }

  @Test func arithmeticFollowsClosedForms() throws {
    let x = try Tensor([1, 2, 4] as [Float])
    #expect(try (x + x * 2.0 - 1.0).floats() == [2, 5, 11])
    #expect(try (8.0 / x).floats() == [8, 4, 2])
    #expect(try (1.0 - x).floats() == [0, -1, -3])
    #expect(try (-x).floats() == [-1, -2, -4])
    #expect(isClose(try x.log().exp().sqrt().square().floats(), [1, 2, 4]))
    #expect(try x.clamped(min: 1.5, max: 3).floats() == [1.5, 2, 3])
    #expect(isClose([Float(try x.mean().item())], [7 / 3.0]))
    #expect(try Tensor([1, 3] as [Double]).variance().item() == 2)
    #expect(try Tensor([1, 3] as [Double]).variance(correction: 0).item() == 1)
    #expect(isClose(try Tensor([0, 0] as [Float]).softmax().floats(), [0.5, 0.5]))
    // Φ(1) = 0.8413447460685429
    #expect(isClose(try Tensor([1] as [Float]).gelu().floats(), [0.841_344_746_068_542_9]))
    let top = try Tensor([3, 9, 1, 7] as [Float]).top(2)
    #expect(try top.values.floats() == [9, 7])
    #expect(try top.indices.integers() == [1, 3])
  }

  @Test func aConvolutionIsASumOfProducts() throws {
    let image = try Tensor((1...16).map(Float.init), shape: [1, 1, 4, 4])
    let box = try Tensor.ones([1, 1, 3, 3])
    // The centres (1,1), (1,2), (2,1), (2,2) of 3 × 3 boxes: nine times the middle value.
    #expect(try image.conv2d(box).floats() == [54, 63, 90, 99])
    #expect(try image.conv2d(box, stride: 2, padding: 1).shape == [1, 1, 2, 2])
    #expect(try image.maxPool2d(2, stride: 2).floats() == [6, 8, 14, 16])
    #expect(try image.avgPool2d(2, stride: 2).floats() == [3.5, 5.5, 11.5, 13.5])
    #expect(try image.adaptiveAvgPool2d(1, 1).floats() == [8.5])
    #expect(try image.channelsLast().floats() == image.floats())
    let two = try Tensor.concatenate([image, image * 2.0], along: 1)
    let kernels = try Tensor([1, 10] as [Float], shape: [2, 1, 1, 1])
    let grouped = try two.conv2d(kernels, groups: 2)
    #expect(try grouped.entry(1, along: 1).floats() == (1...16).map { Float($0) * 20 })
  }

  @Test func paddingAndResizing() throws {
    let row = try Tensor([1, 2, 3] as [Float], shape: [1, 1, 1, 3])
    #expect(try row.padded([2, 1], .reflect).floats() == [3, 2, 1, 2, 3, 2])
    #expect(try row.padded([1, 1], .replicate).floats() == [1, 1, 2, 3, 3])
    #expect(try row.padded([0, 1], .constant(9)).floats() == [1, 2, 3, 9])
    // Pixel centres at −0.25, 0.25, 0.75, …: linear in between, constant outside.
    #expect(
      try row.resized(height: 1, width: 6, .bilinear).floats()
        == [1, 1.25, 1.75, 2.25, 2.75, 3])
  }

  @Test func shorterTypesRound() throws {
    let x = try Tensor([1.001] as [Float]).to(.bfloat16)
    #expect(x.type == .bfloat16)
    #expect(try x.floats() == [1])
  }

  @Test func randomSourcesRepeatAndGoOn() throws {
    let a = try RandomSource(seed: 7)
    let b = try RandomSource(seed: 7)
    #expect(try a.normal([5, 5]).floats() == b.normal([5, 5]).floats())
    let state = try a.state()
    let next = try a.uniform([3]).floats()
    try b.restore(state)
    #expect(try b.uniform([3]).floats() == next)
    #expect(try RandomSource(seed: 8).normal([4]).floats() != b.normal([4]).floats())
    let many = try RandomSource(seed: 1).normal([100_000], type: .float64)
    // Standard errors 0.0032 and 0.0045: five of them.
    #expect(abs(try many.mean().item()) < 0.016)
    #expect(abs(try many.variance().item() - 1) < 0.0225)
  }
}
