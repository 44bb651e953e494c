public import Pixels

/// What a model is asked about: one photo's region, and what else is known.
public struct ScoringInput: Sendable {
  /// The region's pixels.
  public var region: RasterImage
  /// The complete photo, from which some models predict the scene.
  public var completeImage: RasterImage?
  /// The scene, if it is given.
  public var scene: String?

  /// Makes an input.
  public init(region: RasterImage, completeImage: RasterImage? = nil, scene: String? = nil) {
    self.region = region
    self.completeImage = completeImage
    self.scene = scene
  }
}

/// The scene that a score was made for.
public struct SceneFinding: Hashable, Sendable, Codable {
  /// Where the scene's name comes from.
  public enum Source: String, Hashable, Sendable, Codable, CaseIterable {
    /// It was given.
    case given
    /// The model predicted it.
    case predicted
  }

  /// The scene's name.
  public let name: String
  /// Where it comes from.
  public let source: Source
  /// The model's probability, of a predicted scene.
  public let probability: Double?

  /// Makes a finding.
  public init(name: String, source: Source, probability: Double? = nil) {
    self.name = name
    self.source = source
    self.probability = probability
  }
}

/// The score of one part of a region.
public struct PatchScore: Hashable, Sendable {
  /// The part, in pixels of the region.
  public let area: PixelArea
  /// Its score, in the unit of the region's.
  public let score: Double

  /// Makes a patch's score.
  public init(area: PixelArea, score: Double) {
    self.area = area
    self.score = score
  }
}

/// What a model says about one region.
public struct RegionScore: Hashable, Sendable {
  /// The score, in the model's unit.
  public let score: Double
  /// The scene that the score was made for, by models with scenes.
  public let scene: SceneFinding?
  /// How many crops were averaged; nil where the model reads the region whole.
  public let cropCount: Int?
  /// The standard deviation of the crops' scores; nil for fewer than two.
  public let spread: Double?
  /// The scores of the region's parts, if they were asked for.
  public let patches: [PatchScore]
  /// What the parts are, as a line under a map.
  public let patchMeaning: String
  /// What was done to the region that a reader should know; nil for nothing.
  public let remark: String?
  /// The features that the score was computed from, averaged over the crops; empty where the model
  /// has none.
  public let features: [Float]

  /// Makes a score.
  public init(
    score: Double, scene: SceneFinding? = nil, cropCount: Int? = nil, spread: Double? = nil,
    patches: [PatchScore] = [], patchMeaning: String = "", remark: String? = nil,
    features: [Float] = []
  ) {
    self.score = score
    self.scene = scene
    self.cropCount = cropCount
    self.spread = spread
    self.patches = patches
    self.patchMeaning = patchMeaning
    self.remark = remark
    self.features = features
  }
}

/// A model that scores regions; it holds a network, so it belongs to one thread.
public protocol RegionScorer {
  /// Scores one region.
  ///
  /// - Parameters:
  ///   - input: the region and what else is known.
  ///   - wantsPatches: whether the scores of its parts are wanted too.
  /// - Returns: the score.
  /// - Throws: `InputError` when the input can't be scored, `TensorError` when libtorch fails.
  func score(_ input: ScoringInput, wantsPatches: Bool) throws -> RegionScore

  /// Refuses scenes that the model can't do anything with, before photos are read.
  ///
  /// - Parameter scene: the given scene, or nil.
  /// - Throws: `InputError` that says which scenes can be given.
  func check(scene: String?) throws
}
