/// Numbers as text, the same on every machine and in every language setting.
public enum NumberText {
  /// A number with exactly `decimals` decimals, such as `-0.50`; `–` when it isn't finite.
  ///
  /// Numbers too big for that are written with an exponent.
  public static func fixed(_ value: Double, decimals: Int) -> String {
    guard value.isFinite else { return "–" }
    let decimals = min(max(decimals, 0), 9)
    let power = powerOfTen(decimals)
    let scaled = (value.magnitude * power).rounded()
    guard scaled < 9e15 else { return scientific(value) }
    let whole = Int64(scaled)
    let sign = value < 0 && whole != 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(whole) }
    let unit = Int64(power)
    let fraction = String(whole % unit)
    let zeros = String(repeating: "0", count: decimals - fraction.count)
    return "\(sign)\(whole / unit).\(zeros)\(fraction)"
  }

  /// A number with at most `decimals` decimals and no zeros at its end.
  public static func compact(_ value: Double, decimals: Int) -> String {
    let text = fixed(value, decimals: decimals)
    guard text.contains("."), !text.contains("e") else { return text }
    let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
    return String(trimmed.reversed())
  }

  /// A number for people: fixed decimals and the typographic minus sign.
  public static func typeset(_ value: Double, decimals: Int) -> String {
    fixed(value, decimals: decimals).split(separator: "-", omittingEmptySubsequences: false)
      .joined(separator: "\u{2212}")
  }

  /// A count for people, its thousands set apart by thin spaces.
  public static func grouped(_ count: Int) -> String {
    let digits = String(count.magnitude)
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index).isMultiple(of: 3) { text += "\u{2009}" }
      text.append(digit)
    }
    return (count < 0 ? "\u{2212}" : "") + text
  }

  /// One digit before the point, at most three after, and the power of ten.
  static func scientific(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return value == 0 ? "0" : "–" }
    let parts = value.magnitude.description.split(separator: "e")
    if parts.count == 2, let mantissa = Double(parts[0]), let exponent = Int(parts[1]) {
      return (value < 0 ? "-" : "") + compact(mantissa, decimals: 3) + "e\(exponent)"
    }
    var mantissa = value.magnitude
    var exponent = 0
    while mantissa >= 10 {
      mantissa /= 10
      exponent += 1
    }
    while mantissa < 1 {
      mantissa *= 10
      exponent -= 1
    }
    return (value < 0 ? "-" : "") + compact(mantissa, decimals: 3) + "e\(exponent)"
  }

  /// Ten to a small whole power.
  static func powerOfTen(_ exponent: Int) -> Double {
    var power = 1.0
    for _ in 0..<exponent.magnitude { power *= 10 }
    return exponent < 0 ? 1 / power : power
  }
}
