public import Domain
import Statistics

/// How a verdict is reached.
public struct DecisionSettings: Sendable, Hashable {
  /// The largest difference, in JOD, that makes no difference to the user.
  public var margin = 0.5
  /// The difference that counts as visible, in JOD; 1 is seen by 75 % of the observers.
  public var visible = 1.0
  /// The level of all tests.
  public var significance = 0.05
  /// The rule of the gate.
  public var gate = GateRule.noWorse
  /// What an inconclusive gate counts as; nil keeps it a third answer.
  public var inconclusive: InconclusivePolicy?
  /// What the scenes stand for.
  public var scenes = SceneInference.sample
  /// Whether the answer must stay valid when one looks after every batch.
  public var isSequential = false

  /// Makes the default settings.
  public init() {}

  /// The level of the intervals.
  public var confidenceLevel: Double { 1 - significance }

  /// Refuses numbers without a meaning.
  ///
  /// - Throws: `InputError` that names the setting.
  public func validate() throws(InputError) {
    guard margin >= 0, margin.isFinite else {
      throw InputError(Setting("margin"), "\(margin) JOD is no margin", remedy: "give 0 or more")
    }
    guard visible > 0, visible.isFinite else {
      throw InputError(
        Setting("visible"), "\(visible) JOD is no visible difference", remedy: "give more than 0")
    }
    if isSequential, margin == 0 {
      throw InputError(
        Setting("sequential"), "it needs a margin above 0, which sets where it looks closest",
        remedy: "give the margin in JOD")
    }
  }

  /// What an estimate says under these settings.
  func inference(_ estimate: EffectEstimate) -> any EffectInference {
    // The margin is fixed before the first look, and differences of its size are those that matter.
    isSequential ? AnytimeEffect(estimate, mixtureDeviation: margin) : estimate
  }
}

extension GateResult {
  /// The exit code of a program: 0 pass, 1 fail, 3 inconclusive.
  func exitCode(_ policy: InconclusivePolicy?) -> Int32 {
    switch (self, policy) {
    case (.pass, _), (.inconclusive, .pass): 0
    case (.fail, _), (.inconclusive, .fail): 1
    case (.inconclusive, nil): 3
    }
  }
}
