/// The difference in one scene, candidate minus baseline.
public struct SceneEffect: Sendable, Hashable, Codable {
  /// The scene.
  public var scene: SceneID
  /// The difference, in JOD.
  public var difference: Double
  /// The lower end of its interval, for this scene alone.
  public var low: Double
  /// The upper end of its interval.
  public var high: Double
  /// The number of votes in the scene; 0 from scores.
  public var votes: Int
  /// The number of photos of the baseline.
  public var baselinePhotos: Int
  /// The number of photos of the candidate.
  public var candidatePhotos: Int

  /// Makes a finding.
  public init(
    scene: SceneID, difference: Double, low: Double, high: Double, votes: Int,
    baselinePhotos: Int, candidatePhotos: Int
  ) {
    (self.scene, self.difference) = (scene, difference)
    (self.low, self.high, self.votes) = (low, high, votes)
    (self.baselinePhotos, self.candidatePhotos) = (baselinePhotos, candidatePhotos)
  }

  private enum CodingKeys: String, CodingKey {
    case scene
    case difference = "difference_jod"
    case low, high, votes
    case baselinePhotos = "baseline_photos"
    case candidatePhotos = "candidate_photos"
  }
}

/// Votes that put a photo of one side against one of the other.
public struct DirectVotes: Sendable, Hashable, Codable {
  /// How often the candidate was chosen.
  public var candidate: Int
  /// How often the baseline was chosen.
  public var baseline: Int
  /// How often neither was.
  public var ties: Int

  /// Makes counts.
  public init(candidate: Int = 0, baseline: Int = 0, ties: Int = 0) {
    (self.candidate, self.baseline, self.ties) = (candidate, baseline, ties)
  }

  /// The share of the candidate, ties as halves; nil without votes.
  public var share: Double? {
    let total = candidate + baseline + ties
    return total == 0 ? nil : (Double(candidate) + Double(ties) / 2) / Double(total)
  }
}

/// What a study of this size can show, whatever was found: not the chance of what was seen.
public struct AchievedPower: Sendable, Hashable, Codable {
  /// The chance to show a true difference as large as the visible one.
  public var visibleDifference: Double
  /// The chance to show equivalence when there is no difference.
  public var equivalence: Double
  /// The smallest true difference that is shown with a chance of 80 %, in JOD.
  public var detectableJOD: Double

  /// Makes a power.
  public init(visibleDifference: Double, equivalence: Double, detectableJOD: Double) {
    (self.visibleDifference, self.equivalence) = (visibleDifference, equivalence)
    self.detectableJOD = detectableJOD
  }

  private enum CodingKeys: String, CodingKey {
    case visibleDifference = "visible_difference"
    case equivalence
    case detectableJOD = "detectable_jod"
  }
}

/// How much more evidence would decide it with a chance of 80 %, if the difference is as found.
public struct MissingEvidence: Sendable, Hashable, Codable {
  /// The outcome that the fewest more scenes would show.
  public var towards: Outcome
  /// The scenes still missing, each with as many votes as those so far; nil when more than 10,000
  /// are.
  public var scenes: Int?
  /// The votes still missing on the scenes so far; nil when no number of votes on these scenes
  /// decides it.
  public var votes: Int?

  /// Makes a forecast.
  public init(towards: Outcome, scenes: Int?, votes: Int?) {
    (self.towards, self.scenes, self.votes) = (towards, scenes, votes)
  }
}

/// A scene that decides the outcome alone.
public struct PivotalScene: Sendable, Hashable, Codable {
  /// The scene.
  public var scene: SceneID
  /// The outcome of the other scenes.
  public var outcomeWithout: Outcome

  /// Makes a finding.
  public init(scene: SceneID, outcomeWithout: Outcome) {
    (self.scene, self.outcomeWithout) = (scene, outcomeWithout)
  }

  private enum CodingKeys: String, CodingKey {
    case scene
    case outcomeWithout = "outcome_without"
  }
}
