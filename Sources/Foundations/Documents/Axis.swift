/// What one axis of a chart shows.
public struct Axis: Hashable, Sendable {
  /// What is measured, such as `Quality`.
  public var title: String
  /// The unit, such as `JOD`; `nil` for counts and ratios.
  public var unit: String?
  /// The ends, if they must not come from the data, so that several charts can be compared.
  public var ends: Ends?
  /// Values that must be in sight, such as 0.
  public var includes: [Double]

  /// The two ends of an axis.
  public struct Ends: Hashable, Sendable {
    /// The lower end.
    public let low: Double
    /// The upper end, above `low`.
    public let high: Double

    /// Takes two ends in any order; `nil` unless both are finite, below 1e100 in magnitude and
    /// apart.
    public init?(_ low: Double, _ high: Double) {
      guard low.magnitude < 1e100, high.magnitude < 1e100, low != high else { return nil }
      self.low = min(low, high)
      self.high = max(low, high)
    }
  }

  /// Makes an axis.
  public init(_ title: String, unit: String? = nil, ends: Ends? = nil, includes: [Double] = []) {
    self.title = title
    self.unit = unit
    self.ends = ends
    self.includes = includes
  }

  /// The title with the unit, such as `Quality, JOD`.
  public var label: String { unit.map { "\(title), \($0)" } ?? title }

  /// Whether a number can be drawn: finite, and small enough for differences to be finite too.
  static func canDraw(_ value: Double) -> Bool { value.magnitude < 1e100 }

  /// The ends for some data: the fixed ends, or the data's with room on both sides.
  func ends(for values: some Sequence<Double>, margin: Double = 0.05) -> Ends {
    if let ends { return ends }
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where Self.canDraw(value) {
      low = min(low, value)
      high = max(high, value)
    }
    for value in includes where Self.canDraw(value) {
      low = min(low, value)
      high = max(high, value)
    }
    guard low <= high else { return .unit }
    let magnitude = max(low.magnitude, high.magnitude)
    if high - low <= max(magnitude * 1e-9, 1e-90) {
      let room = magnitude > 1e6 ? magnitude * 1e-3 : 1
      return Ends(low - room, high + room) ?? .unit
    }
    let room = (high - low) * margin
    return Ends(low - room, high + room) ?? .unit
  }
}

extension Axis.Ends {
  /// From 0 to 1, for axes without data.
  static let unit = Axis.Ends(low: 0, high: 1)

  private init(low: Double, high: Double) {
    self.low = low
    self.high = high
  }
}

/// The map from an axis' values to places in a drawing.
struct LinearScale {
  let ends: Axis.Ends
  let start: Double
  let end: Double

  /// The place of a value; values beyond the ends lie beyond the places, by at most the axis'
  /// length.
  func callAsFunction(_ value: Double) -> Double {
    let share = (value - ends.low) / (ends.high - ends.low)
    return start + min(max(share, -1), 2) * (end - start)
  }

  /// Whether a value lies between the ends.
  func shows(_ value: Double) -> Bool { value >= ends.low && value <= ends.high }
}
