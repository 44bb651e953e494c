import Domain
import Statistics

/// One observer's traits in a model with observers.
public struct ObserverTraits: Sendable, Hashable {
  /// How much better photo A looks because it is A, in JOD, shrunk towards the other observers'.
  public let sideBias: Double
  /// Its standard error.
  public let sideBiasError: Double
  /// The factor on all distances: 1 as most observers, 0 for a clicker, negative for answers the
  /// other way round; shrunk.
  public let sensitivity: Double
  /// Its standard error.
  public let sensitivityError: Double
}

/// A scale estimated together with its observers: side biases, sensitivities and a common lapse
/// rate.
///
/// An answer for photo A has probability `(1 − ε)·F(s·x + c) + ε/2`, with x the distance of the
/// photos in units of the link, `s` and `c` the observer's sensitivity and side bias. Both are
/// random effects: Student's t with 4 degrees of freedom around a common value, so that a clicker
/// does not make all others differ; the median sensitivity is 1, so that 1 JOD is what most
/// observers see. Their spreads are estimated (empirical Bayes). The lapse rate has an exponential
/// prior with mean 2 %, because votes of a narrow range do not tell it. A sensitivity of 0 or below
/// it is possible, other than in crowd-BT's share of answers that agree.
///
/// Source: Chen, Bennett, Collins-Thompson and Horvitz 2013 (crowd-BT),
/// doi:10.1145/2433396.2433420; Liu, Peng and Ihler 2012 (random effects of annotators); the t by
/// Lange, Little and Taylor 1989.
public struct ObserverModel: Sendable, Hashable {
  /// The positions with their covariance, observers' traits allowed for.
  public let fit: ScaleFit
  /// The traits of every observer, in the order of the observers.
  public let observers: [ObserverTraits]
  /// The side bias that observers share, in JOD.
  public let sideBias: Double
  /// The common lapse rate.
  public let lapseRate: Double
  /// The spread of the observers' side biases, in JOD.
  public let sideBiasSpread: Double
  /// The spread of the observers' sensitivities.
  public let sensitivitySpread: Double
  /// The gradient of each observer's votes by the positions, per JOD, for the spread over
  /// observers.
  let slopes: [[Double]]
}

extension ObserverModel {
  /// Estimates the model; starts at the scale without observers.
  ///
  /// - Throws: ``ScalingError`` when the search does not settle.
  init<Link: PreferenceLink>(
    _ judgements: SceneJudgements, fit: ScaleFit, ridge: Double, link: Link.Type
  ) throws {
    let layout = VoteLayout(judgements)
    var search = ObserverSearch<Link>(
      layout: layout, results: layout.results(judgements), ridge: ridge, positions: fit.jod)
    try search.run()
    self = try search.result()
  }
}
