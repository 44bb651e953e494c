import Domain
import Statistics

/// The slope of each vote's log-likelihood against the distance of its two photos.
///
/// Studies with more votes than pairs of photos ask for the same few slopes again and again, so that these are kept.
struct AnswerSlopeTable {
  private let positions: [Double]
  private let unit: Double
  private let psi: (Double) -> Double
  /// ψ of photo i preferred to photo j at i·n + j; empty where the votes are fewer.
  private var known: [Double] = []

  init(_ judgements: SceneJudgements, positions: [Double], model: ScalingModel) {
    self.positions = positions
    let isLogistic = model == .bradleyTerry
    unit = isLogistic ? LogisticLink.unitsPerJOD : ThurstoneLink.unitsPerJOD
    psi = isLogistic ? { LogisticLink.slopes($0).psi } : { ThurstoneLink.slopes($0).psi }
    let count = positions.count
    guard judgements.votes.count > 4 * count * count else { return }
    var table: [Double] = []
    table.reserveCapacity(count * count)
    for i in 0..<count {
      for j in 0..<count { table.append(psi((positions[i] - positions[j]) * unit)) }
    }
    known = table
  }

  /// The slope per JOD, positive when the vote pulls photo A up; a tie counts as half a vote for each.
  func slope(_ vote: SceneJudgements.Vote) -> Double {
    switch vote.choice {
    case .a: slope(vote.a, vote.b) * unit
    case .b: -slope(vote.b, vote.a) * unit
    case .tie: (slope(vote.a, vote.b) - slope(vote.b, vote.a)) * unit / 2
    }
  }

  private func slope(_ better: Int, _ worse: Int) -> Double {
    known.isEmpty
      ? psi((positions[better] - positions[worse]) * unit)
      : known[better * positions.count + worse]
  }
}
