import Domain
import Statistics

/// A simulated study of one scene into which a defect can be planted.
struct PlantedStudy {
  /// The qualities, evenly spread in random order.
  let truth: [Double]
  /// The votes.
  let judgements: SceneJudgements

  /// What may go wrong with one vote.
  struct Vote {
    /// The place of the vote in the file.
    let place: Int
    /// Who judges.
    let observer: Int
    /// The photos shown.
    let a: Int
    let b: Int
    /// How many votes the observer gave before.
    let earlier: Int
    /// By how much A is better, in JOD.
    var difference: Double
    /// The chance of a blind answer.
    var lapse = 0.0
    /// Whether the answer is written down the other way round.
    var isTurned = false
  }

  /// Simulates votes on random pairs, observers taking turns.
  ///
  /// `own` is the standard deviation, in JOD, of each observer's own opinion of each photo.
  init(
    photos: Int = 20, votes: Int = 1500, observers: Int = 15, range: Double = 6, own: Double = 0,
    seed: UInt64, plant: (inout Vote) -> Void = { _ in }
  ) {
    var random = SeededGenerator(seed: seed)
    truth = random.shuffled(
      (0..<photos).map { (Double($0) / Double(photos - 1) - 0.5) * range })
    let opinions = (0..<(observers * photos)).map { _ in own * random.normal() }
    let total = JOD.differenceSigma * JOD.differenceSigma
    let noise = (total - 2 * own * own).squareRoot()
    var given = [Int](repeating: 0, count: observers)
    var list: [SceneJudgements.Vote] = []
    for place in 0..<votes {
      let observer = place % observers
      let a = random.index(below: photos)
      var b = random.index(below: photos - 1)
      if b >= a { b += 1 }
      var vote = Vote(
        place: place, observer: observer, a: a, b: b, earlier: given[observer],
        difference: truth[a] - truth[b] + opinions[observer * photos + a]
          - opinions[observer * photos + b])
      plant(&vote)
      given[observer] += 1
      let (blind, coin, error) = (random.uniform(), random.uniform(), random.normal())
      var choosesA = vote.difference + noise * error > 0
      if blind < vote.lapse { choosesA = coin < 0.5 }
      if vote.isTurned { choosesA.toggle() }
      list.append(
        SceneJudgements.Vote(observer: observer, a: a, b: b, choice: choosesA ? .a : .b))
    }
    judgements = SceneJudgements(
      scene: "Planted", attribute: .details, photos: (0..<photos).map { PhotoID("photo\($0)") },
      observers: (0..<observers).map { ObserverID("o\($0)") }, votes: list)
  }
}
