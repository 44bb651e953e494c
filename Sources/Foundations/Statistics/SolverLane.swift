/// One number, or the same unknown of several systems that are solved side by side.
protocol SolverLane: Sendable {
  static var zero: Self { get }
  init(repeating value: Double)
  static func + (left: Self, right: Self) -> Self
  static func - (left: Self, right: Self) -> Self
  static func * (left: Self, right: Self) -> Self
  /// The quotient where the divisor is positive, 0 elsewhere: a system that is solved moves no more.
  func divided(byPositive divisor: Self) -> Self
  /// Whether every number is at most that of another one.
  func isAtMost(_ other: Self) -> Bool
}

extension Double: SolverLane {
  init(repeating value: Double) { self = value }
  func divided(byPositive divisor: Double) -> Double { divisor > 0 ? self / divisor : 0 }
  func isAtMost(_ other: Double) -> Bool { self <= other }
}

extension SIMD8: SolverLane where Scalar == Double {
  func divided(byPositive divisor: Self) -> Self {
    (self / divisor).replacing(with: 0, where: divisor .<= 0)
  }
  func isAtMost(_ other: Self) -> Bool { all(self .<= other) }
}
