/// Groups, such as devices or builds, from the best to the worst.
public struct Leaderboard: Sendable, Hashable, Codable {
  /// One list for each attribute and slice; those of all photos first.
  public var boards: [Board]
  /// The level of intervals and rank sets.
  public var confidenceLevel: Double
  /// What every reader must know before the numbers, such as that votes are simulated.
  public var notices: [String]
  /// What was left out or limits the numbers, each in one sentence.
  public var notes: [String]

  /// Makes a leaderboard.
  public init(boards: [Board], confidenceLevel: Double, notices: [String] = [], notes: [String]) {
    (self.boards, self.confidenceLevel) = (boards, confidenceLevel)
    (self.notices, self.notes) = (notices, notes)
  }

  /// One list.
  public struct Board: Sendable, Hashable, Codable {
    /// The attribute.
    public var attribute: Attribute
    /// The part of the photos, such as `condition Night`; nil for all.
    public var slice: String?
    /// τ: the standard deviation over scenes of the true difference of two groups, in JOD.
    public var tau: Double
    /// The groups, the best first.
    public var rows: [Row]
    /// What was left out, each in one sentence.
    public var excluded: [String]
    /// How far the groups stand below the references, in the order of ``rows``; empty without
    /// references, and for slices.
    public var belowReferences: [BelowReference] = []

    /// Makes a list.
    public init(
      attribute: Attribute, slice: String?, tau: Double, rows: [Row], excluded: [String]
    ) {
      (self.attribute, self.slice, self.tau) = (attribute, slice, tau)
      (self.rows, self.excluded) = (rows, excluded)
    }

    private enum CodingKeys: String, CodingKey {
      case attribute, slice, tau, rows, excluded
      case belowReferences = "below_references"
    }
  }

  /// How far a group stands below the references of the scenes that it shares with them.
  public struct BelowReference: Sendable, Hashable, Codable {
    /// The group's name.
    public var group: String
    /// How much better the references are, in JOD; negative where the group is better.
    public var difference: Double
    /// The lower end of the interval.
    public var low: Double
    /// The upper end of the interval.
    public var high: Double
    /// The number of scenes with photos of both.
    public var scenes: Int

    /// Makes an entry.
    public init(group: String, difference: Double, low: Double, high: Double, scenes: Int) {
      (self.group, self.difference, self.low) = (group, difference, low)
      (self.high, self.scenes) = (high, scenes)
    }

    private enum CodingKeys: String, CodingKey {
      case group
      case difference = "difference_jod"
      case low, high, scenes
    }
  }

  /// One group.
  public struct Row: Sendable, Hashable, Codable {
    /// The group's name.
    public var group: String
    /// Its quality against the mean of all groups of the list, in JOD.
    public var score: Double
    /// The lower end of the interval.
    public var low: Double
    /// The upper end of the interval.
    public var high: Double
    /// The best rank that is not ruled out, all groups' rank sets holding together.
    public var bestRank: Int
    /// The worst rank that is not ruled out.
    public var worstRank: Int
    /// Groups that share a letter are not shown to differ.
    public var letters: String
    /// The number of scenes.
    public var scenes: Int
    /// The number of photos.
    public var photos: Int
    /// The number of votes that its photos took part in.
    public var votes: Int
    /// Whether the group has so few scenes that its place says little.
    public var hasFewScenes: Bool

    /// Makes a row.
    public init(
      group: String, score: Double, low: Double, high: Double, bestRank: Int, worstRank: Int,
      letters: String, scenes: Int, photos: Int, votes: Int, hasFewScenes: Bool
    ) {
      (self.group, self.score, self.low, self.high) = (group, score, low, high)
      (self.bestRank, self.worstRank, self.letters) = (bestRank, worstRank, letters)
      (self.scenes, self.photos, self.votes) = (scenes, photos, votes)
      self.hasFewScenes = hasFewScenes
    }

    private enum CodingKeys: String, CodingKey {
      case group
      case score = "score_jod"
      case low, high
      case bestRank = "rank_best"
      case worstRank = "rank_worst"
      case letters, scenes, photos, votes
      case hasFewScenes = "few_scenes"
    }
  }
}
