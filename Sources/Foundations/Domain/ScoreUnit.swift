/// The unit of a score: what its numbers count, which way quality grows, and whose judgements it is
/// based on.
///
/// Two scores can be compared as numbers only where their units agree (``agreement(with:)``). A
/// unit is written as one line of text, ``text``, in tables and files, and read back by
/// ``init(text:)``:
///
/// ```
/// JOD of Indoor_1                      PIQ23 units (z-scored) of each scene
/// JOD of simulated observers           NIQE (less is better)
/// ```
public struct ScoreUnit: Hashable, Sendable {
  /// What the numbers count.
  public enum Scale: Hashable, Sendable {
    /// Just-Objectionable-Differences: 75 % of the observers see a difference of 1.
    case jod(Reference)
    /// PIQ23's z-scored unit: the standard deviation of the scene's scores is 1.4826.
    case piq23(Reference)
    /// Mean opinion scores of a data set, in that data set's own points; nil where it is not known.
    case mos(dataSet: String?)
    /// A quantity of its own, such as `NIQE`.
    case own(String)
  }

  /// Which scale gave the origin, and the size of a step.
  public enum Reference: Hashable, Sendable {
    /// The scale of one scene.
    case scene(SceneID)
    /// Each scene's own scale: scores of different scenes can't be compared.
    case eachScene
    /// The scale of the cross-scene set.
    case crossScenes
    /// It is not known.
    case unstated
  }

  /// Which way quality grows.
  public enum Direction: String, Hashable, Sendable, CaseIterable {
    /// A better photo has a higher score.
    case higherIsBetter
    /// A better photo has a lower score.
    case lowerIsBetter
  }

  /// Whose judgements the numbers are based on.
  public enum Origin: String, Hashable, Sendable, Codable, CaseIterable {
    /// People judged photos.
    case people
    /// Simulated observers judged by a stated law.
    case simulated
    /// No judgements: the numbers are computed from the photo alone, or their origin is unknown.
    case none
  }

  /// What the numbers count.
  public let scale: Scale
  /// Which way quality grows.
  public let direction: Direction
  /// Whose judgements the numbers are based on.
  public let origin: Origin

  /// Makes a unit.
  ///
  /// - Parameters:
  ///   - scale: what the numbers count.
  ///   - direction: which way quality grows.
  ///   - origin: whose judgements it is based on; by default people for scales of judgements, none
  ///     for `own`.
  public init(_ scale: Scale, direction: Direction = .higherIsBetter, origin: Origin? = nil) {
    self.scale = scale
    self.direction = direction
    self.origin = origin ?? scale.usualOrigin
  }

  /// Where the scale's origin comes from; nil for scales that have none to choose.
  public var reference: Reference? {
    switch scale {
    case .jod(let reference), .piq23(let reference): reference
    case .mos, .own: nil
    }
  }

  /// Whether every scene has its own scale.
  public var isPerScene: Bool { reference == .eachScene }

  /// Whether it is a scale of judgements, not a quantity that is computed from photos alone.
  public var isOfJudgements: Bool {
    if case .own = scale { false } else { true }
  }

  /// Whether a better photo has a lower score.
  public var isLowerBetter: Bool { direction == .lowerIsBetter }

  /// The same unit with other judgements behind it.
  public func with(origin: Origin) -> Self { Self(scale, direction: direction, origin: origin) }

  /// The unit of the same kind whose origin is somewhere else; scales without a reference stay as
  /// they are.
  public func with(reference: Reference) -> Self {
    switch scale {
    case .jod: Self(.jod(reference), direction: direction, origin: origin)
    case .piq23: Self(.piq23(reference), direction: direction, origin: origin)
    case .mos, .own: self
    }
  }
}

extension ScoreUnit {
  /// How two units compare.
  public enum Agreement: Hashable, Sendable {
    /// Numbers can be compared.
    case same
    /// The same kind of step, but one of the two has an origin in every scene: only scores inside a
    /// scene can be compared, and only by their order.
    case ownOrigins
    /// Different quantities, directions, judges or reference scenes: numbers can't be compared.
    case different
  }

  /// How this unit compares with another; what is unknown conflicts with nothing.
  public func agreement(with other: ScoreUnit) -> Agreement {
    guard direction == other.direction, origin == other.origin else { return .different }
    switch (scale, other.scale) {
    case (.jod(let left), .jod(let right)), (.piq23(let left), .piq23(let right)):
      if left == right || left == .unstated || right == .unstated { return .same }
      return left == .eachScene || right == .eachScene ? .ownOrigins : .different
    case (.mos(let left), .mos(let right)):
      return left == right || left == nil || right == nil ? .same : .different
    case (.own(let left), .own(let right)): return left == right ? .same : .different
    default: return .different
    }
  }
}

extension InputError {
  /// The refusal of a comparison of numbers in different units.
  ///
  /// - Parameters:
  ///   - subject: what holds the numbers, such as a file's path.
  ///   - unit: their unit.
  ///   - other: the unit that they were to be compared with.
  ///   - remedy: what to do instead.
  /// - Returns: the error.
  public static func differentUnits(
    _ subject: String, _ unit: ScoreUnit, _ other: ScoreUnit, remedy: String
  ) -> Self {
    Self(
      subject, "its scores are in «\(unit)», not in «\(other)»: their numbers can't be compared",
      remedy: remedy)
  }
}

extension ScoreUnit.Scale {
  /// The default origin.
  var usualOrigin: ScoreUnit.Origin {
    switch self {
    case .jod, .piq23, .mos: .people
    case .own: .none
    }
  }
}
