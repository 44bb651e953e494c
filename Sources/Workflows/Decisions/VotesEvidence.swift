import Comparison
import Decision
import Domain
import Scaling
import ScalingWorkflow
import Statistics

/// The scenes of a votes file, scaled once, from which the differences of any part of the photos
/// are taken.
struct VotesEvidence {
  /// One scene and attribute; the scale is nil where the votes give none.
  private struct Scene {
    let judgements: SceneJudgements
    let scaled: ScaledScene?
    let fault: String
  }

  private let scenes: [Scene]
  private let sides: Sides

  /// Scales every scene with photos of either side.
  init(
    votes: String, attributes: [Attribute]?, sides: Sides, plan: ScalingPlan,
    observer: WorkflowObserver
  ) throws {
    self.sides = sides
    var plan = plan
    // Estimates are the same with and without a bootstrap, which only takes time here.
    plan.settings.bootstraps = 0
    let chosen = try SceneVotes.read(
      votes, attributes: attributes, about: "\(sides.baseline) or \(sides.candidate)",
      observer: observer
    ) { sides.member($0, $1) != nil }
    var scenes: [Scene] = []
    for (index, judgements) in chosen.enumerated() {
      do {
        scenes.append(
          Scene(judgements: judgements, scaled: try plan.scaled(judgements), fault: ""))
      } catch {
        scenes.append(Scene(judgements: judgements, scaled: nil, fault: "\(error)"))
      }
      observer.progress("scaling scenes", index + 1, of: chosen.count)
    }
    self.scenes = scenes
  }

  /// The attributes, ascending.
  var attributes: [Attribute] { Set(scenes.map(\.judgements.attribute)).sorted() }

  /// The differences of an attribute, over all photos or those with a value of a fact.
  func evidence(
    _ attribute: Attribute, where holds: (SceneID, Facts) -> Bool = { _, _ in true }
  ) -> AttributeEvidence {
    var excluded: [String] = []
    var parts: [(scene: Scene, paired: PairedPhotos, difference: SceneDifference)] = []
    for scene in scenes where scene.judgements.attribute == attribute {
      do throws(PairedPhotos.Unpaired) {
        guard let paired = try paired(scene.judgements, where: holds) else { continue }
        guard let scaled = scene.scaled else {
          excluded.append(
            "Scene \(scene.judgements.scene) has no scale and is left out (\(scene.fault)).")
          continue
        }
        if let remark = paired.remark { excluded.append(remark) }
        parts.append((scene, paired, SceneDifference(paired.contrast, in: scaled)))
      } catch {
        excluded.append(error.sentence)
      }
    }
    let differences = parts.map(\.difference)
    return AttributeEvidence(
      attribute: attribute,
      scenes: parts.map { part in
        AttributeEvidence.Scene(
          scene: part.difference.scene, effect: part.difference.effect,
          votes: part.scene.judgements.votes.count, baselinePhotos: part.paired.baseline.count,
          candidatePhotos: part.paired.candidate.count)
      }, covariance: errorCovariance(differences),
      degreesOfFreedom: commonDegreesOfFreedom(differences),
      observers: Set(parts.flatMap(\.scene.judgements.observers)).count,
      directVotes: parts.reduce(into: DirectVotes()) { sum, part in
        sum.add(part.scene.judgements, part.paired)
      }, excluded: excluded)
  }

  /// The values of a fact, or the scenes, over the photos of both sides.
  func values(of field: String) -> [String] {
    var values: Set<String> = []
    for scene in scenes {
      for photo in scene.judgements.photos {
        guard let member = sides.member(scene.judgements.scene, photo) else { continue }
        if let value = member.facts.value(of: field, scene: scene.judgements.scene) {
          values.insert(value)
        }
      }
    }
    return values.sorted()
  }

  /// The photos of a scene that stand against each other, with the differences of their scores.
  func examplePairs(_ attribute: Attribute, _ scene: SceneID) -> [ExamplePair] {
    let found = scenes.first {
      $0.judgements.attribute == attribute && $0.judgements.scene == scene
    }
    guard let found, let scaled = found.scaled,
      let paired = try? self.paired(found.judgements)
    else { return [] }
    let positions = scaled.estimates.positions
    return paired.pairs.map { pair in
      ExamplePair(
        baseline: found.judgements.photos[pair.baseline],
        candidate: found.judgements.photos[pair.candidate],
        difference: positions[pair.candidate] - positions[pair.baseline])
    }
  }

  /// The scenes of attributes in which votes would narrow the difference.
  func targets(_ attributes: Set<Attribute>) -> [(judgements: SceneJudgements, ContrastTarget)] {
    scenes.compactMap { scene in
      guard attributes.contains(scene.judgements.attribute), let scaled = scene.scaled,
        let paired = try? paired(scene.judgements)
      else { return nil }
      let count = scenes.count { $0.judgements.attribute == scene.judgements.attribute }
      return (
        scene.judgements,
        ContrastTarget(
          positions: scaled.estimates.positions, covariance: scaled.estimates.covariance,
          contrast: paired.contrast, weight: 1 / Double(count),
          pairs: paired.pairs.map { PhotoPair($0.baseline, $0.candidate) },
          sideSurplus: PairConstraints(scene.judgements, observer: nil).sideSurplus)
      )
    }
  }

  private func paired(
    _ judgements: SceneJudgements, where holds: (SceneID, Facts) -> Bool = { _, _ in true }
  ) throws(PairedPhotos.Unpaired) -> PairedPhotos? {
    let photos = judgements.photos.indices.compactMap { index in
      sides.member(judgements.scene, judgements.photos[index]).flatMap { member in
        holds(judgements.scene, member.facts) ? (index: index, member: member) : nil
      }
    }
    return try PairedPhotos(scene: judgements.scene, photos: photos, sides: sides)
  }
}

extension DirectVotes {
  /// Counts the votes of a scene that put the two sides against each other.
  fileprivate mutating func add(_ judgements: SceneJudgements, _ paired: PairedPhotos) {
    let (old, new) = (Set(paired.baseline), Set(paired.candidate))
    for vote in judgements.votes {
      let candidateIsA = new.contains(vote.a) && old.contains(vote.b)
      guard candidateIsA || (old.contains(vote.a) && new.contains(vote.b)) else { continue }
      switch vote.choice {
      case .tie: ties += 1
      case .a: if candidateIsA { candidate += 1 } else { baseline += 1 }
      case .b: if candidateIsA { baseline += 1 } else { candidate += 1 }
      }
    }
  }
}
