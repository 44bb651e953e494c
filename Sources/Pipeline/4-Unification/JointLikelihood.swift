import Domain
import Glibc
import Statistics

/// The probability of all votes of a study, within scenes and across them, and its derivatives.
///
/// Every photo has one unified position `u`, in JOD of the reference scene. The chance that the
/// first photo of a pair wins is `Φ(t·(u₁ − u₂)/1.4826)`, where the sensitivity `t` belongs to the
/// task: 1 in the reference scene, one `t_j` for the votes within each other scene, one `t_0` for
/// all votes across scenes. Unknown are `u` and `ln t`.
///
/// Priors: the differences as a task sees them are normal around 0, spread over its compared pairs
/// so that together they weigh what an independent normal prior on the task's own scores would
/// weigh; they keep unanimous photos finite. A prior on `u` itself would be smaller with smaller
/// `u` and larger `t`, and so pull all units towards each other: with a variance of 15 JOD² it
/// doubled the errors in simulation. `ln t` is normal around 0, because tasks of one study are
/// rarely very different in sensitivity; `u` has a standard deviation of 100 JOD to fix the origin.
struct JointLikelihood {
  /// Votes on a pair of photos in one task.
  struct Votes {
    /// Numbers of the photos in the whole study.
    let first: Int
    let second: Int
    /// Votes for each, ties as halves.
    let firstWins: Double
    let secondWins: Double
    /// The task: the scene's number, or the number of scenes for votes across scenes.
    let task: Int

    var total: Double { firstWins + secondWins }
  }

  /// Where a photo's position stands among the unknowns.
  private enum Place {
    case own(block: Int, index: Int)
    case border(Int)
  }

  let scenes: Int
  let reference: Int
  let votes: [Votes]
  private let sceneOfPhoto: [Int]
  let priorVariance: Double
  let sensitivitySpread: Double
  /// The precision of the prior on positions, which fixes the origin.
  private let priorPrecision = 1e-4
  /// The precision of the prior on the logarithms of the sensitivities.
  let slopePrecision: Double
  /// Each task's prior precision of a pair's argument.
  private let pairPrecisions: [Double]
  private let places: [Place]
  private let empty: BorderedSystem
  let firstSlope: Int
  /// Where in a block's touched columns a border unknown stands.
  let columns: [[Int: Int]]

  /// What is to be found.
  struct Unknowns {
    /// The unified position of every photo, in JOD of the reference scene.
    var positions: [Double]
    /// The logarithm of each task's sensitivity: the scenes', then the cross-scene task's; 0 for
    /// the reference.
    var logSensitivities: [Double]
  }

  /// - Parameters:
  ///   - sceneOfPhoto: the scene's number of every photo.
  ///   - votes: all votes of the study.
  ///   - scenes: the number of scenes.
  ///   - reference: the scene with sensitivity 1.
  ///   - priorVariance: of the scores on each task's own scale, in JOD².
  ///   - sensitivitySpread: the standard deviation of the prior on `ln t`.
  init(
    sceneOfPhoto: [Int], votes: [Votes], scenes: Int, reference: Int, priorVariance: Double,
    sensitivitySpread: Double
  ) {
    slopePrecision = 1 / (sensitivitySpread * sensitivitySpread)
    (self.sceneOfPhoto, self.priorVariance) = (sceneOfPhoto, priorVariance)
    self.sensitivitySpread = sensitivitySpread
    self.scenes = scenes
    self.reference = reference
    self.votes = votes
    // Σ x²/2v over n photos around their mean is Σ (xᵢ − xₖ)²/2vn over all pairs; here over the
    // compared ones.
    var seen = [Set<Int>](repeating: [], count: scenes + 1)
    var pairs = [Double](repeating: 0, count: scenes + 1)
    for vote in votes {
      seen[vote.task].formUnion([vote.first, vote.second])
      pairs[vote.task] += 1
    }
    pairPrecisions = zip(seen, pairs).map { photos, pairs in
      guard pairs > 0 else { return 0 }
      return JOD.differenceSigma * JOD.differenceSigma / priorVariance
        * Double(photos.count - 1) / (2 * pairs)
    }
    var shared = [Bool](repeating: false, count: sceneOfPhoto.count)
    for vote in votes where vote.task == scenes {
      shared[vote.first] = true
      shared[vote.second] = true
    }
    var counts = [Int](repeating: 0, count: scenes)
    var touched = [[Int]](repeating: [], count: scenes)
    var places: [Place] = []
    var border = 0
    for (photo, scene) in sceneOfPhoto.enumerated() {
      if shared[photo] {
        places.append(.border(border))
        touched[scene].append(border)
        border += 1
      } else {
        places.append(.own(block: scene, index: counts[scene]))
        counts[scene] += 1
      }
    }
    firstSlope = border
    for scene in 0..<scenes where scene != reference {
      touched[scene].append(border + Self.slopeIndex(scene, reference: reference))
    }
    self.places = places
    columns = touched.map { Dictionary(uniqueKeysWithValues: zip($0, $0.indices)) }
    // One sensitivity per task but the reference's: as many as there are scenes.
    empty = BorderedSystem(
      blocks: (0..<scenes).map { BorderedSystem.Block(count: counts[$0], touched: touched[$0]) },
      borderCount: border + scenes)
  }

  /// The same model of other votes.
  func with(_ votes: [Votes]) -> Self {
    Self(
      sceneOfPhoto: sceneOfPhoto, votes: votes, scenes: scenes, reference: reference,
      priorVariance: priorVariance, sensitivitySpread: sensitivitySpread)
  }

  private static func slopeIndex(_ task: Int, reference: Int) -> Int {
    task < reference ? task : task - 1
  }

  /// The border unknown of a task's sensitivity; nil for the reference scene.
  func slope(_ task: Int) -> Int? {
    task == reference ? nil : firstSlope + Self.slopeIndex(task, reference: reference)
  }

  /// The zero vector of the unknowns.
  var zero: BorderedSystem.Vector { empty.zero }

  /// Minus the logarithm of the votes' probability, without the priors.
  func deviance(_ unknowns: Unknowns) -> Double {
    var sum = 0.0
    for vote in votes {
      let z = argument(vote, unknowns)
      if vote.firstWins > 0 { sum -= vote.firstWins * StandardNormal.logCdf(z) }
      if vote.secondWins > 0 { sum -= vote.secondWins * StandardNormal.logCdf(-z) }
    }
    return sum
  }

  /// What is minimized: ``deviance(_:)`` and the priors' part.
  func objective(_ unknowns: Unknowns) -> Double {
    var sum = deviance(unknowns)
    for vote in votes {
      let z = argument(vote, unknowns)
      sum += 0.5 * pairPrecisions[vote.task] * z * z
    }
    for u in unknowns.positions { sum += 0.5 * priorPrecision * u * u }
    for tau in unknowns.logSensitivities { sum += 0.5 * slopePrecision * tau * tau }
    return sum
  }

  private func argument(_ vote: Votes, _ unknowns: Unknowns) -> Double {
    exp(unknowns.logSensitivities[vote.task])
      * (unknowns.positions[vote.first] - unknowns.positions[vote.second]) / JOD.differenceSigma
  }

  /// The gradient and the Hessian of ``objective(_:)``.
  ///
  /// With `expected` the Hessian is its mean over the votes (Fisher's information), which is never
  /// indefinite.
  func derivatives(
    _ unknowns: Unknowns, expected: Bool
  ) -> (gradient: BorderedSystem.Vector, hessian: BorderedSystem) {
    var gradient = empty.zero
    var hessian = empty
    for (photo, place) in places.enumerated() {
      add(priorPrecision * unknowns.positions[photo], to: &gradient, at: place)
      add(priorPrecision, to: &hessian, place, place)
    }
    for task in 0...scenes {
      guard let slope = slope(task) else { continue }
      gradient.border[slope] += slopePrecision * unknowns.logSensitivities[task]
      add(slopePrecision, to: &hessian, .border(slope), .border(slope))
    }
    for vote in votes {
      let z = argument(vote, unknowns)
      let up = StandardNormal.truncation(z)
      let down = StandardNormal.truncation(-z)
      let prior = pairPrecisions[vote.task]
      let first = prior * z + vote.secondWins * down.inverseMills - vote.firstWins * up.inverseMills
      var second = prior + vote.firstWins * up.lambda + vote.secondWins * down.lambda
      if expected {
        let total = vote.firstWins + vote.secondWins
        second = prior + total * up.inverseMills * down.inverseMills
      }
      let unit = exp(unknowns.logSensitivities[vote.task]) / JOD.differenceSigma
      let (i, j) = (places[vote.first], places[vote.second])
      add(first * unit, to: &gradient, at: i)
      add(-first * unit, to: &gradient, at: j)
      add(second * unit * unit, to: &hessian, i, i)
      add(second * unit * unit, to: &hessian, j, j)
      add(-second * unit * unit, to: &hessian, i, j)
      guard let slope = slope(vote.task) else { continue }
      gradient.border[slope] += first * z
      let curvature = expected ? 0 : first
      add(second * z * z + curvature * z, to: &hessian, .border(slope), .border(slope))
      add((second * z + curvature) * unit, to: &hessian, i, .border(slope))
      add(-(second * z + curvature) * unit, to: &hessian, j, .border(slope))
    }
    return (gradient, hessian)
  }

  private func add(_ value: Double, to vector: inout BorderedSystem.Vector, at place: Place) {
    switch place {
    case .own(let block, let index): vector.blocks[block][index] += value
    case .border(let index): vector.border[index] += value
    }
  }

  /// Adds a value to the entry of two unknowns, and to its mirror image when they differ.
  private func add(
    _ value: Double, to hessian: inout BorderedSystem, _ left: Place, _ right: Place
  ) {
    switch (left, right) {
    case (.own(let block, let i), .own(_, let j)):
      let n = hessian.blocks[block].count
      hessian.blocks[block].own[i * n + j] += value
      if i != j { hessian.blocks[block].own[j * n + i] += value }
    case (.border(let i), .border(let j)):
      hessian.border[i * hessian.borderCount + j] += value
      if i != j { hessian.border[j * hessian.borderCount + i] += value }
    case (.own(let block, let row), .border(let index)),
      (.border(let index), .own(let block, let row)):
      guard let column = columns[block][index] else { return }
      let width = hessian.blocks[block].touched.count
      hessian.blocks[block].border[row * width + column] += value
    }
  }

  /// The unknowns moved along a direction.
  func moved(_ unknowns: Unknowns, along step: BorderedSystem.Vector, by share: Double) -> Unknowns
  {
    var result = unknowns
    for (photo, place) in places.enumerated() {
      result.positions[photo] += share * value(of: place, in: step)
    }
    for task in 0...scenes {
      if let slope = slope(task) { result.logSensitivities[task] += share * step.border[slope] }
    }
    return result
  }

  private func value(of place: Place, in vector: BorderedSystem.Vector) -> Double {
    switch place {
    case .own(let block, let index): vector.blocks[block][index]
    case .border(let index): vector.border[index]
    }
  }

  /// The entries that belong to the photos, in their order.
  func positions(of vector: BorderedSystem.Vector) -> [Double] {
    places.map { value(of: $0, in: vector) }
  }

  /// A vector with the given weights on photos and on the tasks' log sensitivities.
  func vector(photos: [(Int, Double)], tasks: [(Int, Double)]) -> BorderedSystem.Vector {
    var result = empty.zero
    for (photo, weight) in photos { add(weight, to: &result, at: places[photo]) }
    for (task, weight) in tasks {
      if let slope = slope(task) { result.border[slope] += weight }
    }
    return result
  }
}

extension JointLikelihood {
  /// A minimum with the factored Hessian there.
  struct Solution {
    let unknowns: Unknowns
    let factor: BorderedSystem.Factor
    let iterations: Int
  }

  /// Newton's method, damped, first with the sensitivities held and Fisher's information, then with
  /// all unknowns.
  ///
  /// - Parameters:
  ///   - start: Where to begin.
  ///   - holdingSensitivities: Whether the sensitivities stay as they are.
  /// - Returns: The minimum; nil when it does not settle within 200 steps.
  func solve(startingAt start: Unknowns, holdingSensitivities: Bool = false) -> Solution? {
    var unknowns = start
    var value = objective(unknowns)
    var damping = 0.0
    for iteration in 1...200 {
      // Fisher's information leads safely into the neighborhood, the Hessian then converges
      // quadratically.
      var (gradient, hessian) = derivatives(unknowns, expected: iteration <= 6)
      if holdingSensitivities || iteration <= 3 { hold(&gradient, &hessian) }
      guard let factor = hessian.factored(damping: damping) else {
        damping = max(4 * damping, 1e-3)
        continue
      }
      let step = factor.solve(gradient)
      let decrement = gradient.dot(step)
      if decrement < 1e-14, iteration > 6, damping == 0 {
        return Solution(unknowns: unknowns, factor: factor, iterations: iteration)
      }
      // No step is longer than 10 JOD or a factor of e per task.
      let longest = max(positions(of: step).map(abs).max() ?? 0, 1e-300)
      let steepest = step.border.suffix(scenes).map(abs).max() ?? 0
      var share = -min(1, 10 / longest, 1 / max(steepest, 1e-300))
      var accepted = false
      for _ in 0..<30 {
        let trial = moved(unknowns, along: step, by: share)
        let trialValue = objective(trial)
        if trialValue <= value + 1e-4 * share * decrement + 1e-12 * abs(value) {
          unknowns = trial
          value = trialValue
          accepted = true
          break
        }
        share /= 2
      }
      damping = accepted ? (damping < 1e-6 ? 0 : damping / 8) : max(4 * damping, 1e-3)
    }
    return nil
  }

  /// Takes the sensitivities out of a step.
  private func hold(_ gradient: inout BorderedSystem.Vector, _ hessian: inout BorderedSystem) {
    for task in 0...scenes {
      guard let slope = slope(task) else { continue }
      gradient.border[slope] = 0
      for other in 0..<hessian.borderCount {
        hessian.border[slope * hessian.borderCount + other] = slope == other ? 1 : 0
        hessian.border[other * hessian.borderCount + slope] = slope == other ? 1 : 0
      }
      guard hessian.blocks.indices.contains(task), let column = columns[task][slope] else {
        continue
      }
      let width = hessian.blocks[task].touched.count
      for row in 0..<hessian.blocks[task].count {
        hessian.blocks[task].border[row * width + column] = 0
      }
    }
  }
}
