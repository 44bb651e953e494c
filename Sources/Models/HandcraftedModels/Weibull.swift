import Foundation

/// The Weibull distribution's maximum-likelihood fit.
///
/// Source: Cohen 1965, Technometrics 7(4): the shape solves one equation, the scale follows.
package struct Weibull: Sendable {
  package let scale: Double
  package let shape: Double

  /// Fits positive values, whose logarithms are given.
  ///
  /// Where all values are equal, the shape is infinite.
  package init(logarithms: UnsafeBufferPointer<Double>) {
    let count = Double(logarithms.count)
    var largest = -Double.infinity
    var sum = 0.0
    for value in logarithms {
      largest = max(largest, value)
      sum += value
    }
    let mean = sum / count
    var squares = 0.0
    for value in logarithms { squares += (value - mean) * (value - mean) }
    let deviation = (squares / count).squareRoot()
    guard deviation > 0 else {
      scale = exp(mean)
      shape = .infinity
      return
    }
    // For a Weibull variable the logarithm has the deviation π / (√6 · shape).
    var shape = Double.pi / 6.0.squareRoot() / deviation
    for _ in 0..<100 {
      var total = 0.0
      var first = 0.0
      var second = 0.0
      for value in logarithms {
        let offset = value - largest
        let power = exp(shape * offset)
        total += power
        first += power * offset
        second += power * offset * offset
      }
      let centre = first / total
      let error = centre - 1 / shape - (mean - largest)
      let slope = second / total - centre * centre + 1 / (shape * shape)
      let next = max(shape - error / slope, shape / 4)
      let isDone = abs(next - shape) <= 1e-9 * shape
      shape = next
      if isDone { break }
    }
    var total = 0.0
    for value in logarithms { total += exp(shape * (value - largest)) }
    scale = exp(largest + log(total / count) / shape)
    self.shape = shape
  }
}
