/// Round numbers along an axis, steps of 1, 2 or 5 times a power of ten.
public struct AxisTicks: Hashable, Sendable {
  /// The places of the ticks, ascending, inside the axis' ends.
  public let values: [Double]
  /// The distance between two ticks.
  public let step: Double
  /// The labels of the ticks.
  public let labels: [String]

  /// Finds about `count` ticks between two finite ends, `low` below `high`.
  ///
  /// Of the round steps it takes the one whose number of ticks is nearest to `count`. Ends that are
  /// equal, exchanged, not finite or too close together for their size (a trillionth) give no
  /// ticks.
  public init(low: Double, high: Double, about count: Int = 6) {
    let span = high - low
    guard low.isFinite, high.isFinite, span.isFinite, span > 1e-100,
      span > max(low.magnitude, high.magnitude) * 1e-12
    else {
      values = []
      step = 0
      labels = []
      return
    }
    let wanted = Double(max(count, 2))
    var best: (mantissa: Int, exponent: Int, miss: Double)?
    let start = Self.exponent(of: span / wanted)
    for exponent in (start - 1)...(start + 1) {
      for mantissa in [1, 2, 5] {
        let step = Self.multiple(mantissa, exponent)
        let ticks = (high / step + 1e-9).rounded(.down) - (low / step - 1e-9).rounded(.up) + 1
        let miss = (ticks - wanted).magnitude
        if miss < best?.miss ?? .infinity { best = (mantissa, exponent, miss) }
      }
    }
    let (mantissa, exponent) = best.map { ($0.mantissa, $0.exponent) } ?? (1, start)
    let step = Self.multiple(mantissa, exponent)
    let first = Int((low / step - 1e-9).rounded(.up))
    let last = Int((high / step + 1e-9).rounded(.down))
    let values = first <= last ? (first...last).map { Self.multiple($0 * mantissa, exponent) } : []
    self.values = values
    self.step = step
    let plain = exponent >= -6 && max(low.magnitude, high.magnitude) < 1e10
    labels = values.map {
      plain
        ? NumberFormat.typeset($0, decimals: max(0, -exponent)) : NumberFormat.scientific($0)
    }
  }

  /// `whole · 10^exponent`, rounded once.
  private static func multiple(_ whole: Int, _ exponent: Int) -> Double {
    let power = NumberFormat.powerOfTen(Int(exponent.magnitude))
    return exponent < 0 ? Double(whole) / power : Double(whole) * power
  }

  /// The power of ten at or below a positive number.
  private static func exponent(of value: Double) -> Int {
    var exponent = 0
    var value = value
    while value >= 10 {
      value /= 10
      exponent += 1
    }
    while value < 1 {
      value *= 10
      exponent -= 1
    }
    return exponent
  }
}
