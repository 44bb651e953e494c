internal import Foundation

/// Numbers as people read them, the same on every machine and in every language setting.
public enum NumberFormat {
  /// A number with exactly `decimals` decimals, such as `-0.50`; `–` for nothing and for what isn't
  /// finite.
  ///
  /// The number itself is rounded, halves to the even digit, and 0 has no sign. Numbers too big for
  /// that are written with an exponent.
  public static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "–" }
    guard value.magnitude < 9e15 else { return scientific(value) }
    let text = String(format: "%.\(min(max(decimals, 0), 9))f", value)
    let isZero = text.utf8.allSatisfy { "-0.".utf8.contains($0) }
    return isZero && text.hasPrefix("-") ? String(text.dropFirst()) : text
  }

  /// A number with up to four significant digits.
  public static func short(_ value: Double) -> String { String(format: "%.4g", value) }

  /// A number with at most `decimals` decimals and no zeros at its end.
  public static func compact(_ value: Double, decimals: Int) -> String {
    let text = fixed(value, decimals)
    guard text.contains("."), !text.contains("e") else { return text }
    let trimmed = text.reversed().drop { $0 == "0" }.drop { $0 == "." }
    return String(trimmed.reversed())
  }

  /// A number for people: fixed decimals and the typographic minus sign.
  public static func typeset(_ value: Double, decimals: Int) -> String {
    fixed(value, decimals).split(separator: "-", omittingEmptySubsequences: false)
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
