import Domain
import Preparation
import Scaling
import Statistics
import Studies

/// A picture that should land in a gap.
struct BridgeProposal {
  let source: BridgeStudy.Reference
  /// The recipe, its noise still without a seed.
  let recipe: DegradationRecipe
  /// By how much the source is expected to be better.
  let expectedLoss: Double
  /// Where the picture is expected on the scale.
  var position: Double { source.position - expectedLoss }
}

/// What is proposed for one gap.
struct GapProposals {
  var proposals: [BridgeProposal] = []
  /// The number of pictures that are there and expected in the gap.
  var waiting = 0
  /// Why a part of the gap stays without a picture; empty when all of it gets some.
  var problem = ""
}

/// Chooses recipes for gaps, one gap after the other.
///
/// A gap gets as many evenly spaced targets as keep the steps within half of the allowed width.
/// Each target takes a picture that waits there already, else a new one: references above the
/// gap and families of recipes (sharpening and noise) take turns, so that one quality is reached in
/// different ways, as with cameras. In the family the recipe is taken whose expected loss is nearest
/// to what is needed; when it misses by more than a quarter of a step, any other family may serve.
struct BridgeProposals {
  private let study: BridgeStudy
  private let plan: BridgePlan
  private let recipes: [DegradationRecipe]
  private let families: [DegradationRecipe.Family]
  /// The pictures that wait for votes, where they are expected.
  private var waiting: [Double]
  /// The recipes that each reference served already.
  private var used: [Int64: Set<DegradationRecipe>] = [:]
  private var turn = 0

  init(_ study: BridgeStudy, _ plan: BridgePlan) throws(InputError) {
    (self.study, self.plan) = (study, plan)
    recipes = try plan.grid.recipes()
    var families: [DegradationRecipe.Family] = []
    for recipe in recipes where !families.contains(recipe.family) { families.append(recipe.family) }
    self.families = families
    waiting = study.pictures.filter { !$0.isPlaced }.compactMap { study.expectedPosition($0) }
    for picture in study.pictures {
      used[picture.source.id, default: []].insert(picture.recipe.seeded(0))
    }
  }

  /// The pictures for one gap.
  mutating func next(_ gap: ScaleStep) -> GapProposals {
    var result = GapProposals()
    let positions = study.scale.estimates.positions
    let (low, high) = (positions[gap.lower], positions[gap.upper])
    let count = max(1, Int((gap.width / plan.aimedStep).rounded(.up)) - 1)
    let step = gap.width / Double(count + 1)
    let sources = study.references.filter { $0.position >= high }
    for number in 1...count {
      let target = low + Double(number) * step
      let turn = turn
      self.turn += 1
      if let place = nearestWaiting(target, within: step / 2) {
        waiting.remove(at: place)
        result.waiting += 1
        continue
      }
      guard !sources.isEmpty else {
        result.problem = "no reference of \(plan.scene) stands above it"
        continue
      }
      guard let found = choose(target, step: step, sources, turn: turn) else {
        result.problem = "no recipe of the lists lands there"
        continue
      }
      used[found.source.photo.id, default: []].insert(found.recipe)
      result.proposals.append(found)
    }
    return result
  }

  private func nearestWaiting(_ target: Double, within reach: Double) -> Int? {
    waiting.indices.filter { abs(waiting[$0] - target) <= reach }
      .min { abs(waiting[$0] - target) < abs(waiting[$1] - target) }
  }

  private func choose(
    _ target: Double, step: Double, _ sources: [BridgeStudy.Reference], turn: Int
  ) -> BridgeProposal? {
    for offset in sources.indices {
      let source = sources[(turn + offset) % sources.count]
      let needed = source.position - target
      let family = families[turn % families.count]
      if let own = nearest(needed, source, within: step / 4, { $0.family == family })
        ?? nearest(needed, source, within: step / 2, { _ in true })
      {
        return own
      }
    }
    return nil
  }

  private func nearest(
    _ needed: Double, _ source: BridgeStudy.Reference, within reach: Double,
    _ isWanted: (DegradationRecipe) -> Bool
  ) -> BridgeProposal? {
    let taken = used[source.photo.id] ?? []
    var best: BridgeProposal?
    for recipe in recipes where isWanted(recipe) && !taken.contains(recipe) {
      let loss = study.expected.jod(of: recipe)
      let error = abs(loss - needed)
      guard error <= reach, error < best.map({ abs($0.expectedLoss - needed) }) ?? .infinity else {
        continue
      }
      best = BridgeProposal(source: source, recipe: recipe, expectedLoss: loss)
    }
    return best
  }
}
