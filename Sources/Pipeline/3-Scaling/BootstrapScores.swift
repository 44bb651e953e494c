public import Domain
import Statistics

/// The scores of every photo in every bootstrap replicate, in true JOD.
public struct BootstrapScores: Sendable, Hashable {
  /// The number of photos.
  public let photos: Int
  /// The number of replicates.
  public let replicates: Int
  /// The scores, one row of `photos` numbers for each replicate; every row has mean 0.
  public let values: [Double]

  /// Makes scores from rows of one length.
  public init(photos: Int, rows: [[Double]]) {
    self.photos = photos
    replicates = rows.count
    values = rows.flatMap { $0 }
  }

  /// The scores of one photo over all replicates.
  public func column(_ photo: Int) -> [Double] {
    (0..<replicates).map { values[$0 * photos + photo] }
  }

  /// The scores of all photos in one replicate.
  public func row(_ replicate: Int) -> [Double] {
    Array(values[(replicate * photos)..<((replicate + 1) * photos)])
  }

  /// The first replicates alone, such as the 300 of the published clusters.
  public func prefix(_ count: Int) -> Self {
    Self(photos: photos, rows: (0..<min(count, replicates)).map(row))
  }

  /// The scores in a scale's unit.
  ///
  /// In PIQ23's convention every replicate is brought to mean 0 and population standard deviation
  /// 1.4826.
  public func converted(to convention: ScaleConvention) -> Self {
    guard convention == .piq23 else { return self }
    let rows = (0..<replicates).map { replicate in
      let scores = row(replicate)
      let mean = Descriptive.mean(scores)
      let deviation = Descriptive.populationStandardDeviation(scores)
      let factor = deviation > 0 ? JOD.differenceSigma / deviation : 0
      return scores.map { ($0 - mean) * factor }
    }
    return Self(photos: photos, rows: rows)
  }

  /// The sample covariance over the replicates, row-major.
  public func covariance() -> [Double] {
    var means = [Double](repeating: 0, count: photos)
    for place in values.indices { means[place % photos] += values[place] / Double(replicates) }
    var sums = [Double](repeating: 0, count: photos * photos)
    for replicate in 0..<replicates {
      let deviations = (0..<photos).map { values[replicate * photos + $0] - means[$0] }
      for i in 0..<photos {
        for j in 0...i { sums[i * photos + j] += deviations[i] * deviations[j] }
      }
    }
    for i in 0..<photos {
      for j in 0...i {
        let value = sums[i * photos + j] / Double(max(1, replicates - 1))
        sums[i * photos + j] = value
        sums[j * photos + i] = value
      }
    }
    return sums
  }
}
