public import Domain
public import Pixels
public import Preparation

/// Which regions of a study are to be made.
public struct StudyRegionPlan: Sendable {
  /// The attributes; nil for all of the study.
  public var attributes: Set<Attribute>?
  /// The photos; nil for all.
  public var photos: Set<ScenePhoto>?
  /// Overrides the attributes' rules; the regions then count as chosen by hand.
  public var region: RegionChoice = .automatic
  /// The space around the face, as a part of its side.
  public var margin = 0.3
  /// Whether regions chosen by hand are replaced by the rule's.
  public var replacesChoices = false
  /// How photos are read.
  public var reading = DecodingOptions()
  /// The number of threads; nil takes one for each processor.
  public var threads: Int?

  /// Plans all regions by the rules.
  public init() {}
}

/// What making regions came to.
public struct StudyRegionReport: Sendable {
  /// The number of regions that were made.
  public var made = 0
  /// The number of regions that were there.
  public var known = 0
  /// The number of photos searched for faces.
  public var searched = 0
  /// One line for each photo whose regions can't be made.
  public var refused: [String] = []
}
