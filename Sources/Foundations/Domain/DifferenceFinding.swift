/// A difference with its interval and its tests.
public struct DifferenceFinding: Sendable, Hashable, Codable {
  /// The difference, in JOD.
  public var difference: Double
  /// The lower end of the interval.
  public var low: Double
  /// The upper end of the interval.
  public var high: Double
  /// The standard error.
  public var standardError: Double
  /// The degrees of freedom; nil for a normal error.
  public var degreesOfFreedom: Double?
  /// The two-sided p-value of no difference.
  public var p: Double
  /// The same, corrected by Holm for the number of attributes or slices.
  public var adjustedP: Double
  /// The p-value of «at least the margin away from 0» (two one-sided tests).
  public var equivalenceP: Double
  /// The same, corrected by Holm.
  public var adjustedEquivalenceP: Double
  /// The one-sided p-value of «worse by the margin or more».
  public var nonInferiorityP: Double
  /// The chance that an observer chooses the candidate, Φ(difference/1.4826).
  public var preference: Double
  /// How probable it is that the true difference reaches the visible one, in the direction found.
  public var probabilityVisible: Double
  /// Whether the difference can be seen.
  public var visible: Visibility

  /// Makes a finding.
  public init(
    difference: Double, low: Double, high: Double, standardError: Double,
    degreesOfFreedom: Double?, p: Double, adjustedP: Double, equivalenceP: Double,
    adjustedEquivalenceP: Double, nonInferiorityP: Double, preference: Double,
    probabilityVisible: Double, visible: Visibility
  ) {
    (self.difference, self.low, self.high) = (difference, low, high)
    (self.standardError, self.degreesOfFreedom) = (standardError, degreesOfFreedom)
    (self.p, self.adjustedP) = (p, adjustedP)
    (self.equivalenceP, self.adjustedEquivalenceP) = (equivalenceP, adjustedEquivalenceP)
    (self.nonInferiorityP, self.preference) = (nonInferiorityP, preference)
    (self.probabilityVisible, self.visible) = (probabilityVisible, visible)
  }

  private enum CodingKeys: String, CodingKey {
    case difference = "difference_jod"
    case low, high
    case standardError = "standard_error"
    case degreesOfFreedom = "degrees_of_freedom"
    case p
    case adjustedP = "adjusted_p"
    case equivalenceP = "equivalence_p"
    case adjustedEquivalenceP = "adjusted_equivalence_p"
    case nonInferiorityP = "no_worse_p"
    case preference
    case probabilityVisible = "p_visible"
    case visible
  }

  /// Reads a finding that stands among other keys; nil where there is none.
  init?(ifPresentIn decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    guard values.contains(.difference) else { return nil }
    try self.init(from: decoder)
  }
}

/// How a difference varies from scene to scene.
public struct Heterogeneity: Sendable, Hashable, Codable {
  /// τ: the standard deviation of the true difference over scenes, in JOD.
  public var tau: Double
  /// I²: the share of the found variance between scenes that is no error, 0…1.
  public var share: Double
  /// The p-value of no heterogeneity (Cochran's Q).
  public var p: Double
  /// The lower end of the interval of the true difference in a new scene.
  public var newSceneLow: Double
  /// The upper end of the interval of the true difference in a new scene.
  public var newSceneHigh: Double

  /// Makes a heterogeneity.
  public init(tau: Double, share: Double, p: Double, newSceneLow: Double, newSceneHigh: Double) {
    (self.tau, self.share, self.p) = (tau, share, p)
    (self.newSceneLow, self.newSceneHigh) = (newSceneLow, newSceneHigh)
  }

  private enum CodingKeys: String, CodingKey {
    case tau
    case share = "i2"
    case p = "heterogeneity_p"
    case newSceneLow = "new_scene_low"
    case newSceneHigh = "new_scene_high"
  }

  /// Reads a heterogeneity that stands among other keys; nil where there is none.
  init?(ifPresentIn decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    guard values.contains(.tau) else { return nil }
    try self.init(from: decoder)
  }
}
