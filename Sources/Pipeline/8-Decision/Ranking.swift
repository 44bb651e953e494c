public import Domain
public import Statistics

/// The groups of an attribute, scene by scene.
public struct BoardEvidence: Sendable, Hashable {
  /// What is known about one group.
  public struct Group: Sendable, Hashable {
    /// The name.
    public var name: String
    /// The number of photos.
    public var photos: Int
    /// The number of votes that its photos took part in.
    public var votes: Int

    /// Makes a group.
    public init(name: String, photos: Int, votes: Int) {
      (self.name, self.photos, self.votes) = (name, photos, votes)
    }
  }

  /// The attribute.
  public var attribute: Attribute
  /// The part of the photos; nil for all.
  public var slice: String?
  /// The groups.
  public var groups: [Group]
  /// The scenes, by indices of the groups, in JOD.
  public var scenes: [NetworkMetaAnalysis.Scene]
  /// What was left out, each in one sentence.
  public var excluded: [String]

  /// Makes evidence.
  public init(
    attribute: Attribute, slice: String? = nil, groups: [Group],
    scenes: [NetworkMetaAnalysis.Scene], excluded: [String] = []
  ) {
    (self.attribute, self.slice, self.groups) = (attribute, slice, groups)
    (self.scenes, self.excluded) = (scenes, excluded)
  }
}

/// Ranks groups with what is not known about their ranks.
///
/// Scores are random effects over scenes (``NetworkMetaAnalysis``). All pairs are tested two-sided,
/// corrected by Holm. A group's rank set is 1 + the number of groups shown to be better, to the
/// number of all less those shown to be worse; all sets hold together with the probability `1 −
/// significance`. Groups that share a letter are not shown to differ.
///
/// Source: Mogstad, Romano, Shaikh and Wilhelm 2024, doi:10.1093/restud/rdad006 (rank sets); Piepho
/// 2004, doi:10.1198/1061860043515 (letters).
///
/// - Parameters:
///   - evidence: The groups and scenes.
///   - significance: The level.
/// - Returns: The list; nil where no chain of scenes connects the groups, or the scenes are too few
///   to show how they differ.
public func rank(_ evidence: BoardEvidence, significance: Double = 0.05) -> Leaderboard.Board? {
  let count = evidence.groups.count
  guard let analysis = NetworkMetaAnalysis(count: count, scenes: evidence.scenes) else {
    return nil
  }
  let pairs = (0..<count).flatMap { i in ((i + 1)..<max(count, i + 1)).map { (i, $0) } }
  let effects = pairs.map { analysis.effect(.difference($0.0, $0.1)) }
  let p = MultipleTesting.holm.adjust(effects.map { $0.pValue() })
  // beats[i][j]: i is shown to be better than j.
  var beats = [[Bool]](repeating: Array(repeating: false, count: count), count: count)
  for (index, (i, j)) in pairs.enumerated() where p[index] < significance {
    if effects[index].value > 0 { beats[i][j] = true } else { beats[j][i] = true }
  }
  let order = (0..<count).sorted { analysis.means[$0] > analysis.means[$1] }
  let letters = compactLetters(order: order) { beats[$0][$1] || beats[$1][$0] }
  let rows = order.map { group -> Leaderboard.Row in
    let ends = analysis.effect(.position(group, of: count)).interval(level: 1 - significance)
    let scenes = evidence.scenes.count { $0.groups.count > 1 && $0.groups.contains(group) }
    return Leaderboard.Row(
      group: evidence.groups[group].name, score: analysis.means[group], low: ends.low,
      high: ends.high, bestRank: 1 + (0..<count).count { beats[$0][group] },
      worstRank: count - (0..<count).count { beats[group][$0] }, letters: letters[group],
      scenes: scenes, photos: evidence.groups[group].photos, votes: evidence.groups[group].votes,
      hasFewScenes: scenes < 5)
  }
  return Leaderboard.Board(
    attribute: evidence.attribute, slice: evidence.slice, tau: analysis.tau, rows: rows,
    excluded: evidence.excluded)
}

/// Letters such that two items share one exactly when they are not shown to differ (insert and
/// absorb).
///
/// - Parameters:
///   - order: The items, the best first; letters follow it.
///   - differ: Whether two items are shown to differ.
/// - Returns: The letters of every item by its index.
public func compactLetters(order: [Int], differ: (Int, Int) -> Bool) -> [String] {
  var columns: [Set<Int>] = [Set(order)]
  for (place, i) in order.enumerated() {
    for j in order.dropFirst(place + 1) where differ(i, j) {
      columns = columns.flatMap { column in
        column.contains(i) && column.contains(j)
          ? [column.subtracting([i]), column.subtracting([j])] : [column]
      }
      // A column inside another one says nothing more.
      var kept: [Set<Int>] = []
      for (index, column) in columns.enumerated() {
        let isCovered = columns.enumerated().contains { other, larger in
          other != index && column.isSubset(of: larger) && (column != larger || other < index)
        }
        if !isCovered { kept.append(column) }
      }
      columns = kept
    }
  }
  let rank = Dictionary(uniqueKeysWithValues: zip(order, order.indices))
  let sorted = columns.map { column in column.compactMap { rank[$0] }.sorted() }
    .sorted { $0.lexicographicallyPrecedes($1) }
  var letters = [String](repeating: "", count: (order.max() ?? -1) + 1)
  for (index, column) in sorted.enumerated() {
    for place in column { letters[order[place]] += letter(index) }
  }
  return letters
}

/// a…z, then a1, b1 and so on.
private func letter(_ index: Int) -> String {
  let letter = String(UnicodeScalar(UInt8(97 + index % 26)))
  return index < 26 ? letter : "\(letter)\(index / 26)"
}
