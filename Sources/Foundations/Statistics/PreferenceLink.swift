import Glibc

/// The chance F(x) of choosing the better of two photos that are x units apart, with its derivatives.
package protocol PreferenceLink: SendableMetatype {
  /// The x of a distance of 1 JOD: F(unitsPerJOD) = 75 %.
  static var unitsPerJOD: Double { get }
  /// ln F(x).
  static func logProbability(_ x: Double) -> Double
  /// The derivative ψ of ln F, minus its second derivative λ, and the derivative of λ.
  static func slopes(_ x: Double) -> (psi: Double, lambda: Double, lambdaSlope: Double)
}

/// Thurstone's Case V: F = Φ.
package enum ThurstoneLink: PreferenceLink {
  // The field's rounding, 1.4826 in place of 1/Φ⁻¹(0.75) = 1.48260222.
  package static let unitsPerJOD = 1 / 1.4826

  package static func logProbability(_ x: Double) -> Double { StandardNormal.logCdf(x) }

  package static func slopes(_ x: Double) -> (psi: Double, lambda: Double, lambdaSlope: Double) {
    let (psi, lambda, complement) = StandardNormal.truncation(x)
    return (psi, lambda, psi * complement - lambda * (psi + x))
  }
}

/// Bradley and Terry: F is the logistic function.
package enum LogisticLink: PreferenceLink {
  package static let unitsPerJOD = log(3.0)

  package static func logProbability(_ x: Double) -> Double {
    x > 0 ? -log1p(exp(-x)) : x - log1p(exp(x))
  }

  package static func slopes(_ x: Double) -> (psi: Double, lambda: Double, lambdaSlope: Double) {
    let small = exp(-abs(x))
    let near = 1 / (1 + small)
    let far = small / (1 + small)
    let lambda = near * far
    return (x > 0 ? far : near, lambda, lambda * (x > 0 ? far - near : near - far))
  }
}
