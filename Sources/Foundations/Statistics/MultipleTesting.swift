/// A correction of p-values for testing many hypotheses at once.
public enum MultipleTesting: String, Sendable, Hashable, Codable, CaseIterable {
  /// Holm 1979: the chance of any false rejection stays below the level, whatever the dependence.
  case holm
  /// Benjamini and Hochberg 1995: the expected share of false ones among the rejections stays below
  /// the level.
  case fdr
  /// No correction.
  case none

  /// The p-values, corrected so that each can be compared with the level; in the order given.
  public func adjust(_ p: [Double]) -> [Double] {
    let order = p.indices.sorted { p[$0] < p[$1] }
    let count = Double(p.count)
    var adjusted = p
    switch self {
    case .none:
      break
    case .holm:
      var largest = 0.0
      for (place, index) in order.enumerated() {
        largest = max(largest, min(1, (count - Double(place)) * p[index]))
        adjusted[index] = largest
      }
    case .fdr:
      var least = 1.0
      for (place, index) in order.enumerated().reversed() {
        least = min(least, p[index] * count / Double(place + 1))
        adjusted[index] = least
      }
    }
    return adjusted
  }
}
