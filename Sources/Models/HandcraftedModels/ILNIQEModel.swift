public import Domain
import Statistics

/// IL-NIQE's model of pristine photos, and the distance of a photo's blocks from it: higher is
/// worse.
public struct ILNIQEModel: Equatable, Sendable {
  private struct File: Codable {
    var format = ILNIQEModel.format
    /// The mean of the 468 features.
    let centre: [Double]
    /// The principal vectors, each of 468 numbers.
    let components: [[Double]]
    /// The pristine blocks along the principal vectors.
    let pristine: MultivariateGaussian
  }

  private static let format = "vernier-ilniqe-1"
  private let centre: [Double]
  private let components: [[Double]]
  private let pristine: MultivariateGaussian

  /// The number of principal vectors, 430 in the published model.
  public var componentCount: Int { components.count }

  private init(centre: [Double], components: [[Double]], pristine: MultivariateGaussian) {
    self.centre = centre
    self.components = components
    self.pristine = pristine
  }

  /// Reads a model: our JSON, or the authors' `templateModel.mat`; distinguished by content.
  ///
  /// - Throws: `InputError` when it is neither or its sizes don't fit.
  public static func load(_ path: String) throws(InputError) -> Self {
    let bytes = try ModelFile.bytes(path)
    let model: Self
    if MATLABFile.matches(bytes) {
      guard case .cells(let cells) = try MATLABFile.read(bytes, path)["templateModel"],
        cells.count == 4, let mean = cells[0].matrix, let covariance = cells[1].matrix,
        let centre = cells[2].matrix, let vectors = cells[3].matrix
      else { throw wrong(path) }
      let components = (0..<vectors.columns).map { column in
        (0..<vectors.rows).map { vectors.values[$0 * vectors.columns + column] }
      }
      model = Self(
        centre: centre.values, components: components,
        pristine: MultivariateGaussian(mean: mean.values, covariance: covariance.values))
    } else {
      let file = try ModelFile.decode(File.self, bytes, path)
      guard file.format == format else { throw wrong(path) }
      model = Self(centre: file.centre, components: file.components, pristine: file.pristine)
    }
    guard model.isValid else { throw wrong(path) }
    return model
  }

  private var isValid: Bool {
    let features = ILNIQE.featureCount
    return pristine.isValid && pristine.count == components.count && centre.count == features
      && components.allSatisfy { $0.count == features && $0.allSatisfy(\.isFinite) }
      && centre.allSatisfy(\.isFinite)
  }

  private static func wrong(_ path: String) -> InputError {
    InputError(
      path, "it holds no model of IL-NIQE: a mean, a covariance, a center and principal vectors",
      remedy: "give the authors' templateModel.mat or a fitted model")
  }

  /// A fit that takes one pristine photo after the other.
  ///
  /// Of each photo, the blocks count whose sharpness is above `sharpnessThreshold` times that of
  /// its sharpest block and whose features are all defined. The principal vectors number
  /// `keptShare` times the 468 features, or times the blocks where there are fewer.
  public struct Fitting: Sendable {
    private let sharpnessThreshold: Double
    private let keptShare: Double
    private var rows: [[Double]] = []

    /// Starts a fit.
    public init(sharpnessThreshold: Double = 0.78, keptShare: Double = 0.92) {
      self.sharpnessThreshold = sharpnessThreshold
      self.keptShare = min(max(keptShare, 0), 1)
    }

    /// Adds a pristine photo.
    ///
    /// - Throws: `InputError` when it is too small.
    public mutating func add(_ photo: ColourPlane) throws(InputError) {
      let blocks = try ILNIQE.blocks(photo)
      let usable = zip(blocks.features, blocks.sharpness).filter { features, _ in
        features.allSatisfy { $0.isFinite && $0 < ILNIQE.infinityFeature }
      }
      let limit = sharpnessThreshold * (usable.map(\.1).max() ?? 0)
      rows += usable.filter { $1 > limit }.map(\.0)
    }

    /// The model of all photos so far.
    ///
    /// - Throws: `InputError` when they have fewer than 3 sharp blocks.
    public func model() throws(InputError) -> ILNIQEModel {
      guard rows.count >= 3, let all = MultivariateGaussian(rows: rows) else {
        throw InputError(
          "fit of IL-NIQE", "the photos have only \(rows.count) sharp blocks",
          remedy: "give more photos; the authors took 90")
      }
      // As many directions as the centred blocks can span.
      let rank = min(ILNIQE.featureCount, rows.count - 1)
      let kept = max(1, Int(Double(rank) * keptShare))
      let components = Self.principalVectors(rows, all, count: kept)
      let projected = rows.map { ILNIQEModel.project($0, all.mean, components) }
      guard let pristine = MultivariateGaussian(rows: projected) else {
        throw InputError(
          "fit of IL-NIQE", "the photos' features vary too little", remedy: "give more photos")
      }
      return ILNIQEModel(centre: all.mean, components: components, pristine: pristine)
    }

    /// The first principal vectors; with few rows, from their scalar products, a smaller matrix.
    private static func principalVectors(
      _ rows: [[Double]], _ all: MultivariateGaussian, count: Int
    ) -> [[Double]] {
      guard rows.count < all.count else {
        return Array(SymmetricEigen(all.covariance, count: all.count).vectors[..<count])
      }
      let centred = rows.map { zip($0, all.mean).map { $0 - $1 } }
      let products = centred.flatMap { a in
        centred.map { b in zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
      }
      let eigen = SymmetricEigen(products, count: rows.count)
      return eigen.vectors[..<count].map { weights in
        var vector = [Double](repeating: 0, count: all.count)
        for (row, weight) in zip(centred, weights) {
          for index in vector.indices { vector[index] += weight * row[index] }
        }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return vector.map { $0 / length }
      }
    }
  }

  private static func project(
    _ features: [Double], _ centre: [Double], _ components: [[Double]]
  ) -> [Double] {
    let delta = zip(features, centre).map { $0 - $1 }
    return components.map { zip($0, delta).reduce(0) { $0 + $1.0 * $1.1 } }
  }

  /// The mean distance of a photo's blocks from the pristine model: 0 upwards, higher is worse.
  ///
  /// - Throws: `InputError` when the photo is smaller than 32 × 32 pixels or flat almost
  ///   everywhere.
  public func score(_ photo: ColourPlane) throws(InputError) -> Double {
    let blocks = try ILNIQE.blocks(photo).features
    let rows = blocks.map { Self.project($0, centre, components) }
    guard let found = MultivariateGaussian(rows: rows) else {
      throw InputError(
        "photo", "fewer than 2 of its blocks have any detail, so IL-NIQE isn't defined",
        remedy: "give a photo with visible texture")
    }
    // A block with an undefined feature takes the mean of the others.
    let deltas = rows.map { row in
      row.indices.map { (row[$0].isNaN ? found.mean[$0] : row[$0]) - pristine.mean[$0] }
    }
    let distances = pristine.distances(deltas, pooledWith: found.covariance)
    return distances.reduce(0, +) / Double(distances.count)
  }

  /// Writes readable JSON.
  ///
  /// - Throws: `InputError` when the file can't be written.
  public func save(_ path: String) throws(InputError) {
    try ModelFile.write(
      File(centre: centre, components: components, pristine: pristine), to: path)
  }
}
