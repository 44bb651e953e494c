/// The quality models of the two papers, by their names in model folders and on the command line.
@dynamicMemberLookup
public enum Architecture: String, Hashable, Sendable, Codable, CaseIterable {
  /// One linear layer on ResNet-50 (or Lite0): the baseline of paper 2.
  case resNet50 = "resnet50"
  /// The baseline that also predicts the scene and rescales its score.
  case multitask = "resnet50-multitask"
  /// HyperIQA over crops.
  case hyperIQA = "hyperiqa"
  /// SEM-HyperIQA.
  case semHyperIQA = "sem-hyperiqa"
  /// SEM-HyperIQA with the true scene.
  case semHyperIQASceneOnly = "sem-hyperiqa-so"
  /// SEM-HyperIQA with the scene as a second task only.
  case semHyperIQAClassificationOnly = "sem-hyperiqa-co"
  /// FULL-HyperIQA.
  case fullHyperIQA = "full-hyperiqa"
  /// FULL-HyperIQA that predicts the scene from the complete photo.
  case fullHyperIQACompleteImage = "full-hyperiqa-complete"
  /// MUSIQ over the whole region at three scales.
  case musiq
  /// DB-CNN over crops.
  case dbCNN = "dbcnn"
  /// EfficientNet-Lite0 and a head at five depths, learned together, over the whole region.
  case multiDepth = "multi-depth"

  /// Everything that the program has to know about it.
  public var traits: ArchitectureTraits {
    switch self {
    case .resNet50: PooledQuality.baselineTraits
    case .multitask: PooledQuality.multitaskTraits
    case .hyperIQA: HyperIQA.traits
    case .semHyperIQA: SEMHyperIQA.traits(.semantic)
    case .semHyperIQASceneOnly: SEMHyperIQA.traits(.sceneOnly)
    case .semHyperIQAClassificationOnly: SEMHyperIQA.traits(.classificationOnly)
    case .fullHyperIQA: FullHyperIQA.traits(.patches)
    case .fullHyperIQACompleteImage: FullHyperIQA.traits(.completeImage)
    case .musiq: MUSIQ.traits
    case .dbCNN: DBCNN.traits
    case .multiDepth: MultiDepthQuality.traits
    }
  }

  /// One of its ``traits``.
  public subscript<Value>(dynamicMember member: KeyPath<ArchitectureTraits, Value>) -> Value {
    traits[keyPath: member]
  }
}
