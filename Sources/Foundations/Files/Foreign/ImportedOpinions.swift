public import Domain

/// What a file of another program holds: votes, or ratings.
public struct ImportedOpinions: Hashable, Sendable {
  /// The answers on pairs, in the order of the file.
  public var votes: [Judgement] = []
  /// The ratings, in the order of the file.
  public var ratings: [Rating] = []
  /// What to know about them: what was left out, and what the format doesn't tell.
  public var notes: [String] = []

  /// Holds nothing.
  public init() {}

  /// Stands for observers that a file doesn't tell apart.
  static let unknownObserver: ObserverID = "unknown"

  /// Adds a note about things that happened `count` times, if they did.
  mutating func note(_ count: Int, _ one: String, _ many: String, _ what: String) {
    if count > 0 { notes.append("\(count) \(count == 1 ? one : many) \(what)") }
  }
}

/// What an import is told beside the file.
public struct ImportSettings: Hashable, Sendable {
  /// Which columns of a table hold what.
  public var columns = VoteColumns()
  /// The scene where the file tells none.
  public var scene: SceneID?
  /// The attribute where the file tells none.
  public var attribute: Attribute?
  /// The names of the photos of a matrix, in its order.
  public var photoNames: [String]?
  /// Whether a matrix of ratings has a row for each observer, not for each photo.
  public var observersInRows = false

  /// Takes all from the file.
  public init() {}

  /// The scene of files that tell none.
  var sceneOrAll: SceneID { scene ?? "all" }
  /// The attribute of files that tell none.
  var attributeOrOverall: Attribute { attribute ?? .overall }
}
