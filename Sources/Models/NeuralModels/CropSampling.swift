/// Which crops of a region a model scores.
public enum CropSampling: Hashable, Sendable {
  /// Crops on an even grid, the default: the same photo always gets the same score.
  ///
  /// Without a limit the grid covers the region, with as little overlap as whole sides allow. A
  /// limit takes the largest even grid with a largest number of crops.
  case grid(limit: Int?)
  /// Crops at random places, as the papers average them; they took 25.
  ///
  /// The places depend on the seed and on the region's size alone, not on what else is scored.
  case random(count: Int, seed: UInt64)

  /// One line for the record of a run.
  public var summary: String {
    switch self {
    case .grid(nil): "grid"
    case .grid(let limit?): "grid of at most \(limit)"
    case .random(let count, let seed): "\(count) at random, seed \(seed)"
    }
  }
}
