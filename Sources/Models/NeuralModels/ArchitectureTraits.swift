/// What all of the program has to know about an architecture; one value stands beside each network.
///
/// A new architecture is a file with its network and its traits, a case of ``Architecture``, and a
/// case of `QualityNetwork` that builds it.
public struct ArchitectureTraits: Sendable {
  /// What a network does with the scene that a photo shows.
  public enum SceneUse: Hashable, Sendable {
    /// It knows no scenes.
    case none
    /// Somebody has to give the scene of each photo.
    case given
    /// It predicts the scene and rescales its score by it.
    case predicted
    /// It predicts the scene as a second task; the score doesn't depend on it.
    case secondTask
  }

  /// How pixels 0…255 are brought to the range that a network was trained on.
  enum Normalization: Sendable {
    /// As the chosen backbone wants them.
    case backbone
    /// Mean 0 and deviation 1 over ImageNet.
    case imageNet
    /// −1…1.
    case symmetric
  }

  /// The papers' training, where it differs from this program's general defaults.
  public struct Training: Sendable {
    /// The learning rate of the backbone.
    public var learningRate: Double?
    /// How many times faster all that is not backbone learns.
    public var headRateFactor = 1.0
    /// The weight of the cross entropy of the scene.
    public var sceneWeight = 0.0
    /// Whether errors of scores are squared; absolute otherwise.
    public var squaresErrors = false
    /// The photos of a batch.
    public var batchSize: Int?
    /// The epochs that train all but the backbone first.
    public var headEpochs = 0
  }

  /// The name in its paper, such as `SEM-HyperIQA`.
  public var title: String
  /// What it is, as one line.
  public var summary: String
  /// What it does with scenes.
  public var scenes = SceneUse.none
  /// Whether the score is a sum over the most probable scenes, whose number can be chosen.
  public var rescalesByTopScenes = false
  /// Whether the complete photo is needed beside its region.
  public var needsCompleteImage = false
  /// Whether the region is cut into crops; it is read whole otherwise.
  public var usesCrops = true
  /// Whether a fixed number of an image's crops is read together.
  public var readsCropsTogether = false
  /// The side of crops has to be a multiple of this; nil where any side will do.
  public var cropMultiple: Int?
  /// The side of crops that training takes by default, in pixels.
  public var cropSide = 224
  /// The side of crops of published weights whose shapes don't tell it, in pixels.
  public var publishedCropSide = 224
  /// The longer side that regions are brought to by default, in pixels; nil leaves them as they
  /// are.
  public var longSidePixels: Int?
  /// Whether the backbone can be chosen.
  public var hasBackboneChoice = true
  /// Whether the head can distribute several marks in place of one score.
  public var distributesMarks = false
  /// The papers' training.
  public var training = Training()
  /// The prefixes of the backbones' keys in a checkpoint.
  public var backbonePrefixes: [String]
  /// How the keys of a backbone's own checkpoint, such as torchvision's VGG-16 for DB-CNN, are
  /// renamed.
  ///
  /// Those with the first prefix get the second, all others are left out. Nil puts all keys behind
  /// each of ``backbonePrefixes``.
  var pretrainedPrefix: (from: String, to: String)?
  /// The normalization of its input.
  var normalization = Normalization.backbone
  /// Prefixes of keys that a checkpoint of this architecture has.
  var presentKeys: [String]
  /// Prefixes of keys that a checkpoint of this architecture hasn't.
  var absentKeys: [String] = []

  /// Whether the backbone is one of `Backbone.Kind`, with its four stages.
  public var hasStages: Bool { !backbonePrefixes.isEmpty && pretrainedPrefix == nil }

  /// Whether the network is made for a list of scenes.
  public var usesScenes: Bool { scenes != .none }

  /// Whether somebody has to give the scene of each photo.
  public var needsScene: Bool { scenes == .given }

  /// Whether the network predicts the scene.
  public var predictsScene: Bool { scenes == .predicted || scenes == .secondTask }

  /// Whether scores depend on the scene, so that it can be given.
  public var takesScene: Bool { scenes == .given || scenes == .predicted }

  /// The names of the values of `QualityNetwork.Configuration` that the architecture doesn't look
  /// at.
  public var unusedSettings: Set<String> {
    var unused: Set<String> = []
    if !distributesMarks { unused.insert("marks") }
    if !usesScenes { unused.insert("scenes") }
    if !rescalesByTopScenes { unused.insert("topScenes") }
    if !hasBackboneChoice { unused.insert("backbone") }
    if !usesCrops { unused.formUnion(["cropSide", "cropsPerImage"]) }
    return unused
  }

  /// Whether a checkpoint with these keys looks like this architecture's.
  public func resembles(keys: some Sequence<String>) -> Bool {
    let keys = Array(keys)
    func has(_ prefix: String) -> Bool { keys.contains { $0.hasPrefix(prefix) } }
    return presentKeys.allSatisfy(has) && !absentKeys.contains(where: has)
  }
}
