public import Domain
import Glibc
import Statistics

/// Judgements of simulated observers on every scene and attribute of a truth table.
///
/// Each scene and attribute gets exactly `comparisons` votes: first a random spanning tree of its
/// photos, so that the design is connected, then pairs by `pairing`. Votes are dealt to the
/// observers in shuffled rounds (their counts differ by one at most), and each photo stands as A as
/// often as it stands as B, within what is possible.
///
/// A scene's votes depend on the seed, its name, its photos and the observers alone: not on the
/// other scenes of the table, nor on the order of its rows.
///
/// Source: Thurstone 1927, Case V; JOD as in Perez-Ortiz and Mantiuk 2017, arXiv:1712.03686.
///
/// - Parameters:
///   - truth: the quality of every photo in JOD.
///   - comparisons: the number of votes per scene and attribute; at least its photos less 1.
///   - observers: who judges; see ``SimulatedObserver/panel(_:)``.
///   - pairing: how pairs are drawn after the spanning tree.
///   - seed: the same seed gives the same judgements on every machine.
/// - Returns: the judgements, ascending by scene and attribute, each group in the order of judging.
/// - Throws: `InputError` that names the scene or the option and says what to change.
public func simulate(
  truth: [TrueQuality], comparisons: Int, observers: [SimulatedObserver],
  pairing: PairingRule = .random, seed: UInt64
) throws(InputError) -> [Judgement] {
  try check(observers)
  if case .close(let width) = pairing, !(width > 0 && width.isFinite) {
    throw InputError(
      "pairing", "the width \(width) of close pairs is not above 0", remedy: "give it in JOD")
  }
  guard !truth.isEmpty else {
    throw InputError(
      "truth", "it holds no photo", remedy: "give rows of scene, attribute, image, quality")
  }
  let root = SeededGenerator(seed: seed)
  var judgements: [Judgement] = []
  for group in try truthGroups(truth) {
    guard comparisons >= group.photos.count - 1 else {
      throw InputError(
        "\(group.scene), \(group.attribute)",
        "\(comparisons) votes cannot connect \(group.photos.count) photos",
        remedy: "ask for at least \(group.photos.count - 1) comparisons per scene")
    }
    var generator = root.stream(named: "\(group.scene)\u{0}\(group.attribute)")
    judgements += simulateScene(
      group, votes: comparisons, observers: observers, pairing: pairing, using: &generator)
  }
  return judgements
}

/// The truth of one scene and attribute, photos ascending.
private struct TruthGroup {
  let scene: SceneID
  let attribute: Attribute
  let photos: [PhotoID]
  let qualities: [Double]
}

private func check(_ observers: [SimulatedObserver]) throws(InputError) {
  guard !observers.isEmpty else {
    throw InputError("observers", "there are none", remedy: "ask for at least 1 observer")
  }
  var known: Set<ObserverID> = []
  for observer in observers {
    let subject = "observer \(observer.id)"
    guard known.insert(observer.id).inserted else {
      throw InputError(subject, "the pseudonym occurs twice", remedy: "give each observer its own")
    }
    guard (0...1).contains(observer.lapseRate) else {
      throw InputError(
        subject, "the lapse rate \(observer.lapseRate) is not a share", remedy: "give 0…1")
    }
    guard observer.noise >= 0, observer.noise.isFinite, observer.sideBias.value.isFinite else {
      throw InputError(
        subject, "noise and side bias must be finite numbers, noise not below 0",
        remedy: "give noise 1 and side bias 0 for an ideal observer")
    }
  }
}

private func truthGroups(_ truth: [TrueQuality]) throws(InputError) -> [TruthGroup] {
  struct Key: Hashable {
    let scene: SceneID
    let attribute: Attribute
  }
  let groups = Dictionary(grouping: truth) { Key(scene: $0.scene, attribute: $0.attribute) }
  let keys = groups.keys.sorted { ($0.scene, $0.attribute) < ($1.scene, $1.attribute) }
  var result: [TruthGroup] = []
  for key in keys {
    let rows = (groups[key] ?? []).sorted { $0.photo < $1.photo }
    let subject = "\(key.scene), \(key.attribute)"
    guard rows.count > 1 else {
      throw InputError(
        subject, "it has 1 photo, which has nothing to be compared with",
        remedy: "add photos of the scene or leave it out")
    }
    for (row, next) in zip(rows, rows.dropFirst()) where row.photo == next.photo {
      throw InputError(
        subject, "the photo \(row.photo) occurs twice", remedy: "keep one of its rows")
    }
    for row in rows where !row.quality.value.isFinite {
      throw InputError(
        subject, "the quality of \(row.photo) is not a finite number", remedy: "give it in JOD")
    }
    result.append(
      TruthGroup(
        scene: key.scene, attribute: key.attribute, photos: rows.map(\.photo),
        qualities: rows.map(\.quality.value)))
  }
  return result
}

private func simulateScene(
  _ group: TruthGroup, votes: Int, observers: [SimulatedObserver], pairing: PairingRule,
  using generator: inout SeededGenerator
) -> [Judgement] {
  let pairs = designPairs(
    qualities: group.qualities, votes: votes, rule: pairing, using: &generator)
  var balance = SideBalance(count: group.photos.count)
  var turn: [SimulatedObserver] = []
  return pairs.map { pair in
    if turn.isEmpty { turn = generator.shuffled(observers) }
    let observer = turn.removeLast()
    let (a, b) = balance.sides(of: pair, using: &generator)
    let choice = observer.answer(
      a: group.qualities[a], b: group.qualities[b], using: &generator)
    var milliseconds: Double?
    if let median = observer.medianMilliseconds {
      // Response times are skewed: log-normal with a shape of 0.5, whole milliseconds.
      milliseconds = (median * exp(0.5 * generator.normal())).rounded()
    }
    return Judgement(
      observer: observer.id, scene: group.scene, attribute: group.attribute,
      photoA: group.photos[a], photoB: group.photos[b], choice: choice,
      responseMilliseconds: milliseconds)
  }
}

extension SimulatedObserver {
  /// The answer to one pair with the given qualities in JOD.
  ///
  /// It draws four numbers whatever happens, so that one observer's failings do not change the
  /// others' answers.
  func answer(a: Double, b: Double, using generator: inout SeededGenerator) -> Choice {
    let lapsed = generator.uniform() < lapseRate
    let coin = generator.uniform() < 0.5
    let sigma = Self.perceptSigma * noise
    let perceptA = a + sideBias.value + sigma * generator.normal()
    let perceptB = b + sigma * generator.normal()
    if lapsed { return coin ? .a : .b }
    if let tieThreshold, abs(perceptA - perceptB) < tieThreshold.value { return .tie }
    if perceptA == perceptB { return coin ? .a : .b }
    return perceptA > perceptB ? .a : .b
  }
}

/// Keeps each photo as often on one side as on the other.
struct SideBalance {
  /// How much more often each photo stood as A than as B.
  private(set) var surplus: [Int]

  init(count: Int) { surplus = [Int](repeating: 0, count: count) }

  init(surplus: [Int]) { self.surplus = surplus }

  /// Decides who is A: the photo that stood there less; a coin when equal.
  mutating func sides(
    of pair: PhotoPair, using generator: inout SeededGenerator
  ) -> (a: Int, b: Int) {
    let difference = surplus[pair.first] - surplus[pair.second]
    let coin = generator.index(below: 2) == 0
    let firstIsA = difference == 0 ? coin : difference < 0
    let (a, b) = firstIsA ? (pair.first, pair.second) : (pair.second, pair.first)
    surplus[a] += 1
    surplus[b] -= 1
    return (a, b)
  }
}
