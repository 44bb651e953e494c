public import Domain

/// A design of comparisons that has no scale, with the comparison that would help most.
public enum ScalingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// There are no two photos with a comparison.
  case nothingToScale(photos: Int, comparisons: Int)
  /// The groups share no chain of comparisons; each in ascending order, the largest first.
  case disconnected(groups: [[PhotoID]], suggestion: [PhotoID])
  /// The photos of `better` won every comparison with those of `worse`, so that no finite distance
  /// fits best.
  case unbounded(better: [PhotoID], worse: [PhotoID], suggestion: [PhotoID])
  /// The search for the best fit did not settle.
  case notConverged(iterations: Int)

  /// What is wrong and what to do, in one line.
  public var description: String {
    switch self {
    case .nothingToScale(let photos, let comparisons):
      "\(photos) photos with \(comparisons) comparisons have no scale; at least two photos must "
        + "have been compared with one another"
    case .disconnected(let groups, let suggestion):
      "\(groups.count) groups of photos were never compared with one another, so they share no "
        + "scale: \(groups.prefix(4).map(Self.listed).joined(separator: " | "))"
        + (groups.count > 4 ? " | …" : "") + "; compare \(Self.paired(suggestion))"
    case .unbounded(let better, let worse, let suggestion):
      "\(Self.listed(better)) won every comparison with \(Self.listed(worse)), so maximum "
        + "likelihood puts them infinitely far apart; compare \(Self.paired(suggestion)) again, "
        + "or choose a prior such as gaussian"
    case .notConverged(let iterations):
      "the fit did not converge within \(iterations) iterations; choose a prior such as gaussian"
    }
  }

  private static func listed(_ group: [PhotoID]) -> String {
    let shown = group.prefix(3).map(\.text).joined(separator: ", ")
    return group.count > 3 ? "[\(shown), … \(group.count) photos]" : "[\(shown)]"
  }

  private static func paired(_ photos: [PhotoID]) -> String {
    photos.map(\.text).joined(separator: " with ")
  }
}
