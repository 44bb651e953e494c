import Domain
public import Tensors

/// A quality model of any architecture: pixels in, scores out, a folder on disk.
public final class QualityNetwork {
  /// The smallest side of a picture that a network reads: backbones halve it five times.
  public static let smallestSide = 32
  /// The longer side of the complete photos that scenes are predicted from, in pixels.
  public static let completeImageSide = 672

  /// What makes one model differ from another; written beside its weights.
  public struct Configuration: Hashable, Sendable, Codable {
    /// The architecture.
    public var architecture: Architecture
    /// The backbone, where the architecture has a choice.
    public var backbone: Backbone.Kind
    /// The side of crops in pixels; a multiple of 224 for HyperIQA and its family.
    public var cropSide: Int
    /// How many crops of an image go through the model together.
    public var cropsPerImage: Int
    /// The scenes' names, in the order of the model's numbers.
    public var scenes: [String]
    /// How many of the most probable scenes FULL-HyperIQA uses.
    public var topScenes: Int
    /// How many marks MUSIQ's head distributes; 1 for a plain score.
    public var marks: Int
    /// The mean of the training scores; nil counts as 0.
    public var scoreOffset: Double?
    /// The standard deviation of the training scores; nil counts as 1.
    public var scoreScale: Double?

    /// Makes a configuration.
    public init(
      architecture: Architecture, backbone: Backbone.Kind = .efficientNetLite0,
      cropSide: Int = 224, cropsPerImage: Int = 1, scenes: [String] = [], topScenes: Int = 3,
      marks: Int = 1, scoreOffset: Double? = nil, scoreScale: Double? = nil
    ) {
      self.architecture = architecture
      self.backbone = backbone
      self.cropSide = cropSide
      self.cropsPerImage = cropsPerImage
      self.scenes = scenes
      self.topScenes = topScenes
      self.marks = marks
      self.scoreOffset = scoreOffset
      self.scoreScale = scoreScale
    }

    /// The smallest side of a region that the network reads: a crop's, or that of any picture where
    /// none are cut.
    public var smallestRegionSide: Int {
      architecture.usesCrops ? cropSide : QualityNetwork.smallestSide
    }

    /// The number of 224-pixel patches along a crop's side.
    var rate: Int { cropSide / 224 }

    /// Says what to do when the values don't go together.
    func check() throws(InputError) {
      let name = architecture.rawValue
      if let step = architecture.cropMultiple, cropSide < step || !cropSide.isMultiple(of: step) {
        throw InputError(
          name, "crops of \(cropSide) pixels cannot be used",
          remedy: "choose a multiple of 224, such as 224, 448, 672 or 1344")
      }
      if architecture.usesCrops, cropSide < QualityNetwork.smallestSide || cropsPerImage < 1 {
        throw InputError(
          name, "\(cropsPerImage) crops of \(cropSide) pixels cannot be used",
          remedy: "choose at least one crop of at least 32 pixels")
      }
      if architecture.usesScenes, scenes.isEmpty || Set(scenes).count != scenes.count {
        throw InputError(
          name, "it needs the names of its scenes, each once", remedy: "list the training scenes")
      }
      if architecture.rescalesByTopScenes, !(1...scenes.count).contains(topScenes) {
        throw InputError(
          name, "the \(topScenes) most probable of \(scenes.count) scenes cannot be used",
          remedy: "choose 1…\(scenes.count)")
      }
    }
  }

  /// What a model scores: pixels of any type, 0…255.
  public struct Input {
    /// `[batch, crops, height, width, 3]`; for MUSIQ one «crop» that is the whole region.
    public var crops: Tensor
    /// The complete photos `[batch, height, width, 3]`, where the architecture needs them.
    public var completeImages: Tensor?
    /// The scenes' numbers in `Configuration.scenes`, where the architecture needs them.
    public var scenes: [Int]?
    /// Scenes' numbers that take the place of those that the model would predict.
    public var knownScenes: [Int]?

    /// Makes an input.
    public init(
      crops: Tensor, completeImages: Tensor? = nil, scenes: [Int]? = nil,
      knownScenes: [Int]? = nil
    ) {
      self.crops = crops
      self.completeImages = completeImages
      self.scenes = scenes
      self.knownScenes = knownScenes
    }
  }

  private enum Network {
    case pooled(PooledQuality)
    case hyperIQA(HyperIQA)
    case sem(SEMHyperIQA)
    case full(FullHyperIQA)
    case musiq(MUSIQ)
    case dbCNN(DBCNN)
    case multiDepth(MultiDepthQuality)
  }

  /// The configuration.
  public let configuration: Configuration
  /// The weights, for optimizers and checkpoints.
  public let weights: Weights
  private let network: Network

  /// Takes the weights of the configured network.
  ///
  /// - Throws: `InputError` when the configuration contradicts itself, `WeightsError` when a
  ///   checkpoint's keys don't fit, `TensorError` when libtorch fails.
  public init(_ weights: Weights, _ configuration: Configuration) throws {
    try configuration.check()
    self.configuration = configuration
    self.weights = weights
    let backbone = configuration.backbone
    let (rate, count) = (configuration.rate, configuration.cropsPerImage)
    let scenes = configuration.scenes.count
    func sem(_ variant: SEMHyperIQA.Variant) throws -> Network {
      .sem(
        try SEMHyperIQA(
          weights, variant: variant, rate: rate, backbone: backbone, scenes: scenes,
          patches: count))
    }
    func full(_ input: FullHyperIQA.SceneInput) throws -> Network {
      .full(
        try FullHyperIQA(
          weights, rate: rate, backbone: backbone, scenes: scenes, patches: count,
          top: configuration.topScenes, sceneInput: input))
    }
    network =
      switch configuration.architecture {
      case .resNet50: .pooled(try PooledQuality(weights, backbone: backbone))
      case .multitask: .pooled(try PooledQuality(weights, backbone: backbone, scenes: scenes))
      case .hyperIQA: .hyperIQA(try HyperIQA(weights, rate: rate, backbone: backbone))
      case .semHyperIQA: try sem(.semantic)
      case .semHyperIQASceneOnly: try sem(.sceneOnly)
      case .semHyperIQAClassificationOnly: try sem(.classificationOnly)
      case .fullHyperIQA: try full(.patches)
      case .fullHyperIQACompleteImage: try full(.completeImage)
      case .musiq: .musiq(try MUSIQ(weights, classes: configuration.marks))
      case .dbCNN: .dbCNN(try DBCNN(weights))
      case .multiDepth: .multiDepth(try MultiDepthQuality(weights))
      }
    try weights.finish()
  }

  /// Where the network computes.
  public var device: Device { weights.purpose.device }

  /// Predicts images' scores, averaged over an image's crops.
  public func callAsFunction(
    _ input: Input, training: Bool = false
  ) throws(TensorError) -> QualityPrediction {
    try predictUnscaled(input, training: training).rescaled(
      by: configuration.scoreScale ?? 1, offset: configuration.scoreOffset ?? 0)
  }

  private func predictUnscaled(
    _ input: Input, training: Bool
  ) throws(TensorError) -> QualityPrediction {
    guard input.crops.rank == 5, input.crops.shape[4] == 3 else {
      throw TensorError(
        configuration.architecture.rawValue, shapes: [input.crops.shape],
        reason: "expected crops of [batch, crops, height, width, 3]")
    }
    let batch = input.crops.shape[0]
    let flat = try normalized(input.crops.placed(on: device).flattened(from: 0, to: 1))
    func grouped() throws(TensorError) -> Tensor {
      try flat.reshaped([batch, -1] + flat.shape.dropFirst())
    }
    switch network {
    case .hyperIQA(let network):
      return try Self.averaged(
        network(flat, training: training).prediction, batch)
    case .pooled(let network):
      let crops = flat.shape[0] / max(batch, 1)
      let known = input.knownScenes.map { $0.flatMap { [Int](repeating: $0, count: crops) } }
      return try Self.averaged(network(flat, knownScenes: known, training: training), batch)
    case .dbCNN(let network): return try Self.averaged(network(flat, training: training), batch)
    case .musiq(let network): return try Self.averaged(network(.init(images: flat)), batch)
    case .multiDepth(let network): return try Self.averaged(network(flat), batch)
    case .sem(let network):
      return try network(
        grouped(), scenes: input.scenes, knownScenes: input.knownScenes, training: training)
    case .full(let network):
      let complete = try input.completeImages.map { images throws(TensorError) in
        try normalized(images.placed(on: device))
      }
      return try network(
        grouped(), completeImages: complete, knownScenes: input.knownScenes, training: training)
    }
  }

  /// Pixels `[count, height, width, 3]` in 0…255 as this model's network wants them.
  private func normalized(_ pixels: Tensor) throws(TensorError) -> Tensor {
    switch configuration.architecture.normalization {
    case .symmetric: try (pixels.to(.float32).permuted([0, 3, 1, 2]) - 127.5) * (1 / 127.5)
    case .imageNet: try ImageNet.normalized(pixels)
    case .backbone: try configuration.backbone.normalized(pixels)
    }
  }

  /// From one prediction a crop to one an image.
  private static func averaged(
    _ crops: QualityPrediction, _ batch: Int
  ) throws(TensorError) -> QualityPrediction {
    func mean(_ values: Tensor) throws(TensorError) -> Tensor {
      try values.reshaped([batch, -1] + values.shape.dropFirst()).mean([1])
    }
    return QualityPrediction(
      scores: try mean(crops.scores), unscaledScores: try mean(crops.unscaledScores),
      sceneLogits: try crops.sceneLogits.map { logits throws(TensorError) in try mean(logits) },
      cropScores: try crops.scores.reshaped([batch, -1]),
      features: try crops.features.map { features throws(TensorError) in try mean(features) })
  }

  /// The trained tensors in two groups: the backbone, and all that the papers train faster.
  public var parameterGroups: (backbone: [Weights.Entry], rest: [Weights.Entry]) {
    let names = Set(
      configuration.architecture.backbonePrefixes.flatMap { place in
        weights.parameters.map(\.name).filter { $0.hasPrefix(place) && !$0.contains("lda") }
      })
    return (
      weights.parameters.filter { names.contains($0.name) },
      weights.parameters.filter { !names.contains($0.name) }
    )
  }

  /// The names of the trained tensors of the backbone's first stages; none for a backbone without
  /// stages.
  public func parameterNames(ofFirstStages count: Int) -> Set<String> {
    guard configuration.architecture.hasStages else { return [] }
    let keys = configuration.backbone.keys(ofFirstStages: count)
    return Set(
      configuration.architecture.backbonePrefixes.flatMap { place in
        weights.parameters.map(\.name).filter { name in
          keys.contains { name.hasPrefix("\(place)\($0).") }
        }
      })
  }

  // MARK: Making and keeping

  /// A model to train: its backbone from a state dictionary, or at random; the rest at random.
  ///
  /// For DB-CNN the state is torchvision's VGG-16; S-CNN then starts at random.
  public static func fresh(
    _ configuration: Configuration, backbone: [String: Tensor]? = nil, random: RandomSource,
    for purpose: Purpose = .training()
  ) throws -> QualityNetwork {
    guard let backbone else {
      return try QualityNetwork(
        Weights(initialising: random, for: purpose), configuration)
    }
    let traits = configuration.architecture.traits
    var state: [String: Tensor] = [:]
    for (key, value) in backbone where !Self.isClassifier(key) {
      if let prefix = traits.pretrainedPrefix {
        guard key.hasPrefix(prefix.from) else { continue }
        state[prefix.to + key.dropFirst(prefix.from.count)] = value
      } else {
        for place in traits.backbonePrefixes { state[place + key] = value }
      }
    }
    // Every top-level place but the backbone's own keys may start at random.
    let blank = Weights(initialising: random)
    _ = try QualityNetwork(blank, configuration)
    let given = traits.pretrainedPrefix.map { [$0.to] } ?? traits.backbonePrefixes
    let fresh = blank.entries.map(\.name).filter { name in
      !given.contains { name.hasPrefix($0) } || name.contains("lda")
    }
    return try QualityNetwork(
      Weights(loading: state, for: purpose, fresh: fresh, random: random), configuration)
  }

  private static func isClassifier(_ key: String) -> Bool {
    ["fc.", "_fc.", "classifier."].contains(where: key.hasPrefix)
  }

  /// Writes the model as a folder: `model.json`, `weights.safetensors` and a card to read.
  public func save(to folder: String, _ description: ModelDescription, card: String) throws {
    try ModelFolder.write(
      description, configuration: configuration, weights: weights.stateDictionary(), card: card,
      to: folder)
  }

  /// Reads a model folder.
  public static func load(
    _ path: String, for purpose: Purpose = .inference(.float32)
  ) throws -> QualityNetwork {
    let folder = try ModelFolder(path)
    guard let architecture = Architecture(rawValue: folder.architecture) else {
      let known = Architecture.allCases.map(\.rawValue).joined(separator: ", ")
      throw InputError(
        path, "the architecture \(folder.architecture) is unknown", remedy: "use one of \(known)")
    }
    let configuration = try folder.configuration(Configuration.self, of: architecture.rawValue)
    let weights = try Weights(opening: folder.openWeights(), for: purpose)
    return try QualityNetwork(weights, configuration)
  }
}
