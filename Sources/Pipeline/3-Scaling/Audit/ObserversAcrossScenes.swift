public import Domain
import Statistics

/// The audit of a scene with what findings over several scenes need.
public struct AuditedScene: Sendable {
  /// What was found.
  public let audit: SceneAudit
  /// What the scale takes the choice of pairs for.
  public let choice: PairChoice
  let observers: [ObserverID]
  let statistics: [ObserverStatistic]
}

/// One statistic of every observer of a scene, with its replicates.
struct ObserverStatistic: Sendable {
  /// What the statistic tells.
  enum Kind: CaseIterable {
    case sideBias
    case lapses
    case sensitivity
    case fit

    /// The kind of a probe's statistics of observers; nil for probes that have none.
    init?(probe: any VoteProbe) {
      switch probe {
      case is SideBiasProbe: self = .sideBias
      case is LapseProbe: self = .lapses
      case is SensitivityProbe: self = .sensitivity
      case is ObserverFitProbe: self = .fit
      default: return nil
      }
    }

    /// How many statistics of all observers stand before those of single ones.
    var common: Int { self == .sideBias || self == .lapses ? 1 : 0 }

    var probe: AuditProbe {
      switch self {
      case .sideBias: .sideBias
      case .lapses: .lapses
      case .sensitivity: .sensitivity
      case .fit: .observerFit
      }
    }
  }

  let kind: Kind
  /// The statistic of every observer.
  let found: [Double]
  /// The same of every replicate.
  let replicates: [[Double]]
  /// The information about the effect, where the statistic is a slope; else the number of votes.
  let information: [Double]

  init(_ kind: Kind, _ votes: ScoredVotes, _ found: [Double], _ rows: [[Double]]) {
    let observers = votes.layout.observers
    self.kind = kind
    self.found = Array(found.dropFirst(kind.common).prefix(observers))
    replicates = rows.map { Array($0.dropFirst(kind.common).prefix(observers)) }
    information = votes.layout.byObserver.map { list in
      list.reduce(0.0) { sum, vote -> Double in
        let (x, weight) = (votes.distance[vote], votes.information[vote])
        return switch kind {
        case .sideBias: sum + weight * ThurstoneLink.unitsPerJOD
        case .sensitivity: sum + x * x * weight
        case .lapses, .fit: sum + 1
        }
      }
    }
  }
}

/// Findings about observers over all scenes that they judged: what no single scene has enough votes
/// for.
///
/// Statistics of the same observer are added up, and so are their replicates.
///
/// - Parameter scenes: The scenes of a study.
/// - Returns: One finding for each probe of observers; none for a single scene.
public func auditObservers(_ scenes: [AuditedScene]) -> [AuditFinding] {
  guard scenes.count > 1 else { return [] }
  return ObserverStatistic.Kind.allCases.map { pooled($0, scenes) }
}

private func pooled(_ kind: ObserverStatistic.Kind, _ scenes: [AuditedScene]) -> AuditFinding {
  let observers = Set(scenes.flatMap(\.observers)).sorted()
  let place = Dictionary(uniqueKeysWithValues: zip(observers, observers.indices))
  let rows = scenes.compactMap { $0.statistics.first { $0.kind == kind }?.replicates.count }.min()
  var found = [Double](repeating: 0, count: observers.count)
  var (information, scenesJudged) = (found, found)
  var replicates = [[Double]](
    repeating: Array(repeating: 0, count: rows ?? 0), count: observers.count)
  for scene in scenes {
    guard let statistic = scene.statistics.first(where: { $0.kind == kind }) else { continue }
    for (index, observer) in scene.observers.enumerated() {
      guard let one = place[observer] else { continue }
      found[one] += statistic.found[index]
      information[one] += statistic.information[index]
      scenesJudged[one] += 1
      for row in replicates[one].indices {
        replicates[one][row] += statistic.replicates[row][index]
      }
    }
  }
  let p = MultipleTesting.holm.adjust(
    observers.indices.map { index in
      let reference = ReferenceDistribution(replicates[index])
      return switch kind {
      case .sideBias: reference.twoSided(found[index])
      case .sensitivity: reference.lowerTail(found[index])
      case .lapses, .fit: reference.upperTail(found[index])
      }
    })
  var items: [AuditItem] = []
  var verdict = AuditVerdict.fine
  for index in observers.indices.sorted(by: { p[$0] < p[$1] }) {
    let effect = information[index] > 0 ? found[index] / information[index] : 0
    let size: Double =
      switch kind {
      case .sideBias: abs(effect) / 0.3
      case .sensitivity: -effect / 0.4
      case .lapses, .fit: 1
      }
    let own: AuditVerdict =
      p[index] < AuditLimits.fault && size >= 1
      ? .fault : p[index] < AuditLimits.look && size >= 0.25 ? .look : .fine
    guard own > .fine else { continue }
    verdict = max(verdict, own)
    items.append(
      AuditItem(
        observers[index].text, p: p[index],
        sentence(kind, observers[index], effect, scenes: Int(scenesJudged[index]))))
  }
  return AuditFinding(
    kind.probe, verdict,
    items.isEmpty
      ? "No observer stands out over all scenes."
      : "Over all scenes: \(AuditText.listed(items.map(\.name))).", p: p.min(), items: items)
}

private func sentence(
  _ kind: ObserverStatistic.Kind, _ observer: ObserverID, _ effect: Double, scenes: Int
) -> String {
  let scenes = AuditText.counted(scenes, "scene", "scenes")
  return switch kind {
  case .sideBias:
    "Over \(scenes) \(observer) favors photo \(effect > 0 ? "A" : "B") by about "
      + "\(AuditText.number(abs(effect))) JOD."
  case .lapses: "Over \(scenes) \(observer) seems to answer blindly now and then."
  case .sensitivity:
    "Over \(scenes) \(observer) tells photos apart less well than the others: sensitivity about "
      + "\(AuditText.number(max(1 + effect, -2))), where 1 is usual."
  case .fit: "Over \(scenes) the answers of \(observer) are less probable than expected."
  }
}
