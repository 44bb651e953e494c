/// The quality models of the two papers, by their names in model folders and on the command line.
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

  /// What it is, as one line.
  public var summary: String {
    switch self {
    case .resNet50: "pooled features and one linear layer (paper 2's baseline)"
    case .multitask: "the baseline that also predicts the scene and rescales (paper 2)"
    case .hyperIQA:
      "a hyper network predicts the weights that score each patch (Su and others 2020)"
    case .semHyperIQA: "HyperIQA rescaled by the predicted scene (paper 1)"
    case .semHyperIQASceneOnly: "HyperIQA rescaled by the true scene (paper 1)"
    case .semHyperIQAClassificationOnly: "HyperIQA with the scene as a second task (paper 1)"
    case .fullHyperIQA: "HyperIQA rescaled by the k most probable scenes"
    case .fullHyperIQACompleteImage:
      "the same, with the scene predicted from the complete photo (paper 2)"
    case .musiq: "a transformer over patches at three scales (Ke and others 2021)"
    case .dbCNN: "VGG-16 and S-CNN, multiplied (Zhang and others 2018)"
    }
  }

  /// Whether the model is made for a list of scenes.
  public var usesScenes: Bool {
    switch self {
    case .resNet50, .hyperIQA, .musiq, .dbCNN: false
    default: true
    }
  }

  /// Whether the scene of each photo must be given.
  public var needsScene: Bool { self == .semHyperIQASceneOnly }

  /// Whether the complete photo is needed beside its region.
  public var needsCompleteImage: Bool { self == .fullHyperIQACompleteImage }

  /// Whether the region is cut into crops of `QualityNetwork.Configuration.cropSide`; MUSIQ reads
  /// it whole.
  public var usesCrops: Bool { self != .musiq }

  /// Whether a fixed number of an image's crops is evaluated together.
  public var judgesCropsTogether: Bool {
    placeOfHyperIQA != nil && self != .hyperIQA
  }

  /// Whether the score is a sum over the most probable scenes.
  public var usesTopScenes: Bool { self == .fullHyperIQA || self == .fullHyperIQACompleteImage }

  /// Whether crops must have the side that the weights were made for.
  public var hasFixedCrop: Bool { placeOfHyperIQA != nil }

  /// Where HyperIQA's keys begin, for the members of its family.
  var placeOfHyperIQA: String? {
    switch self {
    case .hyperIQA: ""
    case .semHyperIQA, .semHyperIQASceneOnly, .semHyperIQAClassificationOnly, .fullHyperIQA,
      .fullHyperIQACompleteImage:
      "hyperNet."
    case .resNet50, .multitask, .musiq, .dbCNN: nil
    }
  }
}
