public import Domain
public import NeuralModels
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

/// The score of one part of a region.
public struct PatchScore: Hashable, Sendable {
  /// The part, in pixels of the region.
  public let area: PixelRectangle
  /// Its score, in the unit of the region's.
  public let score: Double

  /// Makes a patch's score.
  public init(area: PixelRectangle, score: Double) {
    self.area = area
    self.score = score
  }
}

/// The scores of a region's parts, as a map shows them.
public struct PatchScores: Hashable, Sendable {
  /// The parts.
  public let patches: [PatchScore]
  /// What the parts are, as a line under a map.
  public let meaning: String

  /// Collects the scores of a region's parts.
  public init(_ patches: [PatchScore], meaning: String) {
    (self.patches, self.meaning) = (patches, meaning)
  }
}

/// What a model says about one region, with what was done to see it.
public struct ScoredRegion: Hashable, Sendable {
  /// What the network said.
  public let evaluation: RegionEvaluation
  /// The scene that the score was made for, by models with scenes.
  public let scene: SceneFinding?
  /// How many crops were averaged; nil where the model reads the region whole.
  public let cropCount: Int?
  /// The scores of the region's parts; nil where they were neither asked for nor computed.
  public let parts: PatchScores?
  /// What was done to the region that a reader should know; nil for nothing.
  public let remark: String?

  /// Makes a score.
  public init(
    _ evaluation: RegionEvaluation, scene: SceneFinding? = nil, cropCount: Int? = nil,
    parts: PatchScores? = nil, remark: String? = nil
  ) {
    self.evaluation = evaluation
    self.scene = scene
    self.cropCount = cropCount
    self.parts = parts
    self.remark = remark
  }

  /// The score, in the model's unit.
  public var score: Double { evaluation.score }

  /// The scores of the region's parts, where there are any.
  public var patches: [PatchScore] { parts?.patches ?? [] }

  /// The score of the photo that shows the region; its interval and novelty are left to whoever
  /// knows the model's calibration.
  public func photoScore(
    _ photo: String, model: String, attribute: Attribute, unit: ScoreUnit?
  ) -> PhotoScore {
    PhotoScore(
      photo: photo, model: model, attribute: attribute, score: evaluation.score, unit: unit,
      scene: scene, crops: cropCount, spread: evaluation.spread,
      remark: remark)
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
  func score(_ input: ScoringInput, wantsPatches: Bool) throws -> ScoredRegion

  /// Refuses scenes that the model can't do anything with, before photos are read.
  ///
  /// - Parameter scene: the given scene, or nil.
  /// - Throws: `InputError` that says which scenes can be given.
  func check(scene: String?) throws
}
