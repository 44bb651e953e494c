import Domain

/// How far recomputed levels and clusters agree with those that a score file holds.
struct ClusterAgreement {
  /// The numbers in words.
  let sentence: String

  /// Compares levels and clusters, photo by photo, with those of a scale.
  init(_ scale: SceneScale, levels: [Int], clusters: [Int]) {
    let count = Set(levels).count
    var parts = ["\(count) levels"]
    let published = Set(scale.photos.compactMap(\.level)).count
    if published > 0 { parts[0] += " (file: \(published))" }
    let alone = clusters.count { $0 < 0 }
    parts.append("\(Set(clusters.filter { $0 >= 0 }).count) clusters and \(alone) photos alone")
    let known = scale.photos.compactMap(\.cluster)
    if known.count == clusters.count, known.count > 1 {
      let right = zip(known, clusters).count { ($0 < 0) == ($1 < 0) }
      let percent = Int((100 * Double(right) / Double(known.count)).rounded())
      let index = (Self.adjustedRandIndex(known, clusters) * 1000).rounded() / 1000
      parts.append(
        "as in the file: \(percent) % of the photos alone or not, adjusted Rand index \(index)")
    }
    sentence = parts.joined(separator: "; ")
  }

  /// The adjusted Rand index of two partitions, in which each photo alone (−1) is a cluster of its
  /// own.
  ///
  /// Source: Hubert and Arabie 1985, doi:10.1007/BF01908075.
  static func adjustedRandIndex(_ first: [Int], _ second: [Int]) -> Double {
    func separated(_ labels: [Int]) -> [Int] {
      labels.enumerated().map { $1 < 0 ? -1 - $0 : $1 }
    }
    struct Cell: Hashable {
      let first: Int
      let second: Int
    }
    func pairs(_ counts: some Sequence<Int>) -> Double {
      counts.reduce(0) { $0 + Double($1 * ($1 - 1)) / 2 }
    }
    func sizes<Key: Hashable>(_ labels: [Key]) -> [Int] {
      Dictionary(grouping: labels) { $0 }.values.map(\.count)
    }
    let (a, b) = (separated(first), separated(second))
    let together = pairs(sizes(zip(a, b).map { Cell(first: $0, second: $1) }))
    let (own, other) = (pairs(sizes(a)), pairs(sizes(b)))
    let all = pairs([a.count])
    guard all > 0 else { return 1 }
    let expected = own * other / all
    let most = (own + other) / 2
    return most == expected ? 1 : (together - expected) / (most - expected)
  }
}
