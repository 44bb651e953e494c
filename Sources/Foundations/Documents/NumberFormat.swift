internal import Foundation

/// Numbers as people read them.
public enum NumberFormat {
  /// A number with a fixed number of decimals; a dash for what is not a number.
  public static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return "–" }
    return String(format: "%.\(decimals)f", value)
  }

  /// A number with up to four significant digits.
  public static func short(_ value: Double) -> String { String(format: "%.4g", value) }
}
