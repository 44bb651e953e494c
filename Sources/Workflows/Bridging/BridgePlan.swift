public import Domain
public import Preparation
public import Scaling

/// How the gaps of a scale are to be bridged from the references of a scene.
public struct BridgePlan: Sendable {
  /// Where the scale comes from.
  public enum Source: Sendable {
    /// A file of scores per scene.
    case scores(String)
    /// A file of one scale over all scenes.
    case unified(String)
    /// Votes, scaled with the standard settings; `place` is where they lie, for messages.
    case votes([Judgement], place: String)
  }

  /// The scene whose references the pictures are made from.
  public var scene: SceneID
  /// The scale.
  public var source: Source
  /// The attribute; nil takes the only one that the scale has.
  public var attribute: Attribute?
  /// What counts as a gap.
  public var gaps = GapSettings()
  /// The recipes to choose from.
  public var grid = RecipeGrid()
  /// The seed of the pictures' noise.
  public var seed: UInt64 = 1
  /// Whether nothing is made, recorded or queued.
  public var isDryRun = false

  /// Plans a bridge with gaps of 1 JOD and the standard recipes.
  public init(scene: SceneID, source: Source) {
    (self.scene, self.source) = (scene, source)
  }

  /// How wide a picture's loss may be known at worst for the picture to count as placed: its
  /// standard error.
  var placedWithin: Double { gaps.widest.value / 2 }

  /// The largest step that a bridge aims at: no step is then a gap, however well it is known.
  var aimedStep: Double { gaps.widest.value / 2 }
}
