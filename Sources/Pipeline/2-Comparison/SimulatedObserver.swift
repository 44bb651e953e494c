public import Domain

/// A simulated observer under Thurstone's Case V model, with the failings of real ones.
///
/// Each photo of a pair is perceived as its quality plus an own Gaussian error with standard
/// deviation `1.4826/√2` JOD times ``noise``; the better percept is chosen. With the default values
/// 1 JOD is seen by 75 %.
public struct SimulatedObserver: Hashable, Sendable, Codable {
  /// The pseudonym.
  public let id: ObserverID
  /// The share of answers given blindly, 0…1.
  public let lapseRate: Double
  /// How much better photo A looks because it is A, in JOD; negative favours photo B.
  public let sideBias: JOD
  /// The percept's noise, as a multiple of the model's.
  public let noise: Double
  /// The answer is «tie» when the percepts differ by less than this; nil where ties are not
  /// allowed.
  public let tieThreshold: JOD?
  /// The median time to an answer; nil leaves times out.
  public let medianMilliseconds: Double?

  /// Makes an observer; by default an ideal one.
  public init(
    id: ObserverID, lapseRate: Double = 0, sideBias: JOD = .zero, noise: Double = 1,
    tieThreshold: JOD? = nil, medianMilliseconds: Double? = nil
  ) {
    self.id = id
    self.lapseRate = lapseRate
    self.sideBias = sideBias
    self.noise = noise
    self.tieThreshold = tieThreshold
    self.medianMilliseconds = medianMilliseconds
  }

  /// The standard deviation of the model's percept of one photo, in JOD.
  public static let perceptSigma = JOD.differenceSigma / 2.0.squareRoot()

  /// A panel of `count` ideal observers with pseudonyms `S01`, `S02` ….
  public static func panel(_ count: Int) -> [SimulatedObserver] {
    let digits = max(2, String(max(count, 0)).count)
    return (1..<max(count + 1, 1)).map { number in
      let text = String(number)
      let zeros = String(repeating: "0", count: max(0, digits - text.count))
      return SimulatedObserver(id: ObserverID("S" + zeros + text))
    }
  }
}
