import Domain
import NeuralModels
public import Pixels
public import Studies

/// How the faces of a study are grouped.
public struct PeoplePlan: Sendable {
  /// The largest mean distance of two groups of faces that are taken for one person's.
  public var threshold: Double
  /// How photos are read.
  public var reading = DecodingOptions()
  /// The number of threads; nil takes one for each processor.
  public var threads: Int?
  /// Why photos are looked at whose consent doesn't cover it; nil leaves them out.
  public var exception: String?

  /// Plans a run with dlib's threshold.
  public init() { threshold = FaceRecognition.usualThreshold }
}

/// What looking for people came to.
public struct PeopleReport: Sendable {
  /// The groups that wait for somebody to look at them.
  public var groups: [FaceGroup] = []
  /// The photos that were left out, because their consent doesn't cover identification.
  public var leftOut: [UnconfirmedPhoto] = []
  /// The photos in which no face is seen well enough.
  public var withoutFace: [String] = []
  /// One line for each photo that can't be read.
  public var faults: [String] = []

  /// The number of faces in groups.
  public var faces: Int { groups.reduce(0) { $0 + $1.members.count } }
}
