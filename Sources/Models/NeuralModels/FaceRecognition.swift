import Domain
import Tensors

/// What a face looks like, as a point: two points of one person are near each other.
///
/// This is biometric data. It lives in memory while faces are compared, and nowhere else: the type
/// can be neither encoded nor printed.
public struct FaceEmbedding: Sendable, CustomReflectable {
  /// The number of coordinates.
  public static let size = 128

  package let values: [Float]

  /// Empty, so that no message can show the coordinates.
  public var customMirror: Mirror { Mirror(self, children: []) }

  /// The Euclidean distance; dlib calls faces closer than 0.6 one person's.
  public func distance(to other: FaceEmbedding) -> Double {
    var sum: Float = 0
    for index in values.indices {
      let difference = values[index] - other.values[index]
      sum += difference * difference
    }
    return Double(sum).squareRoot()
  }
}

/// dlib's face recognition network: a ResNet of 29 convolutions, each followed by an affine layer.
///
/// Its author trained it on about three million faces and gave the weights to the public domain
/// (CC0); `Scripts/setup --people` fetches them. The file of dlib is read as it is.
///
/// Source: King 2017, dlib `face_recognition.py` and `dnn_face_recognition_ex.cpp`, whose network
/// `anet_type` is followed here; He and others 2015, arXiv:1512.03385.
public struct FaceRecognition {
  /// The side of an aligned face in pixels.
  public static let sidePixels = 150
  /// The file's name.
  public static let fileName = "dlib_face_recognition_resnet_model_v1.dat"
  /// Two faces that are closer count as one person's (King 2017).
  public static let usualThreshold = 0.6

  private static let means: [Float] = [122.782, 117.001, 104.298]
  /// The channels of the blocks; a stage after the first begins by halving the image.
  private static let stages: [(channels: Int, blocks: Int)] = [
    (32, 3), (64, 4), (128, 3), (256, 3), (256, 1),
  ]

  private let stem: ConvLayer
  private let blocks: [Block]
  private let last: Tensor

  /// Reads dlib's file.
  ///
  /// - Throws: `CheckpointError` for a file that can't be read, `InputError` for another network's.
  public static func load(_ path: String) throws -> FaceRecognition {
    var weights = DlibWeights(layers: try DlibFile.layers(path), path: path)
    let network = try FaceRecognition(&weights)
    try weights.finish()
    return network
  }

  private init(_ weights: inout DlibWeights) throws {
    stem = try weights.convolution(3, 32, kernel: 7, stride: 2, padding: 0)
    var inputs = 32
    var blocks: [Block] = []
    for (stage, (channels, count)) in Self.stages.enumerated() {
      for block in 0..<count {
        let halves = stage > 0 && block == 0
        blocks.append(
          Block(
            first: try weights.convolution(
              inputs, channels, kernel: 3, stride: halves ? 2 : 1, padding: halves ? 0 : 1),
            second: try weights.convolution(
              channels, channels, kernel: 3, stride: 1, padding: 1),
            halves: halves))
        inputs = channels
      }
    }
    self.blocks = blocks
    last = try Tensor(
      weights.take(.linear, count: 256 * FaceEmbedding.size), shape: [256, FaceEmbedding.size])
  }

  /// The embedding of an aligned face.
  ///
  /// - Parameter rgb: 150 × 150 pixels, RGB interleaved, row-major; see `FaceAlignment`.
  /// - Returns: 128 coordinates.
  /// - Throws: `InputError` when the size doesn't fit, `TensorError` when libtorch fails.
  public func embedding(rgb: [UInt8]) throws -> FaceEmbedding {
    let side = Self.sidePixels
    guard rgb.count == 3 * side * side else {
      throw InputError(
        "face recognition", "\(rgb.count) samples for \(side) × \(side) pixels",
        remedy: "give an aligned RGB face")
    }
    let values = try withoutGradient {
      let pixels = try Tensor(rgb, shape: [1, side, side, 3]).to(.float32)
      let means = try Tensor(Self.means, shape: [1, 3, 1, 1])
      var x = try (pixels.permuted([0, 3, 1, 2]) - means) * (1 / 256)
      x = try stem(x, .relu).maxPool2d(3, stride: 2)
      for block in blocks { x = try block(x) }
      return try x.mean([2, 3]).matmul(last).floats()
    }
    return FaceEmbedding(values: values)
  }
}

/// Two convolutions beside a shortcut; where the image is halved, the shortcut is averaged and the
/// smaller of both is filled up with zeros, as dlib's `add_prev` does.
private struct Block {
  let first: ConvLayer
  let second: ConvLayer
  let halves: Bool

  func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    let y = try second(first(x, .relu))
    let shortcut = halves ? try x.avgPool2d(2, stride: 2) : x
    let shape = (1..<4).map { max(y.shape[$0], shortcut.shape[$0]) }
    return try (Self.filled(y, shape) + Self.filled(shortcut, shape)).relu()
  }

  private static func filled(_ x: Tensor, _ shape: [Int]) throws(TensorError) -> Tensor {
    guard Array(x.shape.dropFirst()) != shape else { return x }
    return try x.padded([
      0, shape[2] - x.shape[3], 0, shape[1] - x.shape[2], 0, shape[0] - x.shape[1],
    ])
  }
}

/// Hands out a file's layers one by one and checks their kind and size.
private struct DlibWeights {
  let layers: [DlibFile.Layer]
  let path: String
  var next = 0

  /// A convolution with the affine layer after it folded in.
  mutating func convolution(
    _ inputs: Int, _ outputs: Int, kernel size: Int, stride: Int, padding: Int
  ) throws -> ConvLayer {
    let count = outputs * inputs * size * size
    let values = try take(.convolution, count: count + outputs)
    let norm = try take(.affine, count: 2 * outputs)
    let kernel = try Tensor(Array(values[..<count]), shape: [outputs, inputs, size, size])
    let bias = try Tensor(Array(values[count...]), shape: [outputs])
    let scale = try Tensor(Array(norm[..<outputs]), shape: [outputs])
    let offset = try Tensor(Array(norm[outputs...]), shape: [outputs])
    return try ConvLayer(
      ready: kernel * scale.reshaped([outputs, 1, 1, 1]), bias: bias * scale + offset,
      stride: stride, padding: padding)
  }

  /// The next layer's weights.
  mutating func take(_ kind: DlibFile.Kind, count: Int) throws -> [Float] {
    guard next < layers.count, layers[next].kind == kind, layers[next].values.count == count
    else { throw other("its layer \(next + 1) is another one") }
    defer { next += 1 }
    return layers[next].values
  }

  /// Checks that nothing is left.
  func finish() throws {
    guard next == layers.count else { throw other("it has \(layers.count) layers") }
  }

  private func other(_ problem: String) -> InputError {
    InputError(
      path, "isn't dlib's face recognition network: \(problem)",
      remedy: "run Scripts/setup --people again")
  }
}
