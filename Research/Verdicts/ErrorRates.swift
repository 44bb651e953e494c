import Decision
import Documents
import Domain
import Scaling
import Statistics

/// How often verdicts are wrong, and how often they are reached.
enum ErrorRates {
  /// What became of many studies.
  struct Counts {
    var outcomes: [Outcome: Int] = [:]
    /// Attributes that are called something that is not so, over all attributes.
    var anyFalse = 0
    var held = 0
    var attributes = 0

    mutating func add(_ verdict: Verdict, truth: Double, margin: Double) {
      var isFalse = false
      for found in verdict.attributes {
        outcomes[found.outcome, default: 0] += 1
        attributes += 1
        if let finding = found.finding, finding.low <= truth, finding.high >= truth { held += 1 }
        switch found.outcome {
        case .better: isFalse = isFalse || truth <= 0
        case .worse: isFalse = isFalse || truth >= 0
        case .equivalent: isFalse = isFalse || abs(truth) >= margin
        case .inconclusive: break
        }
      }
      anyFalse += isFalse ? 1 : 0
    }

    func share(_ outcome: Outcome) -> String {
      percent(Double(outcomes[outcome] ?? 0) / Double(max(attributes, 1)))
    }

    func row(runs: Int) -> [String] {
      [
        share(.better), share(.equivalent), share(.worse), share(.inconclusive),
        percent(Double(anyFalse) / Double(runs)),
        percent(Double(held) / Double(max(attributes, 1))),
      ]
    }

    private func percent(_ share: Double) -> String { NumberFormat.fixed(100 * share, 1) }
  }

  static let columns = [
    "Scenes", "tau", "True difference", "better", "equivalent", "worse", "inconclusive",
    "any false, of both", "interval holds",
  ]

  /// One look at the end.
  static func printFixed(runs: Int) throws {
    var rows: [[String]] = []
    for scenes in [5, 12, 30, 50] {
      for tau in [0, 0.5, 1.5] {
        for mean in [0, 0.5, 1] {
          let campaign = SimulatedCampaign(mean: mean, tau: tau, scenes: scenes)
          let verdicts = try Parallel.map(
            count: runs, state: {},
            body: { _, run in
              try SimulatedCampaign.verdict(
                campaign.judgements(seed: seed(run, scenes, tau, mean)),
                settings: DecisionSettings())
            })
          var counts = Counts()
          for verdict in verdicts { counts.add(verdict, truth: mean, margin: 0.5) }
          rows.append(
            ["\(scenes)", "\(tau)", "\(mean)"] + counts.row(runs: runs))
        }
      }
    }
    print(
      TextTable(
        caption: "One look, margin 0.5 JOD, two attributes, \(runs) studies a row, in percent",
        columns: columns, rows: rows
      ).markdown())
  }

  /// Looks after every eighth of the votes; a study stops at the first outcome.
  static func printSequential(runs: Int) throws {
    var rows: [[String]] = []
    for isSequential in [false, true] {
      for tau in [0, 0.5] {
        for mean in [0, 0.5, 1] {
          let campaign = SimulatedCampaign(
            mean: mean, tau: tau, scenes: 20, votes: 192, attributes: 1)
          let settings = sequential(isSequential)
          let looks = try Parallel.map(
            count: runs, state: {},
            body: { _, run in
              try stopped(
                campaign.judgements(seed: seed(run, 20, tau, mean)), settings: settings)
            })
          var counts = Counts()
          for look in looks { counts.add(look.verdict, truth: mean, margin: 0.5) }
          let votes = Descriptive.mean(looks.map { Double($0.votes) })
          rows.append(
            [isSequential ? "sequential" : "fixed tests", "\(tau)", "\(mean)"]
              + counts.row(runs: runs) + [NumberFormat.fixed(votes, 0)])
        }
      }
    }
    print(
      TextTable(
        caption:
          "Eight looks, 20 scenes, margin 0.5 JOD, one attribute, \(runs) studies a row, in percent",
        columns: ["Tests"] + columns.dropFirst() + ["Votes"], rows: rows
      ).markdown())
  }

  private static func sequential(_ isSequential: Bool) -> DecisionSettings {
    var settings = DecisionSettings()
    settings.isSequential = isSequential
    return settings
  }

  private static func stopped(
    _ judgements: [[SceneJudgements]], settings: DecisionSettings
  ) throws -> (verdict: Verdict, votes: Int) {
    let votes = judgements[0][0].votes.count
    for look in 1...8 {
      let count = votes * look / 8
      let verdict = try SimulatedCampaign.verdict(
        judgements.map { scenes in scenes.map { $0.first(count) } }, settings: settings)
      if verdict.outcome != .inconclusive || look == 8 {
        return (verdict, count * judgements[0].count)
      }
    }
    preconditionFailure("the last look returns")
  }

  private static func seed(_ run: Int, _ scenes: Int, _ tau: Double, _ mean: Double) -> UInt64 {
    UInt64(run) * 1_000_003 + UInt64(scenes) * 1009 + UInt64(10 * tau) * 31 + UInt64(10 * mean)
  }
}

extension SceneJudgements {
  /// The same with the first votes only.
  fileprivate func first(_ count: Int) -> Self {
    SceneJudgements(
      scene: scene, attribute: attribute, photos: photos, observers: observers,
      votes: Array(votes.prefix(count)))
  }
}
