import Glibc
import Statistics

/// A link with lapses: the answer at distance z has probability `(1 − ε)·F(z) + ε/2`.
struct LapsingLink<Link: PreferenceLink> {
  /// The share ε of answers given blindly.
  let lapseRate: Double

  /// What one answer tells, where z is positive when it agrees with the scale.
  struct Term {
    /// The logarithm of the answer's probability.
    var log: Double
    /// Its derivative by z.
    var slope: Double
    /// The expected information about z.
    var weight: Double
    /// The derivative of the logarithm by ε.
    var lapseSlope: Double
    /// The expected information about ε.
    var lapseWeight: Double
    /// The expected information about z and ε together.
    var crossWeight: Double
  }

  /// The term of an answer.
  ///
  /// - Parameters:
  ///   - z: The distance in favor of photo A.
  ///   - result: 1 where A was chosen, 0 where B was, ½ for neither, which counts as half an answer
  ///     each.
  /// - Returns: The logarithm of its probability with derivatives and expected information.
  func term(_ z: Double, result: Double) -> Term {
    if result == 1 { return chosen(z, sign: 1) }
    if result == 0 { return chosen(-z, sign: -1) }
    let (up, down) = (chosen(z, sign: 1), chosen(-z, sign: -1))
    return Term(
      log: result * up.log + (1 - result) * down.log,
      slope: result * up.slope + (1 - result) * down.slope, weight: up.weight,
      lapseSlope: result * up.lapseSlope + (1 - result) * down.lapseSlope,
      lapseWeight: up.lapseWeight, crossWeight: up.crossWeight)
  }

  private func chosen(_ z: Double, sign: Double) -> Term {
    let logF = Link.logProbability(z)
    let psi = Link.slopes(z).psi
    let probability = exp(logF)
    let mixed = (1 - lapseRate) * probability + lapseRate / 2
    let other = 1 - mixed
    let density = (1 - lapseRate) * psi * probability
    let blind = 0.5 - probability
    // Without lapses the ratios are taken in the log domain, where nothing underflows.
    let slope = lapseRate > 0 ? density / mixed : psi
    let weight =
      lapseRate > 0 && other > 0 ? density * density / (mixed * other) : psi * Link.slopes(-z).psi
    let safe = max(mixed * other, 1e-12)
    return Term(
      log: lapseRate > 0 ? log(mixed) : logF, slope: sign * slope, weight: weight,
      lapseSlope: blind / max(mixed, 1e-12), lapseWeight: blind * blind / safe,
      crossWeight: sign * density * blind / safe)
  }
}
