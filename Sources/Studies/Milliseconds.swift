package import Foundation

extension Date {
  /// Milliseconds since 1970, as the study's tables have them.
  package var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }
}
