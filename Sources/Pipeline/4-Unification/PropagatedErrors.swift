public import Domain
import Glibc
import Statistics

/// The joint uncertainty of the scores of every scale, where it is at hand (a score file does not
/// carry it).
public struct ScaleCovariances: Sendable {
  /// Row-major `n × n` in the scale's squared unit, in the order of the scene's photos.
  public let scenes: [SceneID: [Double]]
  /// Row-major `m × m` in squared JOD, in the order of the cross-scene scale's photos.
  public let cross: [Double]

  /// Makes the covariances of all scales.
  public init(scenes: [SceneID: [Double]], cross: [Double]) {
    self.scenes = scenes
    self.cross = cross
  }
}

/// The errors of lines and unified scores, carried from the covariances of all scales to the first
/// order.
///
/// The errors of a fitted scale are not independent: by chance the whole scale comes out stretched
/// or squeezed. A common stretch moves the slope but leaves no residual, so residuals alone promise
/// too much (in simulation 95 % intervals of the slopes held in 83 to 90 % of the cases, these in
/// 94 to 98 %).
///
/// Residuals larger than the covariances explain (photos that the two tasks judge differently)
/// enlarge the lines' part by the ratio of the sums of squares.
struct PropagatedErrors {
  /// How slope and offset of one line change with the scores.
  private struct Gradient {
    var ax: [Double]
    var ay: [Double]
    var bx: [Double]
    var by: [Double]

    init(link: Link, fit: LineFit, ratio: Double?) {
      let n = Double(fit.count)
      let meanY = link.y.reduce(0, +) / n
      let dx = link.fitted.map { $0 - fit.meanX }
      let dy = link.y.map { $0 - meanY }
      let sxx = dx.reduce(0) { $0 + $1 * $1 }
      let syy = dy.reduce(0) { $0 + $1 * $1 }
      let sxy = zip(dx, dy).reduce(0) { $0 + $1.0 * $1.1 }
      let a = fit.a
      if let ratio {
        // The slope solves s_xy·a² − e·a − ratio·s_xy = 0 with e = s_yy − ratio·s_xx.
        let root = 2 * a * sxy - (syy - ratio * sxx)
        ax = zip(dx, dy).map { (-2 * ratio * a * $0 - (a * a - ratio) * $1) / root }
        ay = zip(dx, dy).map { (2 * a * $1 - (a * a - ratio) * $0) / root }
      } else {
        ax = zip(dx, dy).map { ($1 - 2 * a * $0) / sxx }
        ay = dx.map { $0 / sxx }
      }
      // b = ȳ − a·x̄
      bx = ax.map { -a / n - fit.meanX * $0 }
      by = ay.map { 1 / n - fit.meanX * $0 }
    }
  }

  private let links: [Link]
  private let fits: [LineFit]
  private let gradients: [Gradient]
  private let own: [[Double]]
  /// The covariances of what the lines were fitted to: of the scores, or of expected qualities,
  /// which share as much with the scores.
  private let fitted: [[Double]]
  private let cross: [Double]
  private let crossCount: Int
  /// By how much the residuals exceed what the covariances explain, as a ratio of variances; at
  /// least 1.
  let inflation: Double

  init(
    links: [Link], fits: [LineFit], method: AlignmentMethod, covariances: ScaleCovariances,
    expected: [ExpectedQualities?], crossCount: Int
  ) throws(InputError) {
    self.links = links
    self.fits = fits
    self.crossCount = crossCount
    cross = covariances.cross
    guard cross.count == crossCount * crossCount, cross.allSatisfy(\.isFinite) else {
      throw InputError(
        "cross-scene set", "its covariance does not belong to \(crossCount) photos",
        remedy: "give a full matrix of finite numbers in the order of the photos")
    }
    var own: [[Double]] = []
    var gradients: [Gradient] = []
    for (link, fit) in zip(links, fits) {
      let n = link.scale.photos.count
      guard let matrix = covariances.scenes[link.scale.scene], matrix.count == n * n,
        matrix.allSatisfy(\.isFinite)
      else {
        throw InputError(
          "scene \(link.scale.scene)", "there is no covariance of its \(n) photos",
          remedy: "give a full matrix of finite numbers in the order of the photos")
      }
      own.append(matrix)
      gradients.append(Gradient(link: link, fit: fit, ratio: try link.ratio(method)))
    }
    self.own = own
    fitted = zip(own, expected).map { $1?.errors ?? $0 }
    self.gradients = gradients
    var found = 0.0
    var expected = 0.0
    for (k, (link, fit)) in zip(links, fits).enumerated() where fit.count > 2 {
      found += fit.residualSquares
      expected += Self.expectedSquares(link, fit, own: fitted[k], cross: cross, crossCount)
    }
    inflation = expected > 0 ? max(1, found / expected) : 1
  }

  /// The sum of squared residuals about a least-squares line that the covariances lead to on
  /// average.
  private static func expectedSquares(
    _ link: Link, _ fit: LineFit, own: [Double], cross: [Double], _ crossCount: Int
  ) -> Double {
    let n = link.scale.photos.count
    let dx = link.fitted.map { $0 - fit.meanX }
    let sxx = dx.reduce(0) { $0 + $1 * $1 }
    var sum = 0.0
    for i in dx.indices {
      for j in dx.indices {
        let projector = (i == j ? 1 : 0) - 1 / Double(fit.count) - dx[i] * dx[j] / sxx
        let error =
          cross[link.crossIndices[i] * crossCount + link.crossIndices[j]]
          + fit.a * fit.a * own[link.ownIndices[i] * n + link.ownIndices[j]]
        sum += projector * error
      }
    }
    return sum
  }

  /// A sparse gradient and its quadratic form.
  private static func variance(_ gradient: [(Int, Double)], _ matrix: [Double], _ n: Int) -> Double
  {
    covariance(gradient, gradient, matrix, n)
  }

  private static func covariance(
    _ left: [(Int, Double)], _ right: [(Int, Double)], _ matrix: [Double], _ n: Int
  ) -> Double {
    var sum = 0.0
    for (i, x) in left { for (j, y) in right { sum += x * y * matrix[i * n + j] } }
    return sum
  }

  /// Slope and offset of one scene with their errors.
  func alignment(at k: Int) -> SceneAlignment {
    let (link, fit, gradient) = (links[k], fits[k], gradients[k])
    let n = link.scale.photos.count
    let ax = Array(zip(link.ownIndices, gradient.ax))
    let bx = Array(zip(link.ownIndices, gradient.bx))
    let ay = Array(zip(link.crossIndices, gradient.ay))
    let by = Array(zip(link.crossIndices, gradient.by))
    func total(
      _ leftX: [(Int, Double)], _ rightX: [(Int, Double)],
      _ leftY: [(Int, Double)], _ rightY: [(Int, Double)]
    ) -> Double {
      inflation
        * (Self.covariance(leftX, rightX, fitted[k], n)
          + Self.covariance(leftY, rightY, cross, crossCount))
    }
    let aError = max(0, total(ax, ax, ay, ay)).squareRoot()
    let widened = LineFit.slopeError(fit.a, logarithm: aError / fit.a)
    return SceneAlignment(
      scene: link.scale.scene, a: fit.a, b: fit.b, aStandardError: widened,
      bStandardError: max(0, total(bx, bx, by, by)).squareRoot(),
      abCovariance: total(ax, bx, ay, by) * (aError > 0 ? widened / aError : 1),
      sharedPhotos: fit.count,
      residualStandardDeviation: (fit.residualSquares / Double(fit.count)).squareRoot(),
      sharedRange: (link.x.max() ?? 0) - (link.x.min() ?? 0))
  }

  /// The standard deviation of `x′ = (a_j·x + b_j − b_r)/a_r` for a photo of scene `j`, with all
  /// that it shares.
  func deviation(photo: Int, scene j: Int, reference r: Int) -> Double {
    let x = links[j].scale.photos[photo].score
    let (a, scale) = (fits[j].a, 1 / fits[r].a)
    let score = (a * x + fits[j].b - fits[r].b) * scale
    let fromOwn = zip(links[j].ownIndices, zip(gradients[j].ax, gradients[j].bx))
      .map { ($0, scale * (x * $1.0 + $1.1)) }
    let fromReference = zip(links[r].ownIndices, zip(gradients[r].ax, gradients[r].bx))
      .map { ($0, -scale * (score * $1.0 + $1.1)) }
    let fromCross =
      zip(links[j].crossIndices, zip(gradients[j].ay, gradients[j].by))
      .map { ($0, scale * (x * $1.0 + $1.1)) }
      + zip(links[r].crossIndices, zip(gradients[r].ay, gradients[r].by))
      .map { ($0, -scale * (score * $1.0 + $1.1)) }
    let (n, m) = (links[j].scale.photos.count, links[r].scale.photos.count)
    let position = [(photo, scale * a)]
    let variance =
      Self.variance(position, own[j], n)
      + 2 * Self.covariance(position, fromOwn, fitted[j], n)
      + inflation
      * (Self.variance(fromOwn, fitted[j], n) + Self.variance(fromReference, fitted[r], m)
        + Self.variance(fromCross, cross, crossCount))
    return max(0, variance).squareRoot()
  }
}
