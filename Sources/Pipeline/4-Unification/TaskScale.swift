import Statistics

/// The scale that the votes of one task of a joint study give by themselves.
struct TaskScale {
  /// Positions on the task's own scale, in JOD, with mean 0.
  let scores: [Double]
  /// Their covariance, row-major, from the observed information.
  let covariance: [Double]
}

extension JointLikelihood {
  /// The scale of every task alone: the scenes', then that across scenes; nil for one that has
  /// none.
  func ownScales(of photosOfTask: [[Int]]) -> [TaskScale?] {
    photosOfTask.enumerated().map { own(task: $0, of: $1) }
  }

  /// The variance of the prior that `vernier scale` takes by default, in JOD².
  ///
  /// With a wider one, photos that won all their votes would lead a line.
  private static let ownPriorVariance = 25.0

  /// The scale that one task's votes give by themselves; nil where the search fails.
  func own(task: Int, of photos: [Int]) -> TaskScale? {
    let n = photos.count
    let place = Dictionary(uniqueKeysWithValues: zip(photos, photos.indices))
    let own = votes.compactMap { vote -> Votes? in
      guard vote.task == task, let i = place[vote.first], let j = place[vote.second] else {
        return nil
      }
      return Votes(
        first: i, second: j, firstWins: vote.firstWins, secondWins: vote.secondWins, task: 0)
    }
    let alone = Self(
      sceneOfPhoto: [Int](repeating: 0, count: n), votes: own, scenes: 1, reference: 0,
      priorVariance: min(priorVariance, Self.ownPriorVariance),
      sensitivitySpread: sensitivitySpread)
    let start = Unknowns(positions: [Double](repeating: 0, count: n), logSensitivities: [0, 0])
    guard let solution = alone.solve(startingAt: start) else { return nil }
    let mean = Descriptive.mean(solution.unknowns.positions)
    let columns = (0..<n).flatMap { photo in
      alone.positions(of: solution.factor.solve(alone.vector(photos: [(photo, 1)], tasks: [])))
    }
    return TaskScale(
      scores: solution.unknowns.positions.map { $0 - mean },
      covariance: centeredCovariance(columns, count: n))
  }
}

extension JointLikelihood {
  /// The most probable positions at sensitivities that are known from elsewhere, with the errors
  /// of both; nil when the search does not settle.
  func solve(with sensitivities: JointSensitivities, startingAt start: Unknowns) -> Solution? {
    var begin = start
    begin.logSensitivities = sensitivities.logarithms
    guard let held = solve(startingAt: begin, holdingSensitivities: true) else { return nil }
    // The precision of the sensitivities is the Schur complement of their part of the Hessian.
    var hessian = derivatives(held.unknowns, expected: false).hessian
    let slopes = (0...scenes).compactMap { slope($0) }
    let columns = slopes.map { column(of: $0, in: hessian) }
    let moves = columns.map { held.factor.solve($0) }
    for (i, row) in slopes.enumerated() {
      for (j, column) in slopes.enumerated() {
        hessian.border[row * hessian.borderCount + column] =
          sensitivities.precision[i * slopes.count + j] + columns[i].dot(moves[j])
      }
    }
    return hessian.factored().map {
      Solution(unknowns: held.unknowns, factor: $0, iterations: held.iterations)
    }
  }

  /// A sensitivity's column of the Hessian, in the rows of the photos.
  private func column(of slope: Int, in hessian: BorderedSystem) -> BorderedSystem.Vector {
    var result = zero
    for row in 0..<firstSlope {
      result.border[row] = hessian.border[row * hessian.borderCount + slope]
    }
    for (number, block) in hessian.blocks.enumerated() {
      guard let column = columns[number][slope] else { continue }
      for row in 0..<block.count {
        result.blocks[number][row] = block.border[row * block.touched.count + column]
      }
    }
    return result
  }
}
