import Glibc

/// What several scenes say together about several groups, where not every scene shows every group.
///
/// Model: in scene s, y_g = α_s + μ_g + u_g + e_g, with α_s the scene's own level, u_g ~ N(0, τ²/2)
/// how group g differs in this scene, and e ~ N(0, V_s) the error of the votes. So τ is the
/// standard deviation of a difference of two groups over scenes, as in ``MetaAnalysis``, and two
/// groups are compared through all chains of scenes that connect them. τ² is estimated by
/// restricted maximum likelihood; errors are those of Hartung and Knapp with their factor not below
/// 1, against Student's t with Σ(n_s − 1) − (G − 1) degrees of freedom.
///
/// Source: Rücker 2012, doi:10.1002/jrsm.1058; White, Barrett, Jackson and Higgins 2012,
/// doi:10.1002/jrsm.1045 (network meta-analysis); Sidik and Jonkman 2002.
public struct NetworkMetaAnalysis: Sendable, Hashable {
  /// The groups of one scene.
  public struct Scene: Sendable, Hashable {
    /// The index of every group that the scene shows.
    public var groups: [Int]
    /// Their means, from any origin.
    public var values: [Double]
    /// The covariance of the means' errors, row-major.
    public var covariance: [Double]

    /// Makes a scene.
    public init(groups: [Int], values: [Double], covariance: [Double]) {
      (self.groups, self.values, self.covariance) = (groups, values, covariance)
    }
  }

  /// The mean of every group over all scenes of the kind; they add up to 0.
  public let means: [Double]
  /// The covariance of the means, row-major.
  public let covariance: [Double]
  /// τ: the standard deviation over scenes of the true difference of two groups.
  public let tau: Double
  /// The degrees of freedom of Student's t.
  public let degreesOfFreedom: Double

  /// Analyses scenes.
  ///
  /// The result is nil for fewer than two groups, groups that no chain of scenes connects, and too
  /// few scenes for the spread.
  ///
  /// - Parameters:
  ///   - count: The number of groups, G.
  ///   - scenes: The scenes; those of one group tell nothing.
  public init?(count: Int, scenes: [Scene]) {
    let scenes = scenes.filter { $0.groups.count > 1 }
    let cells = scenes.reduce(0) { $0 + $1.groups.count - 1 }
    guard count > 1, cells - (count - 1) > 0, Self.connects(count, scenes) else { return nil }
    func fit(_ tauSquared: Double) -> NetworkFit? {
      NetworkFit(count: count, scenes: scenes, tauSquared: tauSquared)
    }
    guard let none = fit(0) else { return nil }
    // The least of the deviance, between 0 and ten times the values' own variance.
    let most = 10 * max(1e-6, scenes.map { Descriptive.variance($0.values) }.max() ?? 0)
    var best = (tauSquared: 0.0, fit: none)
    let steps = 60
    for step in 0...steps {
      let tauSquared = most * pow(10, -6 * (1 - Double(step) / Double(steps)))
      if let found = fit(tauSquared), found.deviance < best.fit.deviance {
        best = (tauSquared, found)
      }
    }
    var width = pow(10, 6 / Double(steps))
    while best.tauSquared > 0, width > 1.0001 {
      for tauSquared in [best.tauSquared / width, best.tauSquared * width] {
        if let found = fit(tauSquared), found.deviance < best.fit.deviance {
          best = (tauSquared, found)
        }
      }
      width = width.squareRoot()
    }
    means = best.fit.means
    degreesOfFreedom = Double(cells - (count - 1))
    let factor = max(1, best.fit.square / degreesOfFreedom)
    covariance = best.fit.covariance.map { $0 * factor }
    tau = best.tauSquared.squareRoot()
  }

  /// Whether chains of scenes connect all groups.
  private static func connects(_ count: Int, _ scenes: [Scene]) -> Bool {
    var sets = DisjointSets(count: count)
    for scene in scenes {
      for group in scene.groups.dropFirst() { sets.join(scene.groups[0], group) }
    }
    return Set(sets.roots()).count == 1
  }

  /// A sum of the groups' means, such as a difference of two.
  public func effect(_ sum: LinearCombination) -> EffectEstimate {
    EffectEstimate(
      value: sum.of(means),
      standardError: sum.quadratic(covariance, count: means.count).squareRoot(),
      degreesOfFreedom: degreesOfFreedom)
  }
}

/// Generalized least squares at one τ², the scenes' levels projected out.
private struct NetworkFit {
  let means: [Double]
  let covariance: [Double]
  /// Σ rᵀPr.
  let square: Double
  /// Minus two times the restricted log-likelihood.
  let deviance: Double

  init?(count: Int, scenes: [NetworkMetaAnalysis.Scene], tauSquared: Double) {
    var normal = [Double](repeating: 0, count: count * count)
    var right = [Double](repeating: 0, count: count)
    var projections: [[Double]] = []
    var determinants = 0.0
    for scene in scenes {
      let n = scene.groups.count
      var variance = scene.covariance
      for i in 0..<n { variance[i * n + i] += tauSquared / 2 }
      // Means of all photos of a scene add up to a constant, so that their covariance alone has no
      // inverse. The scene's level is projected out: its variance may be any, and changes neither
      // the projection nor the deviance.
      let level = (0..<n).reduce(0) { $0 + variance[$1 * n + $1] } / Double(n)
      for index in variance.indices { variance[index] += level }
      guard let factor = Cholesky(variance, count: n) else { return nil }
      var projection = factor.inverse()
      let rows = (0..<n).map { i in (0..<n).reduce(0) { $0 + projection[i * n + $1] } }
      let total = rows.reduce(0, +)
      determinants += factor.logDeterminant + log(total)
      for i in 0..<n { for j in 0..<n { projection[i * n + j] -= rows[i] * rows[j] / total } }
      for i in 0..<n {
        for j in 0..<n {
          normal[scene.groups[i] * count + scene.groups[j]] += projection[i * n + j]
          right[scene.groups[i]] += projection[i * n + j] * scene.values[j]
        }
      }
      projections.append(projection)
    }
    // The means are known up to a constant: this ridge in its direction makes them add up to 0.
    let ridge = (0..<count).reduce(0) { $0 + normal[$1 * count + $1] } / Double(count * count)
    guard let factor = Cholesky(normal.map { $0 + ridge }, count: count) else { return nil }
    let means = factor.solve(right)
    let size = Double(count * count)
    covariance = factor.inverse().map { $0 - 1 / (ridge * size) }
    var square = 0.0
    for (scene, projection) in zip(scenes, projections) {
      let n = scene.groups.count
      let residuals = (0..<n).map { scene.values[$0] - means[scene.groups[$0]] }
      for i in 0..<n {
        for j in 0..<n { square += residuals[i] * projection[i * n + j] * residuals[j] }
      }
    }
    self.means = means
    self.square = square
    // The ridge's own eigenvalue says nothing of the data.
    deviance = determinants + factor.logDeterminant - log(ridge * Double(count)) + square
  }
}
