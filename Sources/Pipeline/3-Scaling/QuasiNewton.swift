/// Minimization of a smooth function by the method of Broyden, Fletcher, Goldfarb and Shanno.
struct QuasiNewton {
  /// Where the search ended.
  var position: [Double]
  /// The function there.
  var value: Double
  /// The approximate inverse Hessian there, row-major.
  var inverseHessian: [Double]
  /// How many iterations it took.
  var iterations = 0
  /// Whether the last step was shorter than the tolerance.
  var converged = false

  /// Minimizes from `start`; `inverseHessian` shapes the first steps.
  init(
    from start: [Double], inverseHessian: [Double], tolerance: Double = 1e-9, limit: Int = 500,
    _ evaluate: ([Double]) -> (value: Double, gradient: [Double])
  ) {
    position = start
    self.inverseHessian = inverseHessian
    let n = start.count
    var (current, gradient) = evaluate(start)
    value = current
    while iterations < limit, !converged {
      iterations += 1
      var step = Self.product(self.inverseHessian, gradient).map { -$0 }
      var slope = zip(step, gradient).reduce(0) { $0 + $1.0 * $1.1 }
      if slope > 0 {
        step = gradient.map { -$0 }
        slope = -gradient.reduce(0) { $0 + $1 * $1 }
      }
      var fraction = 1.0
      var next = position
      var (nextValue, nextGradient) = (current, gradient)
      repeat {
        next = (0..<n).map { position[$0] + fraction * step[$0] }
        (nextValue, nextGradient) = evaluate(next)
        if nextValue <= current + 1e-4 * fraction * slope || -slope < 1e-11 { break }
        fraction /= 2
      } while fraction > 1e-12
      let moved = (0..<n).map { next[$0] - position[$0] }
      let turned = (0..<n).map { nextGradient[$0] - gradient[$0] }
      converged = moved.reduce(0) { max($0, abs($1)) } < tolerance
      position = next
      (current, gradient) = (nextValue, nextGradient)
      value = current
      update(moved: moved, turned: turned)
    }
  }

  private mutating func update(moved: [Double], turned: [Double]) {
    let n = moved.count
    let curvature = zip(moved, turned).reduce(0) { $0 + $1.0 * $1.1 }
    guard curvature > 1e-18 else { return }
    let image = Self.product(inverseHessian, turned)
    let quadratic = zip(turned, image).reduce(0) { $0 + $1.0 * $1.1 }
    let scale = (1 + quadratic / curvature) / curvature
    for i in 0..<n {
      for j in 0..<n {
        inverseHessian[i * n + j] +=
          scale * moved[i] * moved[j] - (image[i] * moved[j] + moved[i] * image[j]) / curvature
      }
    }
  }

  private static func product(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    let n = vector.count
    return (0..<n).map { i in
      var sum = 0.0
      for j in 0..<n { sum += matrix[i * n + j] * vector[j] }
      return sum
    }
  }
}
