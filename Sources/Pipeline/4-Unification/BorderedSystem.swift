import Statistics

/// A symmetric positive definite system whose unknowns fall into private blocks and a common
/// border.
///
/// `H = [[P₁, 0, B₁], [0, P₂, B₂], …, [B₁ᵀ, B₂ᵀ, …, S]]`: unknowns of different blocks meet only
/// through the border. A study with thousands of photos is solved with matrices of the size of one
/// scene.
struct BorderedSystem {
  /// One block with the border unknowns that it touches.
  struct Block {
    /// The number of private unknowns.
    let count: Int
    /// The border unknowns, ascending.
    let touched: [Int]
    /// `P`, row-major `count × count`.
    var own: [Double]
    /// `B` on the touched columns, row-major `count × touched.count`.
    var border: [Double]

    init(count: Int, touched: [Int]) {
      self.count = count
      self.touched = touched
      own = [Double](repeating: 0, count: count * count)
      border = [Double](repeating: 0, count: count * touched.count)
    }
  }

  /// The blocks.
  var blocks: [Block]
  /// The number of border unknowns.
  let borderCount: Int
  /// `S`, row-major.
  var border: [Double]

  init(blocks: [Block], borderCount: Int) {
    self.blocks = blocks
    self.borderCount = borderCount
    border = [Double](repeating: 0, count: borderCount * borderCount)
  }

  /// Factors `H` with `damping` added to its diagonal; nil when the sum is not positive definite.
  func factored(damping: Double = 0) -> Factor? {
    var schur = border
    for i in 0..<borderCount { schur[i * borderCount + i] += damping }
    var factors: [Cholesky] = []
    var reduced: [[Double]] = []
    for block in blocks {
      var own = block.own
      for i in 0..<block.count { own[i * block.count + i] += damping }
      guard let factor = Cholesky(own, count: block.count) else { return nil }
      // Column by column, P⁻¹·B.
      let width = block.touched.count
      var solved = [Double](repeating: 0, count: block.count * width)
      for column in 0..<width {
        let x = factor.solve((0..<block.count).map { block.border[$0 * width + column] })
        for row in 0..<block.count { solved[row * width + column] = x[row] }
        for other in 0..<width {
          var sum = 0.0
          for row in 0..<block.count { sum += block.border[row * width + other] * x[row] }
          schur[block.touched[other] * borderCount + block.touched[column]] -= sum
        }
      }
      factors.append(factor)
      reduced.append(solved)
    }
    guard let top = Cholesky(schur, count: borderCount) else { return nil }
    return Factor(system: self, blocks: factors, reduced: reduced, border: top)
  }

  /// A vector of unknowns: the blocks', then the border's.
  struct Vector {
    var blocks: [[Double]]
    var border: [Double]

    /// The scalar product.
    func dot(_ other: Vector) -> Double {
      var sum = 0.0
      for (left, right) in zip(blocks, other.blocks) {
        for (x, y) in zip(left, right) { sum += x * y }
      }
      for (x, y) in zip(border, other.border) { sum += x * y }
      return sum
    }
  }

  /// The zero vector of this system.
  var zero: Vector {
    Vector(
      blocks: blocks.map { [Double](repeating: 0, count: $0.count) },
      border: [Double](repeating: 0, count: borderCount))
  }

  /// A factored system.
  struct Factor {
    private let system: BorderedSystem
    private let blocks: [Cholesky]
    private let reduced: [[Double]]
    private let border: Cholesky

    fileprivate init(
      system: BorderedSystem, blocks: [Cholesky], reduced: [[Double]], border: Cholesky
    ) {
      self.system = system
      self.blocks = blocks
      self.reduced = reduced
      self.border = border
    }

    /// The solution of `H·x = b`.
    func solve(_ b: Vector) -> Vector {
      var right = b.border
      for (k, block) in system.blocks.enumerated() {
        let width = block.touched.count
        for row in 0..<block.count {
          for column in 0..<width {
            right[block.touched[column]] -= reduced[k][row * width + column] * b.blocks[k][row]
          }
        }
      }
      let top = border.solve(right)
      var result = Vector(blocks: [], border: top)
      for (k, block) in system.blocks.enumerated() {
        let width = block.touched.count
        var x = blocks[k].solve(b.blocks[k])
        for row in 0..<block.count {
          for column in 0..<width {
            x[row] -= reduced[k][row * width + column] * top[block.touched[column]]
          }
        }
        result.blocks.append(x)
      }
      return result
    }

    /// The diagonal of `H⁻¹`.
    func inverseDiagonal() -> Vector {
      let n = system.borderCount
      let top = border.inverse()
      var result = Vector(blocks: [], border: (0..<n).map { top[$0 * n + $0] })
      for (k, block) in system.blocks.enumerated() {
        let own = blocks[k].inverse()
        let width = block.touched.count
        result.blocks.append(
          (0..<block.count).map { row in
            var sum = own[row * block.count + row]
            for i in 0..<width {
              for j in 0..<width {
                sum +=
                  reduced[k][row * width + i] * reduced[k][row * width + j]
                  * top[block.touched[i] * n + block.touched[j]]
              }
            }
            return sum
          })
      }
      return result
    }
  }
}
