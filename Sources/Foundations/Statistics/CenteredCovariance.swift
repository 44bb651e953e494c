/// The covariance of items after their mean has been taken off: C − row means − column means +
/// grand mean.
///
/// - Parameters:
///   - covariance: count × count numbers, symmetric.
///   - count: The number of items.
/// - Returns: count × count numbers; every row sums to 0.
public func centeredCovariance(_ covariance: [Double], count: Int) -> [Double] {
  guard count > 0 else { return covariance }
  var rows = [Double](repeating: 0, count: count)
  for i in 0..<count {
    for j in 0..<count { rows[i] += covariance[i * count + j] / Double(count) }
  }
  let grand = rows.reduce(0, +) / Double(count)
  var centered = covariance
  for i in 0..<count {
    for j in 0..<count { centered[i * count + j] += grand - rows[i] - rows[j] }
  }
  return centered
}
