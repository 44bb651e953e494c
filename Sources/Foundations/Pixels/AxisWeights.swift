internal import Glibc

/// The kernels that images are resampled with.
public enum ResamplingKernel: String, Hashable, Sendable, Codable, CaseIterable {
  /// Keys' cubic convolution with a = −0.5 (Keys 1981), the kernel that Pillow calls bicubic.
  case bicubic
  /// The triangle, or linear interpolation.
  case bilinear
  /// The box: area averaging when shrinking, nearest neighbor when enlarging.
  case box

  /// Half of the kernel's width, in samples of the coarser grid.
  var radius: Double {
    switch self {
    case .bicubic: 2
    case .bilinear: 1
    case .box: 0.5
    }
  }

  /// The kernel's value at a distance.
  func value(_ distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .bicubic:
      let a = -0.5
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      return x < 2 ? ((a * x - 5 * a) * x + 8 * a) * x - 4 * a : 0
    case .bilinear:
      return max(0, 1 - x)
    case .box:
      return distance > -0.5 && distance <= 0.5 ? 1 : 0
    }
  }
}

/// The weights with which the samples of one axis make the samples of another.
struct AxisWeights {
  /// The number of input samples.
  let inputCount: Int
  /// The number of output samples.
  let outputCount: Int
  /// The number of weights of each output sample.
  let taps: Int
  /// The first input sample of each output sample; they never decrease.
  let starts: [Int]
  /// `taps` weights for each output sample, which sum to 1.
  let weights: [Float]

  /// The weights of a resampling with half-pixel centers, antialiased when shrinking.
  ///
  /// Kernels that reach over a border are cut there and made to sum to 1 again.
  init(_ kernel: ResamplingKernel, from inputCount: Int, to outputCount: Int) {
    let scale = Double(inputCount) / Double(outputCount)
    let stretch = max(1, scale)
    let support = kernel.radius * stretch
    self.init(from: inputCount, to: outputCount) { output in
      let centre = (Double(output) + 0.5) * scale
      let first = max(0, Int((centre - support + 0.5).rounded(.down)))
      let end = min(inputCount, Int((centre + support + 0.5).rounded(.down)))
      return Window(
        first: first,
        values: (first..<end).map { kernel.value((Double($0) + 0.5 - centre) / stretch) })
    }
  }

  /// The weights of a Gaussian blur, cut at three standard deviations.
  init(gaussianSigma sigma: Double, count: Int) {
    let reach = max(1, Int((3 * sigma).rounded(.up)))
    self.init(from: count, to: count) { output in
      let first = max(0, output - reach)
      let end = min(count, output + reach + 1)
      return Window(
        first: first,
        values: (first..<end).map { position in
          let distance = Double(position - output) / sigma
          return exp(-0.5 * distance * distance)
        })
    }
  }

  /// The input samples that one output sample is made of, and their unnormalized weights.
  private struct Window {
    var first: Int
    var values: [Double]

    /// The window with weights that sum to 1.
    func normalised() -> Self {
      let sum = values.reduce(0, +)
      return Self(first: first, values: values.map { $0 / sum })
    }
  }

  /// Lays out the windows of all output samples with one number of taps.
  private init(from inputCount: Int, to outputCount: Int, window: (Int) -> Window) {
    let windows = (0..<outputCount).map { window($0).normalised() }
    let taps = max(1, windows.map(\.values.count).max() ?? 1)
    var starts: [Int] = []
    var weights = [Float](repeating: 0, count: outputCount * taps)
    for (output, window) in windows.enumerated() {
      let start = max(0, min(window.first, inputCount - taps))
      starts.append(start)
      for (index, value) in window.values.enumerated() {
        weights[output * taps + window.first - start + index] = Float(value)
      }
    }
    self.inputCount = inputCount
    self.outputCount = outputCount
    self.taps = taps
    self.starts = starts
    self.weights = weights
  }
}
