import Domain
import Statistics

/// The photos of one scene that stand against each other, paired by what they show.
struct PairedPhotos {
  /// Candidate minus baseline: the mean over all contents that both sides show.
  let contrast: LinearCombination
  /// The photos of the baseline by index.
  let baseline: [Int]
  /// The photos of the candidate by index.
  let candidate: [Int]
  /// The pairs that show the same.
  let pairs: [(baseline: Int, candidate: Int)]
  /// What was left out, in a sentence; nil for nothing.
  let remark: String?

  /// Why a scene can't be used.
  struct Unpaired: Error {
    let sentence: String
  }

  /// Pairs photos; nil for a scene with photos of neither side.
  ///
  /// Where who is shown, or how, is known for every photo of both sides, only what both sides show
  /// is compared, content by content; so different people on the two sides are never taken for a
  /// difference of the sides.
  init?(scene: SceneID, photos: [(index: Int, member: Sides.Member)], sides: Sides)
    throws(Unpaired)
  {
    let baseline = photos.filter { !$0.member.isCandidate }
    let candidate = photos.filter(\.member.isCandidate)
    if baseline.isEmpty, candidate.isEmpty { return nil }
    guard !baseline.isEmpty, !candidate.isEmpty else {
      throw Unpaired(
        sentence: "Scene \(scene) shows no photo of "
          + "\(baseline.isEmpty ? sides.baseline : sides.candidate) and is left out.")
    }
    let isKnown = photos.allSatisfy { $0.member.content != nil }
    let contents = (
      Dictionary(grouping: baseline) { isKnown ? $0.member.content : nil },
      Dictionary(grouping: candidate) { isKnown ? $0.member.content : nil }
    )
    let shared = contents.0.keys.filter { contents.1[$0] != nil }
      .sorted { ($0 ?? "") < ($1 ?? "") }
    guard !shared.isEmpty else {
      throw Unpaired(
        sentence: "Scene \(scene) shows different people or framings on the two sides and is left "
          + "out.")
    }
    var terms: [(index: Int, weight: Double)] = []
    var used: (baseline: [Int], candidate: [Int]) = ([], [])
    var pairs: [(baseline: Int, candidate: Int)] = []
    for content in shared {
      let (old, new) = ((contents.0[content] ?? []), (contents.1[content] ?? []))
      let share = 1 / Double(shared.count)
      terms += old.map { ($0.index, -share / Double(old.count)) }
      terms += new.map { ($0.index, share / Double(new.count)) }
      used.baseline += old.map(\.index)
      used.candidate += new.map(\.index)
      pairs += old.flatMap { one in new.map { (one.index, $0.index) } }
    }
    contrast = LinearCombination(terms)
    (self.baseline, self.candidate, self.pairs) = (used.baseline, used.candidate, pairs)
    let left = photos.count - used.baseline.count - used.candidate.count
    remark =
      left == 0
      ? nil
      : "Scene \(scene): \(left) photo\(left == 1 ? " shows" : "s show") what the other side does "
        + "not, and \(left == 1 ? "is" : "are") left out."
  }
}
