/// The derivatives ψ and λ of a link, as a table of polynomials: some ten times faster than the
/// functions themselves.
///
/// Each cell of width 1/32 holds the quintic that meets ψ, its slope −λ and its curvature at both
/// ends. Its error is below 1e-12 for ψ and 1e-10 for λ; outside of −12…12 the functions are
/// called.
package struct SlopeTable: Sendable {
  /// The table of Thurstone's Case V, the standard normal distribution.
  package static let thurstone = SlopeTable(ThurstoneLink.self)
  /// The table of Bradley and Terry, the logistic distribution.
  package static let logistic = SlopeTable(LogisticLink.self)

  @usableFromInline static let reach = 12.0
  @usableFromInline static let cellsPerUnit = 32.0

  /// Six coefficients for each cell, lowest power first, in the cell's own 0…1.
  private let coefficients: [Double]
  private let exact: @Sendable (Double) -> (psi: Double, lambda: Double, lambdaSlope: Double)

  /// Tabulates a link.
  package init<Link: PreferenceLink>(_ link: Link.Type) {
    let cells = Int(2 * Self.reach * Self.cellsPerUnit)
    let width = 1 / Self.cellsPerUnit
    var coefficients: [Double] = []
    coefficients.reserveCapacity(cells * 6)
    for cell in 0..<cells {
      let left = Link.slopes(Double(cell) * width - Self.reach)
      let right = Link.slopes(Double(cell + 1) * width - Self.reach)
      let (slopeLeft, slopeRight) = (-left.lambda * width, -right.lambda * width)
      let curveLeft = -left.lambdaSlope * width * width
      let curveRight = -right.lambdaSlope * width * width
      let rise = right.psi - left.psi - slopeLeft - curveLeft / 2
      let turn = slopeRight - slopeLeft - curveLeft
      let bend = curveRight - curveLeft
      coefficients += [
        left.psi, slopeLeft, curveLeft / 2, 10 * rise - 4 * turn + bend / 2,
        -15 * rise + 7 * turn - bend, 6 * rise - 3 * turn + bend / 2,
      ]
    }
    self.coefficients = coefficients
    exact = { Link.slopes($0) }
  }

  /// Calls `body` with a view that reads the table without checks.
  package func withView<Result>(_ body: (View) throws -> Result) rethrows -> Result {
    try coefficients.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return try body(View(base: nil, exact: exact)) }
      return try body(View(base: base, exact: exact))
    }
  }

  /// A view of the table that is valid inside ``SlopeTable/withView(_:)``.
  package struct View {
    @usableFromInline let base: UnsafePointer<Double>?
    @usableFromInline let exact: (Double) -> (psi: Double, lambda: Double, lambdaSlope: Double)

    /// ψ and λ at x.
    @inlinable @inline(__always)
    package func slopes(_ x: Double) -> (psi: Double, lambda: Double) {
      guard let base, x > -SlopeTable.reach, x < SlopeTable.reach else {
        let values = exact(x)
        return (values.psi, values.lambda)
      }
      let scaled = (x + SlopeTable.reach) * SlopeTable.cellsPerUnit
      let cell = Int(scaled)
      let t = scaled - Double(cell)
      let c = base + 6 * cell
      let psi = c[0] + t * (c[1] + t * (c[2] + t * (c[3] + t * (c[4] + t * c[5]))))
      let slope = c[1] + t * (2 * c[2] + t * (3 * c[3] + t * (4 * c[4] + t * 5 * c[5])))
      return (psi, -slope * SlopeTable.cellsPerUnit)
    }

    /// The slope of the log-likelihood of a pair's votes at the distance x, and minus its
    /// curvature.
    @inlinable @inline(__always)
    package func votes(
      _ x: Double, wins: Double, losses: Double
    ) -> (slope: Double, weight: Double) {
      var (slope, weight) = (0.0, 0.0)
      if wins > 0 {
        let (psi, lambda) = slopes(x)
        slope = wins * psi
        weight = wins * lambda
      }
      if losses > 0 {
        let (psi, lambda) = slopes(-x)
        slope -= losses * psi
        weight += losses * lambda
      }
      return (slope, weight)
    }
  }
}
