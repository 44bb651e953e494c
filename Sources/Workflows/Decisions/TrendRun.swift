import Decision
public import Domain
import Files
import Foundation
import Studies

/// How candidates stood against one baseline, from a history of verdicts or from votes or scores of
/// several builds.
public enum TrendRun {
  /// The trend of a history.
  ///
  /// - Parameters:
  ///   - path: a file that `vernier verdict` wrote with its option for a history.
  ///   - baseline: what candidates were compared with; nil where the history knows only one.
  ///   - attributes: the attributes to take; nil takes all.
  /// - Returns: the latest look at every candidate, in the order in which they first came.
  /// - Throws: `InputError` for a history that can't be read, and for a baseline or an attribute
  ///   that it lacks.
  public static func trend(
    history path: String, baseline: String? = nil, attributes: [Attribute]? = nil
  ) throws(InputError) -> Trend {
    guard FileManager.default.fileExists(atPath: path) else {
      throw InputError(
        path, "there is no such history", remedy: "write one with vernier verdict --history")
    }
    let entries = try VerdictHistory.read(path)
    let known = Set(entries.map(\.baseline)).sorted()
    let all = known.prefix(12).joined(separator: ", ")
    guard let baseline = baseline ?? (known.count == 1 ? known[0] : nil), known.contains(baseline)
    else {
      throw InputError(
        path,
        known.isEmpty
          ? "holds no verdict"
          : baseline.map { "holds no verdict against «\($0)»" }
            ?? "holds verdicts against \(known.count) baselines",
        remedy: known.isEmpty ? "run vernier verdict with --history" : "give one of \(all)")
    }
    var points = points(entries, baseline: baseline)
    if let attributes {
      let held = Set(points.map(\.attribute))
      for attribute in attributes where !held.contains(attribute) {
        throw InputError(
          Setting("attribute"), "«\(attribute)» is not in \(path)",
          remedy: "give one of \(held.sorted().map(\.text).joined(separator: ", "))")
      }
      points = points.filter { attributes.contains($0.attribute) }
    }
    return Trend(baseline: baseline, points: changePoints(points))
  }

  /// The trend of several builds, each judged as `vernier verdict` does.
  ///
  /// - Parameters:
  ///   - run: the verdict on one candidate; its candidate is replaced.
  ///   - candidates: the builds, the oldest first; nil takes all other groups, by name with numbers
  ///     in their order.
  ///   - observer: hears progress.
  /// - Returns: the trend.
  /// - Throws: `InputError` for input that can't be used.
  public static func trend(
    _ run: VerdictRun, candidates: [String]?, observer: WorkflowObserver = .silent
  ) throws -> Trend {
    let named = try run.groups.baseline(run.baseline)
    let baseline = named?.group ?? run.baseline
    let groups = try PhotoGroups(
      run.groups.grouped(by: named?.field), needed: [baseline] + (candidates ?? []))
    let order =
      candidates
      ?? groups.names.filter { $0 != baseline }
      .sorted { $0.compare($1, options: .numeric) == .orderedAscending }
    guard Set(order).count == order.count, !order.isEmpty else {
      throw InputError(
        Setting("candidates"), order.isEmpty ? "there is no other group" : "one is named twice",
        remedy: "name each build once, the oldest first")
    }
    var entries: [HistoryEntry] = []
    var (notices, notes): ([String], [String]) = ([], [])
    for (index, candidate) in order.enumerated() {
      var own = run
      (own.candidate, own.history, own.plan) = (candidate, nil, nil)
      // Remarks on the files are the same for every build.
      let verdict = try own.run(observer: index == 0 ? remarks(for: observer) : .silent).verdict
      for notice in verdict.notices where !notices.contains(notice) { notices.append(notice) }
      for found in verdict.attributes where found.finding == nil {
        notes.append("\(candidate), \(found.attribute): no scene shows both; it is left out.")
      }
      entries.append(HistoryEntry(verdict))
      observer.progress("judging builds", index + 1, of: order.count)
    }
    if candidates == nil {
      notes.append("The builds are in the order of their names: \(order.joined(separator: ", ")).")
    }
    return Trend(
      baseline: run.baseline,
      points: changePoints(points(entries, baseline: run.baseline)),
      notices: notices.filter { !$0.hasPrefix("A part is worse") }, notes: notes)
  }

  /// Passes on what the user should know, without progress.
  private static func remarks(for observer: WorkflowObserver) -> WorkflowObserver {
    WorkflowObserver { event in
      if case .note(let text) = event { observer.note(text) }
    }
  }

  /// The latest look at every candidate, in the order in which they first came.
  static func points(_ entries: [HistoryEntry], baseline: String) -> [TrendPoint] {
    var latest: [String: HistoryEntry] = [:]
    var order: [String] = []
    for entry in entries where entry.baseline == baseline {
      if latest.updateValue(entry, forKey: entry.candidate) == nil { order.append(entry.candidate) }
    }
    return order.flatMap { candidate in
      (latest[candidate]?.attributes ?? []).map { found in
        TrendPoint(
          candidate: candidate, attribute: found.attribute, difference: found.difference,
          low: found.low, high: found.high, standardError: found.standardError, votes: found.votes)
      }
    }
  }
}
