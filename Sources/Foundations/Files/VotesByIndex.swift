internal import Domain

/// Votes as they are read: every name a number, one list for each column, grouped by scene and attribute.
struct VotesByIndex {
  var scenesByName = NameTable()
  var attributesByName = NameTable { Attribute($0).text }
  var observersByName = NameTable()
  var photosByName = NameTable()
  /// Whether times and origins are read at all.
  var hasTimes = false
  var hasOrigins = false

  private struct Key: Hashable {
    let scene: Int32
    let attribute: Int32
  }

  private struct Group {
    var observers: [Int32] = []
    var a: [Int32] = []
    var b: [Int32] = []
    var choices: [Choice] = []
    var times: [Double?] = []
    var origins: [PairOrigin?] = []
  }

  private var keys: [Key] = []
  private var groups: [Group] = []
  private var numbers: [Key: Int] = [:]
  private var last = -1

  /// Adds a vote.
  mutating func add(
    scene: Int32, attribute: Int32, observer: Int32, a: Int32, b: Int32, choice: Choice
  ) {
    if last < 0 || keys[last].scene != scene || keys[last].attribute != attribute {
      let key = Key(scene: scene, attribute: attribute)
      if let known = numbers[key] {
        last = known
      } else {
        last = groups.count
        numbers[key] = last
        keys.append(key)
        groups.append(Group())
      }
    }
    groups[last].observers.append(observer)
    groups[last].a.append(a)
    groups[last].b.append(b)
    groups[last].choices.append(choice)
  }

  /// Adds the time of the vote that was added last.
  mutating func addTime(_ time: Double?) { groups[last].times.append(time) }

  /// Adds the origin of the vote that was added last.
  mutating func addOrigin(_ origin: PairOrigin?) { groups[last].origins.append(origin) }

  /// The votes of every scene and attribute, both ascending, as ``SceneJudgements/grouping(_:)`` gives them; nil
  /// without any.
  mutating func scenes() -> [SceneJudgements]? {
    guard !groups.isEmpty else { return nil }
    let photoRanks = Self.ranks(photosByName.names)
    let observerRanks = Self.ranks(observersByName.names)
    let names = keys.map { [scenesByName, attributesByName] key in
      (
        scene: SceneID(scenesByName.names[Int(key.scene)]),
        attribute: Attribute(attributesByName.names[Int(key.attribute)])
      )
    }
    return keys.indices.sorted { names[$0] < names[$1] }.map { place in
      let group = groups[place]
      groups[place] = Group()
      let photos = Self.present([group.a, group.b], ranks: photoRanks)
      let observers = Self.present([group.observers], ranks: observerRanks)
      let votes = group.choices.indices.map { vote in
        SceneJudgements.Vote(
          observer: Int(observers.index[Int(group.observers[vote])]),
          a: Int(photos.index[Int(group.a[vote])]), b: Int(photos.index[Int(group.b[vote])]),
          choice: group.choices[vote],
          responseMilliseconds: hasTimes ? group.times[vote] : nil,
          origin: hasOrigins ? group.origins[vote] : nil)
      }
      return SceneJudgements(
        scene: names[place].scene, attribute: names[place].attribute,
        photos: photos.names.map { PhotoID(photosByName.names[$0]) },
        observers: observers.names.map { ObserverID(observersByName.names[$0]) }, votes: votes)
    }
  }

  /// The place of every name among all, in the order of identifiers: by Unicode scalars, which is the order of UTF-8.
  private static func ranks(_ names: [String]) -> [Int32] {
    let keys = names.map { Array($0.utf8) }
    let order = names.indices.sorted { keys[$0].lexicographicallyPrecedes(keys[$1]) }
    var ranks = [Int32](repeating: 0, count: names.count)
    for (rank, name) in order.enumerated() { ranks[name] = Int32(rank) }
    return ranks
  }

  /// The names that occur in lists, ascending, and the index of each among them.
  private static func present(
    _ lists: [[Int32]], ranks: [Int32]
  ) -> (names: [Int], index: [Int32]) {
    var index = [Int32](repeating: -1, count: ranks.count)
    for list in lists { for name in list { index[Int(name)] = 0 } }
    let names = ranks.indices.filter { index[$0] == 0 }.sorted { ranks[$0] < ranks[$1] }
    for (place, name) in names.enumerated() { index[name] = Int32(place) }
    return (names, index)
  }
}
