/// A position or a distance on a quality scale, in Just-Objectionable-Difference units.
///
/// Two photos are 1 JOD apart when 75 % of the observers choose one as better than the other.
public struct JOD: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
  /// The number of JOD.
  public let value: Double

  /// Wraps a number of JOD.
  public init(_ value: Double) { self.value = value }

  /// The standard deviation of the difference of two percepts, in JOD: `1 / Φ⁻¹(0.75)`, with the
  /// four decimals that the field uses (Perez-Ortiz and Mantiuk 2017).
  public static let differenceSigma = 1.4826

  /// The origin of the scale.
  public static let zero = Self(0)

  /// The number with three decimals.
  public var description: String {
    let thousandths = (value * 1000).rounded() / 1000
    return "\(thousandths) JOD"
  }

  /// Reads a plain number.
  public init(from decoder: any Decoder) throws {
    self.init(try decoder.singleValueContainer().decode(Double.self))
  }

  /// Writes a plain number.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(value)
  }

  /// Orders by quality: less is worse.
  public static func < (left: Self, right: Self) -> Bool { left.value < right.value }
  /// Adds two distances.
  public static func + (left: Self, right: Self) -> Self { Self(left.value + right.value) }
  /// The distance from `right` to `left`.
  public static func - (left: Self, right: Self) -> Self { Self(left.value - right.value) }
}

/// An interval that covers the true value with a stated probability, in the unit of that value.
public struct ConfidenceInterval: Hashable, Sendable, Codable {
  /// The lower end.
  public let low: Double
  /// The upper end; never below `low`.
  public let high: Double
  /// The probability of covering the true value, such as 0.95.
  public let level: Double

  /// Makes an interval; ends given the wrong way round are exchanged.
  public init(low: Double, high: Double, level: Double = 0.95) {
    self.low = min(low, high)
    self.high = max(low, high)
    self.level = level
  }

  /// The width, in the unit of the ends.
  public var width: Double { high - low }

  /// Whether the two intervals share a point.
  public func overlaps(_ other: Self) -> Bool { low <= other.high && other.low <= high }
}

/// The kind of unit that the scale of judgements is written in.
///
/// The published PIQ23 files call their column `JOD`, but every bootstrap was z-scored over the
/// photos of the scene and multiplied by 1.4826, so that one unit there is another quantity in
/// every scene. The two must never be mixed.
public enum ScaleConvention: String, Hashable, Sendable, Codable, CaseIterable {
  /// True JOD: a difference of 1 is seen by 75 % of the observers.
  case jod
  /// PIQ23's z-scored unit: the scene's standard deviation is 1.4826.
  case piq23

  /// The kind of a unit; nil for units that no scale of judgements has.
  public init?(_ unit: ScoreUnit) {
    switch unit.scale {
    case .jod: self = .jod
    case .piq23: self = .piq23
    case .mos, .own: return nil
    }
  }

  /// The unit of a scale in this convention.
  ///
  /// - Parameters:
  ///   - reference: whose scale it is.
  ///   - origin: who judged.
  /// - Returns: the unit, in which more is better.
  public func unit(
    of reference: ScoreUnit.Reference, origin: ScoreUnit.Origin = .people
  ) -> ScoreUnit {
    switch self {
    case .jod: ScoreUnit(.jod(reference), origin: origin)
    case .piq23: ScoreUnit(.piq23(reference), origin: origin)
    }
  }

  /// The unit for axis labels and table heads, without whose scale it is.
  public var unitLabel: String { unit(of: .unstated).text }
}
