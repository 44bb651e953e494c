public import Statistics

/// The pairs that keep references in a design: each with the best few of the other photos.
///
/// A reference, such as a DSLR photo, stands above the others. Pairs with most of them say next to
/// nothing (everybody prefers the reference), so that criteria of information leave it out early;
/// the best few tell how far above it stands. Each such pair is chosen until it was judged once.
///
/// - Parameters:
///   - references: the indices of the references.
///   - means: the present qualities; equal ones are ordered at random.
///   - met: the pairs that were judged.
///   - best: with how many of the other photos each reference is compared.
///   - constraints: pairs to avoid, the observer's history, sides.
///   - generator: orders equals and decides sides; not used where there are no references.
/// - Returns: the pairs, each reference's with the best photo first.
public func referencePairs(
  references: Set<Int>, means: [Double], met: Set<PhotoPair>, best: Int = 3,
  constraints: PairConstraints = PairConstraints(), using generator: inout SeededGenerator
) -> [PlannedPair] {
  guard !references.isEmpty else { return [] }
  let others = means.indices.filter { !references.contains($0) }
  let order = generator.shuffled(others).enumerated().sorted {
    (means[$1.element], $0.offset) < (means[$0.element], $1.offset)
  }.map(\.element)
  let surplus = constraints.sideSurplus
  var balance = SideBalance(
    surplus: surplus.count == means.count ? surplus : means.map { _ in 0 })
  var pairs: [PlannedPair] = []
  for other in order.prefix(best) {
    for reference in references.sorted() where means.indices.contains(reference) {
      let pair = PhotoPair(reference, other)
      guard !met.contains(pair), constraints.allows(pair) else { continue }
      let (a, b) = balance.sides(of: pair, using: &generator)
      pairs.append(PlannedPair(a: a, b: b, gain: nil))
    }
  }
  return pairs
}
