/// Summaries of a list of numbers.
public enum Descriptive {
  /// The arithmetic mean; NaN of an empty list.
  public static func mean(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
  }

  /// The unbiased sample variance, divided by n − 1; NaN with fewer than 2 numbers.
  public static func variance(_ values: [Double]) -> Double {
    values.count < 2 ? .nan : squaredDeviations(values) / Double(values.count - 1)
  }

  /// The variance of a whole population, divided by n; NaN of an empty list.
  public static func populationVariance(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : squaredDeviations(values) / Double(values.count)
  }

  /// The sample standard deviation, from the variance divided by n − 1.
  public static func standardDeviation(_ values: [Double]) -> Double {
    variance(values).squareRoot()
  }

  /// The standard deviation of a whole population, from the variance divided by n.
  public static func populationStandardDeviation(_ values: [Double]) -> Double {
    populationVariance(values).squareRoot()
  }

  /// The quantile by linear interpolation between order statistics (NumPy's default, type 7 of
  /// Hyndman and Fan).
  ///
  /// A probability of 0 gives the minimum, 1 the maximum; an empty list or a probability outside
  /// 0…1 gives NaN.
  public static func quantile(_ values: [Double], _ probability: Double) -> Double {
    quantile(sorted: values.sorted(), probability)
  }

  /// The quantile of numbers that are already ascending.
  public static func quantile(sorted values: [Double], _ probability: Double) -> Double {
    guard let first = values.first, (0...1).contains(probability) else { return .nan }
    guard values.count > 1 else { return first }
    let place = probability * Double(values.count - 1)
    let below = min(Int(place), values.count - 2)
    return values[below] + (place - Double(below)) * (values[below + 1] - values[below])
  }

  /// The median.
  public static func median(_ values: [Double]) -> Double { quantile(values, 0.5) }

  /// The ranks, 1 for the least; equal numbers share the mean of their ranks.
  public static func averageRanks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var start = 0
    while start < order.count {
      var end = start + 1
      while end < order.count, values[order[end]] == values[order[start]] { end += 1 }
      let rank = Double(start + 1 + end) / 2
      for place in start..<end { ranks[order[place]] = rank }
      start = end
    }
    return ranks
  }

  private static func squaredDeviations(_ values: [Double]) -> Double {
    let center = mean(values)
    return values.reduce(0) { $0 + ($1 - center) * ($1 - center) }
  }
}
