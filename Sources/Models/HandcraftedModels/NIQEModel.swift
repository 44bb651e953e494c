public import Domain
import Tensors

/// NIQE's model of pristine photos, and the distance of a photo from it: higher is worse.
public struct NIQEModel: Equatable, Sendable {
  private struct File: Codable {
    var format = NIQEModel.format
    let pristine: MultivariateGaussian
  }

  private static let format = "vernier-niqe-1"
  private let pristine: MultivariateGaussian

  private init(_ pristine: MultivariateGaussian) { self.pristine = pristine }

  /// Reads a model: our JSON, NumPy's `.npz`, or the authors' `.mat`; distinguished by content.
  ///
  /// - Throws: `InputError` when it is none of these or holds no 36 means and 36 × 36 covariances.
  public static func load(_ path: String) throws(InputError) -> Self {
    let bytes = try ModelFile.bytes(path)
    let pristine: MultivariateGaussian
    if MATLABFile.matches(bytes) {
      let variables = try MATLABFile.read(bytes, path)
      pristine = MultivariateGaussian(
        mean: variables["mu_prisparam"]?.matrix?.values ?? [],
        covariance: variables["cov_prisparam"]?.matrix?.values ?? [])
    } else if bytes.starts(with: "PK".utf8) {
      pristine = try numpy(path)
    } else {
      let file = try ModelFile.decode(File.self, bytes, path)
      pristine = file.pristine
      guard file.format == format else { throw wrong(path) }
    }
    guard pristine.isValid, pristine.count == NIQE.featureCount else { throw wrong(path) }
    return Self(pristine)
  }

  private static func wrong(_ path: String) -> InputError {
    InputError(
      path, "it holds no mean and covariance of NIQE's 36 features",
      remedy: "give the authors' modelparameters.mat, niqe_pris_params.npz, or a fitted model")
  }

  private static func numpy(_ path: String) throws(InputError) -> MultivariateGaussian {
    do throws(CheckpointError) {
      let arrays = try Checkpoint.readNumpyArchive(path)
      return MultivariateGaussian(
        mean: arrays["mu_pris_param"]?.values ?? [],
        covariance: arrays["cov_pris_param"]?.values ?? [])
    } catch {
      throw InputError(path, error.problem, remedy: error.remedy)
    }
  }

  /// Fits the model of pristine photos.
  ///
  /// Of each photo, the blocks count whose sharpness is above `sharpnessThreshold` times that of
  /// its sharpest block. The photos are asked for one after the other, so only one need be in
  /// memory.
  ///
  /// - Throws: `InputError` when a photo can't be used, or fewer blocks remain than there are
  ///   features.
  public static func fit(
    _ photos: some Sequence<GreyPlane>, sharpnessThreshold: Double = 0.75
  ) throws(InputError) -> Self {
    var fitting = Fitting(sharpnessThreshold: sharpnessThreshold)
    for photo in photos { try fitting.add(photo) }
    return try fitting.model()
  }

  /// A fit that takes one photo after the other.
  public struct Fitting: Sendable {
    private let sharpnessThreshold: Double
    private var rows: [[Double]] = []

    /// Starts a fit.
    public init(sharpnessThreshold: Double = 0.75) {
      self.sharpnessThreshold = sharpnessThreshold
    }

    /// Adds a pristine photo.
    ///
    /// - Throws: `InputError` when it is too small.
    public mutating func add(_ photo: GreyPlane) throws(InputError) {
      let blocks = try NIQE.blocks(photo)
      let limit = sharpnessThreshold * (blocks.sharpness.max() ?? 0)
      rows += zip(blocks.features, blocks.sharpness).filter { $1 > limit }.map(\.0)
    }

    /// The model of all photos so far.
    ///
    /// - Throws: `InputError` when they have fewer sharp blocks than the model has features.
    public func model() throws(InputError) -> NIQEModel {
      guard rows.count > NIQE.featureCount, let pristine = MultivariateGaussian(rows: rows) else {
        throw InputError(
          "fit of NIQE", "the photos have only \(rows.count) sharp blocks",
          remedy: "give more or larger photos: more than \(NIQE.featureCount) blocks are needed")
      }
      return NIQEModel(pristine)
    }
  }

  /// The distance of a photo from the pristine model: 0 upwards, higher is worse.
  ///
  /// - Throws: `InputError` when the photo is smaller than 192 × 192 pixels or flat almost
  ///   everywhere.
  public func score(_ grey: GreyPlane) throws(InputError) -> Double {
    guard let photo = MultivariateGaussian(rows: try NIQE.blocks(grey).features) else {
      throw InputError(
        "photo", "fewer than 2 of its blocks have any detail, so NIQE isn't defined",
        remedy: "give a photo with visible texture")
    }
    let delta = zip(pristine.mean, photo.mean).map { $0 - $1 }
    return pristine.distances([delta], pooledWith: photo.covariance)[0]
  }

  /// Writes readable JSON.
  ///
  /// - Throws: `InputError` when the file can't be written.
  public func save(_ path: String) throws(InputError) {
    try ModelFile.write(File(pristine: pristine), to: path)
  }
}
