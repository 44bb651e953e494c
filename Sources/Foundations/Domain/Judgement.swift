/// What an observer answered on one pair.
public enum Choice: String, Hashable, Sendable, Codable, CaseIterable {
  /// Photo A is better.
  case a
  /// Photo B is better.
  case b
  /// Neither: only in studies that allow it.
  case tie
}

/// One observer's answer on one pair of photos: a row of `votes.csv`.
public struct Judgement: Hashable, Sendable {
  /// Who judged.
  public let observer: ObserverID
  /// The scene, or the cross-scene set's name.
  public let scene: SceneID
  /// What was judged.
  public let attribute: Attribute
  /// The photo shown as A.
  public let photoA: PhotoID
  /// The photo shown as B.
  public let photoB: PhotoID
  /// The answer.
  public let choice: Choice
  /// The time from both photos being visible to the answer, if it was measured.
  public let responseMilliseconds: Double?
  /// How the pair was chosen, if that is known.
  public let origin: PairOrigin?

  /// Makes a judgement; the two photos must differ (readers of files refuse the row otherwise).
  public init(
    observer: ObserverID, scene: SceneID, attribute: Attribute, photoA: PhotoID, photoB: PhotoID,
    choice: Choice, responseMilliseconds: Double? = nil, origin: PairOrigin? = nil
  ) {
    self.origin = origin
    self.observer = observer
    self.scene = scene
    self.attribute = attribute
    self.photoA = photoA
    self.photoB = photoB
    self.choice = choice
    self.responseMilliseconds = responseMilliseconds
  }
}

/// All judgements of one scene (or cross-scene set) and one attribute, with photos and observers as indices.
public struct SceneJudgements: Hashable, Sendable {
  /// One answer, by index.
  public struct Vote: Hashable, Sendable {
    /// Index into ``SceneJudgements/observers``.
    public var observer: Int { Int(observerIndex) }
    /// Index into ``SceneJudgements/photos`` of photo A.
    public var a: Int { Int(aIndex) }
    /// Index into ``SceneJudgements/photos`` of photo B.
    public var b: Int { Int(bIndex) }
    /// The answer.
    public let choice: Choice
    /// The time to the answer, if it was measured.
    public let responseMilliseconds: Double?
    /// How the pair was chosen, if that is known.
    public let origin: PairOrigin?

    // Studies have up to tens of millions of votes.
    private let observerIndex: Int32
    private let aIndex: Int32
    private let bIndex: Int32

    /// Makes a vote by index.
    public init(
      observer: Int, a: Int, b: Int, choice: Choice, responseMilliseconds: Double? = nil,
      origin: PairOrigin? = nil
    ) {
      self.origin = origin
      (observerIndex, aIndex, bIndex) = (Int32(observer), Int32(a), Int32(b))
      self.choice = choice
      self.responseMilliseconds = responseMilliseconds
    }
  }

  /// The scene, or the cross-scene set's name.
  public let scene: SceneID
  /// What was judged.
  public let attribute: Attribute
  /// The photos, in ascending order of name.
  public let photos: [PhotoID]
  /// The observers, in ascending order of pseudonym.
  public let observers: [ObserverID]
  /// The votes, in the order of the file.
  public let votes: [Vote]

  /// Makes the judgements of one scene from votes by index.
  public init(
    scene: SceneID, attribute: Attribute, photos: [PhotoID], observers: [ObserverID], votes: [Vote]
  ) {
    self.scene = scene
    self.attribute = attribute
    self.photos = photos
    self.observers = observers
    self.votes = votes
  }

  /// The number of votes of each photo against other ones.
  public var comparisonsPerPhoto: [Double] {
    var totals = [Double](repeating: 0, count: photos.count)
    for vote in votes where vote.a != vote.b {
      totals[vote.a] += 1
      totals[vote.b] += 1
    }
    return totals
  }

  /// Groups judgements by scene and attribute, both ascending; photos and observers are indexed by name.
  public static func grouping(_ judgements: [Judgement]) -> [SceneJudgements] {
    struct Key: Hashable {
      let scene: SceneID
      let attribute: Attribute
    }
    let groups = Dictionary(grouping: judgements) { Key(scene: $0.scene, attribute: $0.attribute) }
    let keys = groups.keys.sorted { ($0.scene, $0.attribute) < ($1.scene, $1.attribute) }
    return keys.map { key in
      let rows = groups[key] ?? []
      let photos = Set(rows.flatMap { [$0.photoA, $0.photoB] }).sorted()
      let observers = Set(rows.map(\.observer)).sorted()
      let photoIndex = Dictionary(uniqueKeysWithValues: zip(photos, photos.indices))
      let observerIndex = Dictionary(uniqueKeysWithValues: zip(observers, observers.indices))
      let votes = rows.map { row in
        Vote(
          observer: observerIndex[row.observer, default: 0], a: photoIndex[row.photoA, default: 0],
          b: photoIndex[row.photoB, default: 0], choice: row.choice,
          responseMilliseconds: row.responseMilliseconds, origin: row.origin)
      }
      return SceneJudgements(
        scene: key.scene, attribute: key.attribute, photos: photos, observers: observers,
        votes: votes)
    }
  }
}
