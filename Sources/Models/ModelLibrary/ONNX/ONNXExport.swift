import Domain
public import Files
import Foundation
import NeuralModels
import Tensors

/// A network as a graph in ONNX, for programs that know neither this one nor libtorch.
public struct ONNXExport {
  /// What the graph takes.
  public struct Input: Hashable, Sendable {
    /// Its name: `image`, and `complete` for the complete photo where the network asks for it.
    public let name: String
    /// `[crops, 3, height, width]`, RGB, 0…1.
    public let shape: [Int]
  }

  /// What the graph takes, in order.
  public let inputs: [Input]
  /// The file.
  public let bytes: [UInt8]

  /// Traces a model.
  ///
  /// The graph's sizes are fixed: those that the model was trained on unless others are given. Its
  /// output `score` is in the model's unit, of one region.
  ///
  /// - Parameters:
  ///   - path: the model's folder, or that of a run.
  ///   - installation: where the backbone of frozen features lies; asked only when it is needed.
  ///   - size: the height and the width of the crops; nil for the model's own.
  /// - Throws: `InputError` for a model that can't be a graph, or a size that it can't read.
  public init(
    model path: String, installation: @autoclosure () throws -> Installation,
    size: (height: Int, width: Int)? = nil
  ) throws {
    let folder = try ModelLibrary.folder(path)
    if let size { try Self.check(size) }
    let source =
      folder.architecture == MultiDepthRegressor.architecture
      ? try ONNXSource(regressor: folder, installation(), size)
      : try ONNXSource(network: folder, size)
    var operators = ONNXOperators()
    var inputs: [Input] = []
    for input in source.inputs {
      // Programs hold pictures as [crops, 3, height, width] from 0 to 1, the networks here as
      // [1, crops, height, width, 3] from 0 to 255.
      let shape = Array(input.tensor.shape.suffix(4))
      let outside = [shape[0], shape[3], shape[1], shape[2]]
      operators.input(input.tensor) { graph in
        let given = graph.input(input.name, outside)
        let scaled = graph.add("Mul", [given, graph.scalar(255.0)])
        let turned = graph.add("Transpose", [scaled], [("perm", .ints([0, 2, 3, 1]))])
        return graph.add("Reshape", [turned, graph.constant(input.tensor.shape)])
      }
      inputs.append(Input(name: input.name, shape: outside))
    }
    let (steps, score) = try OperatorTrace.record { try withoutGradient { try source.score() } }
    try operators.add(steps)
    try operators.output("score", score)
    self.inputs = inputs
    var facts = folder.description.facts
    facts["architecture"] = folder.architecture
    let weights = "\(folder.path)/\(ModelFolder.weightsName)"
    facts["weights"] = "sha256:" + (try FileDigest.sha256(weights))
    bytes = operators.graph.file(
      name: ModelLibrary.name(folder.path), program: ("vernier", VernierVersion.text),
      metadata: facts)
  }
}

extension ONNXExport {
  /// Refuses sizes that networks can't read, or whose trace, which holds the results of all layers,
  /// no memory holds.
  private static func check(_ size: (height: Int, width: Int)) throws {
    let range = QualityNetwork.smallestSide...2048
    guard range.contains(size.height), range.contains(size.width) else {
      throw InputError(
        Setting("size"), "\(size.width) × \(size.height) is out of range",
        remedy: "give sides of \(range.lowerBound) to \(range.upperBound) pixels")
    }
  }
}

/// A network and pictures that it can be run on.
private struct ONNXSource {
  let inputs: [(name: String, tensor: Tensor)]
  /// Runs the network: `[1]`, in the model's unit.
  let score: () throws -> Tensor

  /// Any picture: the trace is of shapes, not of values.
  private static func picture(_ shape: [Int]) throws -> Tensor { try Tensor.full(shape, 128) }

  init(network folder: ModelFolder, _ size: (height: Int, width: Int)?) throws {
    let network = try QualityNetwork.load(folder.path, for: .training())
    let configuration = network.configuration
    let traits = configuration.architecture.traits
    guard traits.scenes != .given else {
      throw InputError(
        folder.path, "\(configuration.architecture.rawValue) is told the scene of each photo",
        remedy: "export a model that predicts it")
    }
    let side = folder.description.sampling.longSidePixels
    let own =
      traits.usesCrops
      ? (height: configuration.cropSide, width: configuration.cropSide)
      : (height: (side ?? 384) * 3 / 4, width: side ?? 384)
    let (height, width) = size ?? own
    guard !traits.usesCrops || height == own.height && width == own.width else {
      throw InputError(
        Setting("size"),
        "\(configuration.architecture.rawValue) reads crops of \(own.width) pixels",
        remedy: "leave it out")
    }
    let crops = traits.readsCropsTogether ? configuration.cropsPerImage : 1
    let image = try Self.picture([1, crops, height, width, 3])
    var input = QualityNetwork.Input(crops: image)
    var inputs = [(name: "image", tensor: image)]
    if configuration.architecture.needsCompleteImage {
      let side = QualityNetwork.completeImageSide
      let complete = try Self.picture([1, side, side, 3])
      input.completeImages = complete
      inputs.append(("complete", complete))
    }
    self.inputs = inputs
    score = { try network(input).scores.reshaped([1]) }
  }

  init(
    regressor folder: ModelFolder, _ installation: Installation,
    _ size: (height: Int, width: Int)?
  ) throws {
    let regressor = try MultiDepthRegressor.load(folder.path)
    let configuration = regressor.configuration
    let weights = try Weights(
      loading: Checkpoint.read(installation.model(ScoringFiles.backbone)), for: .training())
    let backbone = try EfficientNetLite0(weights)
    let side = configuration.longSidePixels
    let (height, width) = size ?? (height: side, width: side)
    let image = try Self.picture([1, height, width, 3])
    inputs = [("image", image)]
    score = {
      let features = try MultiDepthRegressor.features(
        EfficientNetLite0.normalized(image), backbone: backbone)
      return try (regressor(features) * configuration.scoreScale + configuration.scoreOffset)
        .reshaped([1])
    }
  }
}
