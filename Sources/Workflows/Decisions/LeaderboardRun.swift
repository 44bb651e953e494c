import Decision
public import Domain
public import Files
import Scaling
public import ScalingWorkflow
import Statistics

/// Ranks the groups of a study, such as devices, by people's votes.
public struct LeaderboardRun: Sendable {
  /// The votes.
  public var votes: String
  /// Where it stands which photos belong to which group.
  public var groups: GroupSource
  /// How votes become scales.
  public var plan: ScalingPlan
  /// The attributes; nil takes all.
  public var attributes: [Attribute]?
  /// The facts that slices are made by.
  public var slices: [String] = []

  /// Plans a run.
  public init(votes: String, groups: GroupSource, plan: ScalingPlan) {
    (self.votes, self.groups, self.plan) = (votes, groups, plan)
  }

  /// Ranks the groups; writes nothing.
  ///
  /// - Parameter observer: hears progress, and of scenes and slices that can't be used.
  /// - Returns: the leaderboard.
  /// - Throws: `InputError` for input that can't be used, and where no attribute can be ranked.
  public func run(observer: WorkflowObserver = .silent) throws -> Leaderboard {
    let groups = try PhotoGroups(groups)
    let scenes = try scaled(groups, observer)
    var boards: [Leaderboard.Board] = []
    var notes: [String] = []
    for attribute in Set(scenes.map(\.judgements.attribute)).sorted() {
      let own = scenes.filter { $0.judgements.attribute == attribute }
      guard var board = rank(evidence(attribute, own, groups)) else {
        notes.append(
          "\(attribute): no ranking; it takes groups that meet in at least two scenes, and chains of "
            + "scenes that connect them all.")
        continue
      }
      board.addBelowReferences(own.map(\.scaled), groups, level: 0.95)
      boards.append(board)
    }
    guard !boards.isEmpty else {
      throw InputError(
        votes, "no attribute can be ranked",
        remedy: "judge photos of at least two groups of \(groups.place) in at least two scenes")
    }
    for field in slices {
      let values = values(of: field, scenes, groups)
      guard !values.isEmpty else {
        throw InputError(
          Setting("slices"), "«\(field)» is not known for any photo",
          remedy: "add it to the study or as a column of the groups, or leave it out")
      }
      for board in boards where board.slice == nil {
        for value in values {
          let own = scenes.filter { $0.judgements.attribute == board.attribute }
          let part = evidence(board.attribute, own, groups, slice: (field, value))
          if let board = rank(part) {
            boards.append(board)
          } else {
            notes.append("\(board.attribute), \(field) \(value): too few scenes to rank.")
          }
        }
      }
    }
    let few = Set(
      boards.filter { $0.slice == nil }.flatMap(\.rows).filter(\.hasFewScenes).map(\.group))
    if !few.isEmpty {
      notes.append(
        "Few scenes (fewer than 5), so that their place says little: "
          + few.sorted().joined(separator: ", ") + ".")
    }
    return Leaderboard(
      boards: boards, confidenceLevel: 0.95, notices: try Notices.ofVotes(votes), notes: notes)
  }

  /// What the leaderboard depends on.
  ///
  /// - Throws: `InputError` when a file can't be read.
  public func provenance() throws(InputError) -> Provenance {
    var inputs = [votes]
    if case .list(let path) = groups { inputs.append(path) }
    return Provenance(
      command: ["leaderboard"], seed: plan.settings.seed,
      settings: ["slices": .text(slices.joined(separator: ","))],
      inputs: try Provenance.digests(of: inputs))
  }

  private struct Scene {
    let judgements: SceneJudgements
    let scaled: ScaledScene
  }

  private func scaled(
    _ groups: PhotoGroups, _ observer: WorkflowObserver
  ) throws -> [Scene] {
    var plan = plan
    plan.settings.bootstraps = 0
    let chosen = try SceneVotes.read(
      votes, attributes: attributes, about: groups.place, observer: observer
    ) { groups[$0, $1] != nil }
    var scenes: [Scene] = []
    for (index, judgements) in chosen.enumerated() {
      let name = "\(votes), scene \(judgements.scene), \(judgements.attribute)"
      let found = observer.attempt(name) { [plan] in try plan.scaled(judgements) }
      if let found { scenes.append(Scene(judgements: judgements, scaled: found)) }
      observer.progress("scaling scenes", index + 1, of: chosen.count)
    }
    return scenes
  }

  private func values(
    of field: String, _ scenes: [Scene], _ groups: PhotoGroups
  ) -> [String] {
    Set(
      scenes.flatMap { scene in
        scene.judgements.photos.compactMap { photo in
          groups[scene.judgements.scene, photo]?.facts
            .value(of: field, scene: scene.judgements.scene)
        }
      }
    ).sorted()
  }

  /// The mean position of every group in every scene, with the covariance of the means.
  private func evidence(
    _ attribute: Attribute, _ scenes: [Scene], _ groups: PhotoGroups,
    slice: (field: String, value: String)? = nil
  ) -> BoardEvidence {
    var index: [String: Int] = [:]
    var found: [BoardEvidence.Group] = []
    var parts: [NetworkMetaAnalysis.Scene] = []
    for scene in scenes {
      var members: [String: [Int]] = [:]
      for (photo, name) in scene.judgements.photos.enumerated() {
        guard let member = groups[scene.judgements.scene, name] else { continue }
        if let slice,
          member.facts.value(of: slice.field, scene: scene.judgements.scene) != slice.value
        {
          continue
        }
        members[member.group, default: []].append(photo)
      }
      let names = members.keys.sorted()
      guard names.count > 1 else { continue }
      let sums = names.map { name in
        let own = members[name] ?? []
        return LinearCombination(own.map { ($0, 1 / Double(own.count)) })
      }
      for name in names {
        let place = index[name] ?? found.count
        if index[name] == nil {
          index[name] = place
          found.append(BoardEvidence.Group(name: name, photos: 0, votes: 0))
        }
        let own = members[name] ?? []
        found[place].photos += own.count
        found[place].votes += own.reduce(0) { $0 + scene.scaled.scale.photos[$1].comparisons }
      }
      let estimates = scene.scaled.estimates
      let (count, covariance) = (estimates.positions.count, estimates.covariance)
      parts.append(
        NetworkMetaAnalysis.Scene(
          groups: names.map { index[$0] ?? 0 }, values: sums.map { estimates.value($0) },
          covariance: sums.flatMap { first in
            sums.map { second in first.covariance(with: second, covariance, of: count) }
          }))
    }
    return BoardEvidence(
      attribute: attribute, slice: slice.map { "\($0.field) \($0.value)" }, groups: found,
      scenes: parts)
  }
}

extension LinearCombination {
  /// The covariance of two sums of positions, from the positions' covariance given row-major.
  fileprivate func covariance(
    with other: LinearCombination, _ matrix: [Double], of count: Int
  ) -> Double {
    var sum = 0.0
    for one in terms {
      for two in other.terms {
        sum += one.weight * two.weight * matrix[one.index * count + two.index]
      }
    }
    return sum
  }
}
