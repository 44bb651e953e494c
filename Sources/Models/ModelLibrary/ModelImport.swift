public import Domain
import Files
import Foundation
public import NeuralModels
import Tensors

/// Makes a model folder of a file of weights from elsewhere.
public struct ModelImport: Sendable {
  /// What the user says about the weights; what is left open is read from the weights' shapes.
  public struct Description: Hashable, Sendable {
    /// The architecture.
    public var architecture: Architecture
    /// The backbone.
    public var backbone: Backbone.Kind?
    /// The side of the crops, in pixels.
    public var patch: Int?
    /// How many crops of a photo the model reads together.
    public var crops: Int?
    /// The scenes' names, in the order of the model's outputs.
    public var scenes: [String] = []
    /// How many of the most probable scenes FULL-HyperIQA uses.
    public var topScenes: Int?
    /// The attribute that the model predicts.
    public var attribute = Attribute.overall
    /// The unit of its scores.
    public var unit: ScoreUnit?
    /// What stands before the names of the weights in the file; other tensors are left aside.
    public var prefix: String?
    /// Half the width of a score's 95 % interval, in that unit.
    public var halfWidth: Double?
    /// Where the weights come from, for the card.
    public var source: String?
    /// The license of the weights, for the card.
    public var licence: String?

    /// Names the architecture.
    public init(_ architecture: Architecture) { self.architecture = architecture }
  }

  private let file: String
  private let description: Description

  /// Plans an import.
  ///
  /// - Parameters:
  ///   - file: a `.pth` or `.safetensors` file; nothing in it is run.
  ///   - description: what the user says about it.
  public init(file: String, description: Description) {
    self.file = file
    self.description = description
  }

  /// Reads the weights, checks every key and writes the model folder.
  ///
  /// - Parameters:
  ///   - path: the folder to make.
  ///   - replaces: whether a model that is there already is replaced.
  /// - Returns: what the folder holds.
  /// - Throws: `CheckpointError` for a file that isn't tensors, `InputError` when they don't fit
  ///   the architecture.
  public func run(to path: String, replacing replaces: Bool) throws -> ModelDetails {
    let named = description.architecture
    guard replaces || !FileManager.default.fileExists(atPath: path) else {
      throw InputError(
        path, "it exists already", remedy: "choose another folder, or give \(Setting("force"))")
    }
    let tensors = try Self.tensors(Checkpoint.read(file), under: description.prefix)
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      guard try tensor.type == .int64 || tensor.to(.float32).isFinite() else {
        throw InputError(
          file,
          "the weights of \(name) hold numbers that aren't finite"
            + (tensor.type == .float16 ? " (16 bits end at 65,504)" : ""),
          remedy:
            tensor.type == .float16
            ? "save them as float32 or bfloat16"
            : "use weights of a training run that did not diverge")
      }
    }
    let facts = CheckpointFacts(tensors.mapValues(\.shape))
    let configuration = try configuration(named, facts)
    let names = try kept(tensors, configuration, facts)
    var weights: [String: Tensor] = [:]
    for name in names { weights[name] = try tensors[name]?.to(.float32).contiguous() }
    let model = ModelDescription(
      architecture: named.rawValue, attribute: description.attribute, unit: description.unit,
      intervalHalfWidth: description.halfWidth,
      origin: ModelDescription.Origin(
        version: VernierVersion.text, source: description.source, licence: description.licence,
        importedFrom: URL(fileURLWithPath: file).lastPathComponent,
        importedSHA256: try FileDigest.sha256(file)))
    let count = weights.values.reduce(0) { $0 + $1.count }
    try ModelFolder.write(
      model, configuration: configuration, weights: weights,
      card: ModelCard.text(configuration, model, numberCount: count), to: path)
    return try ModelLibrary.details(path)
  }

  /// The tensors whose names have a prefix, without it; all where none is given.
  private static func tensors(
    _ all: [String: Tensor], under prefix: String?
  ) throws(InputError) -> [String: Tensor] {
    guard let prefix else { return all }
    var tensors: [String: Tensor] = [:]
    for (name, tensor) in all where name.hasPrefix(prefix) {
      tensors[String(name.dropFirst(prefix.count))] = tensor
    }
    guard !tensors.isEmpty else {
      let roots = Set(all.keys.compactMap { $0.split(separator: ".").first }).sorted()
      throw InputError(
        Setting("prefix"), "no name in the file has «\(prefix)» before it",
        remedy: "the names start with \(roots.prefix(8).joined(separator: ", "))")
    }
    return tensors
  }

  /// What stands before the names of an architecture's weights, where others stand beside them.
  private static func prefix(of architecture: Architecture, _ shapes: [String: [Int]]) -> String? {
    var prefixes: Set<String> = []
    for name in shapes.keys {
      let parts = name.split(separator: ".")
      for count in stride(from: 1, to: min(parts.count, 4), by: 1) {
        prefixes.insert(parts.prefix(count).joined(separator: ".") + ".")
      }
    }
    // Among equals the shortest name, so that an average of weights is not taken for the weights.
    return prefixes.sorted { ($0.count, $0) < ($1.count, $1) }.first { prefix in
      let inner = shapes.keys.filter { $0.hasPrefix(prefix) }.map { $0.dropFirst(prefix.count) }
      return !architecture.traits.resembles(keys: shapes.keys)
        && architecture.traits.resembles(keys: inner.map(String.init))
    }
  }

  /// The configuration: what the user gave, else what the shapes imply, else the papers' values.
  private func configuration(
    _ architecture: Architecture, _ facts: CheckpointFacts
  ) throws(InputError) -> QualityNetwork.Configuration {
    var scenes = description.scenes
    if scenes.isEmpty, architecture.usesScenes {
      guard let count = facts.sceneCount, (1...100_000).contains(count) else {
        throw InputError(
          Setting("scenes"), "\(architecture.rawValue) needs the names of its scenes",
          remedy: "list them in the order of the model's numbers")
      }
      scenes = (0..<count).map(String.init)
    }
    if !scenes.isEmpty, !architecture.usesScenes {
      throw InputError(
        Setting("scenes"), "\(architecture.rawValue) has no scenes", remedy: "leave them out")
    }
    if description.topScenes != nil, !architecture.rescalesByTopScenes {
      throw InputError(
        Setting("topScenes"), "\(architecture.rawValue) doesn't rescale by several scenes",
        remedy: "leave it out")
    }
    return QualityNetwork.Configuration(
      architecture: architecture, backbone: description.backbone ?? facts.backbone ?? .resNet50,
      cropSide: description.patch ?? facts.patchSide ?? architecture.publishedCropSide,
      cropsPerImage: description.crops ?? facts.cropsPerImage ?? 1, scenes: scenes,
      topScenes: description.topScenes ?? min(3, max(1, scenes.count)), marks: facts.marks ?? 1)
  }

  /// The names of the tensors that the network needs, after all keys and shapes were checked.
  private func kept(
    _ tensors: [String: Tensor], _ configuration: QualityNetwork.Configuration,
    _ facts: CheckpointFacts
  ) throws -> [String] {
    do {
      let network = try QualityNetwork(Weights(loading: tensors), configuration)
      return network.weights.entries.map(\.name)
    } catch let error as WeightsError {
      let made =
        configuration.architecture.usesCrops
        ? "\(configuration.architecture.rawValue) on \(configuration.backbone.rawValue) with "
          + "crops of \(configuration.cropSide) pixels" : configuration.architecture.rawValue
      throw InputError(
        file, "the weights don't fit \(made): \(KeySummary.text(error))",
        remedy: remedy(configuration, facts, tensors.mapValues(\.shape)))
    }
  }

  /// What to try, from what the keys look like.
  private func remedy(
    _ configuration: QualityNetwork.Configuration, _ facts: CheckpointFacts,
    _ shapes: [String: [Int]]
  ) -> String {
    if description.prefix == nil, let prefix = Self.prefix(of: configuration.architecture, shapes) {
      return "the weights lie under «\(prefix)»: give \(Setting("prefix")) \(prefix)"
    }
    if !facts.lookalikes.isEmpty, !facts.lookalikes.contains(configuration.architecture) {
      let names = facts.lookalikes.map(\.rawValue).joined(separator: " or ")
      return "the keys look like \(Setting("architecture")) \(names)"
    }
    if let side = facts.patchSide, side != configuration.cropSide {
      return "the shapes look like \(Setting("patch")) \(side)"
    }
    if let count = facts.sceneCount, configuration.architecture.usesScenes,
      count != configuration.scenes.count
    {
      return "the weights are for \(count) scenes, not \(configuration.scenes.count)"
    }
    if let backbone = facts.backbone, backbone != configuration.backbone {
      return "the keys look like \(Setting("backbone")) \(backbone.rawValue)"
    }
    return "check that the file holds this architecture's weights"
  }
}
