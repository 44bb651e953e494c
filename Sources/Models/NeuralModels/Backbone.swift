public import Tensors

/// A network whose four stages feed the quality models.
public struct Backbone {
  /// Which network.
  public enum Kind: String, Hashable, Sendable, Codable, CaseIterable {
    /// The papers' backbone; its ImageNet weights are torchvision's.
    case resNet50 = "resnet50"
    /// The embedded default.
    case efficientNetLite0 = "lite0"

    /// The channels of the four stages.
    public var stageChannels: [Int] {
      switch self {
      case .resNet50: ResNet50.stageChannels
      case .efficientNetLite0: EfficientNetLite0.stageChannels
      }
    }

    /// The number of pooled features.
    public var featureCount: Int {
      switch self {
      case .resNet50: ResNet50.featureCount
      case .efficientNetLite0: EfficientNetLite0.featureCount
      }
    }

    /// The first parts of the keys of the first stages' tensors, the stem's among them.
    func keys(ofFirstStages count: Int) -> [String] {
      switch self {
      case .resNet50: ["conv1", "bn1"] + (1...4).prefix(count).map { "layer\($0)" }
      case .efficientNetLite0:
        ["_conv_stem", "_bn0"]
          + (0..<[0, 3, 5, 11, 16][min(max(count, 0), 4)]).map { "_blocks.\($0)" }
      }
    }

    /// Pixels 0…255, `[batch, height, width, 3]`, normalized as the network was trained.
    public func normalized(_ pixels: Tensor) throws(TensorError) -> Tensor {
      switch self {
      case .resNet50: try ImageNet.normalized(pixels)
      case .efficientNetLite0: try EfficientNetLite0.normalized(pixels)
      }
    }
  }

  private enum Network {
    case resNet50(ResNet50)
    case efficientNetLite0(EfficientNetLite0)
  }

  private let network: Network

  /// Takes the network's weights.
  public init(_ kind: Kind, _ w: Weights) throws(TensorError) {
    network =
      switch kind {
      case .resNet50: .resNet50(try ResNet50(w))
      case .efficientNetLite0: .efficientNetLite0(try EfficientNetLite0(w))
      }
  }

  /// The outputs at 1/4, 1/8, 1/16 and 1/32 of the input's size.
  public func stages(_ image: Tensor, training: Bool = false) throws(TensorError) -> [Tensor] {
    switch network {
    case .resNet50(let network): try network.stages(image, training: training)
    case .efficientNetLite0(let network): try network.stages(image, training: training)
    }
  }

  /// The last features averaged over the image.
  public func pooledFeatures(
    _ image: Tensor, training: Bool = false
  ) throws(TensorError) -> Tensor {
    switch network {
    case .resNet50(let network): try network.pooledFeatures(image, training: training)
    case .efficientNetLite0(let network): try network.pooledFeatures(image, training: training)
    }
  }
}
