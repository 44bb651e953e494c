import Domain

/// Who judged what in which order: all of a scene's votes but their answers.
///
/// Votes of a photo against itself are left out; the places of the others in the file stay known.
struct VoteLayout: Sendable {
  /// The number of photos.
  let photos: Int
  /// The number of observers.
  let observers: Int
  /// The observer of each vote.
  let observer: [Int]
  /// The photo shown as A in each vote.
  let a: [Int]
  /// The photo shown as B in each vote.
  let b: [Int]
  /// The pair of each vote, an index into ``first`` and ``second``.
  let pair: [Int]
  /// The first photo of each pair.
  let first: [Int32]
  /// The second photo of each pair, above the first.
  let second: [Int32]
  /// The votes of each observer, in the order of the file.
  let byObserver: [[Int]]
  /// The votes of each photo, in the order of the file.
  let byPhoto: [[Int]]
  /// The place of each vote among all votes of the scene.
  let place: [Int]

  init(_ judgements: SceneJudgements) {
    photos = judgements.photos.count
    observers = judgements.observers.count
    let kept = judgements.votes.indices.filter {
      judgements.votes[$0].a != judgements.votes[$0].b
    }
    place = kept
    let votes = kept.map { judgements.votes[$0] }
    (observer, a, b) = (votes.map(\.observer), votes.map(\.a), votes.map(\.b))
    let keys = votes.map { min($0.a, $0.b) * judgements.photos.count + max($0.a, $0.b) }
    let known = Set(keys).sorted()
    let index = Dictionary(uniqueKeysWithValues: zip(known, known.indices))
    pair = keys.map { index[$0, default: 0] }
    first = known.map { Int32($0 / judgements.photos.count) }
    second = known.map { Int32($0 % judgements.photos.count) }
    var byObserver = [[Int]](repeating: [], count: judgements.observers.count)
    var byPhoto = [[Int]](repeating: [], count: judgements.photos.count)
    for (vote, entry) in votes.enumerated() {
      byObserver[entry.observer].append(vote)
      byPhoto[entry.a].append(vote)
      byPhoto[entry.b].append(vote)
    }
    (self.byObserver, self.byPhoto) = (byObserver, byPhoto)
  }

  /// The number of votes.
  var count: Int { observer.count }

  /// The answers of the votes: 1 where A was chosen, 0 where B was, ½ for neither.
  func results(_ judgements: SceneJudgements) -> [Double] {
    place.map {
      switch judgements.votes[$0].choice {
      case .a: 1
      case .b: 0
      case .tie: 0.5
      }
    }
  }

  /// The counts of every pair, two numbers for each: answers for its first and for its second
  /// photo.
  func counts(_ results: [Double]) -> [Double] {
    var counts = [Double](repeating: 0, count: 2 * first.count)
    for vote in results.indices {
      let result = a[vote] < b[vote] ? results[vote] : 1 - results[vote]
      counts[2 * pair[vote]] += result
      counts[2 * pair[vote] + 1] += 1 - result
    }
    return counts
  }
}
