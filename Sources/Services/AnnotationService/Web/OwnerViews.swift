import Documents
import Domain
import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import Studies

extension AnnotationRoutes {
  /// The owner's frame: navigation, and a region that follows the study.
  func ownerPage(
    _ request: Request, _ owner: Identity, _ key: String, isLive: Bool = false,
    _ content: (Texts) -> HTMLTemplate
  ) -> Response {
    page(request, identity: owner, script: "owner.js", isObservers: false) { texts in
      // Who is shown concerns nobody but the owner.
      let people = owner.role == .owner ? [("/owner/people", "owner.people")] : []
      let photos = [("/owner", "owner.coverage"), ("/owner/photos", "owner.photos")] + people
      let places =
        photos + [
          ("/owner/guidelines", "owner.guidelines"), ("/owner/observers", "owner.observers"),
          ("/owner/remarks", "owner.remarks"), ("/owner/stations", "owner.stations"),
          ("/owner/scale", "owner.scale"), ("/owner/exports", "owner.exports"),
          ("/owner/settings", "owner.settings"), ("/owner/audit", "owner.audit"),
        ]
      let links: [HTMLTemplate] = places.map { place, name in
        let mark: HTMLTemplate = name == key ? " aria-current=\"page\"" : ""
        return "<a href=\"\(place)\"\(mark)>\(texts(name))</a>"
      }
      let follow: HTMLTemplate = isLive ? " data-live=\"1\"" : ""
      return (
        texts(key),
        """
        <header class="bar"><strong>\(study.name)</strong><nav aria-label="\(texts("owner.nav"))">\
        \(links)</nav><button type="button" id="leave">\(texts("owner.leave"))</button></header>
        <main data-role="\(owner.role.rawValue)"\(follow)><h1>\(texts(key))</h1>\(content(texts))</main>
        """
      )
    }
  }

  func coverage(_ request: Request, _ owner: Identity) async throws -> Response {
    let tasks = try await study.coverage()
    let problem = await planner.problem
    let people = try await study.observerCount()
    let practice = study.settings.goldenShare > 0 ? study.settings.trainingPairs : 0
    return ownerPage(request, owner, "owner.coverage", isLive: true) { texts in
      let rows: [HTMLTemplate] = tasks.map { task in
        let width = task.medianWidth.map { Self.number($0, 2) } ?? "–"
        return """
          <tr><th scope="row">\(task.name)\(task.isCrossScene ? " ✕" : "")</th>
          <td>\(task.attribute)</td><td class="n">\(task.photos)</td>
          <td class="n">\(task.votes)</td><td><progress max="\(task.target)" value="\(task.votes)" \
          aria-label="\(task.name) \(task.attribute)"></progress></td><td class="n">\(width)</td>
          <td class="n">\(task.open)</td><td class="n">\(task.queued)</td>
          <td>\(texts("coverage.known", "\(task.checks)", "\(task.practice)"))</td>
          <td class="n">\(task.below)</td>
          <td><span class="state \
          \(task.state.rawValue)">\(texts("state." + task.state.rawValue))</span>\
          \(Self.taskButtons(task, owner, texts))</td></tr>
          """
      }
      let heads: [HTMLTemplate] = [
        "scene", "attribute", "photos", "votes", "progress", "width", "open", "queued", "known",
        "below", "state",
      ].map { "<th scope=\"col\"\(Self.side($0))>\(texts("column." + $0))</th>" }
      let warning: HTMLTemplate =
        problem.map { "<p class=\"warning\" role=\"status\">\(texts("owner.problem")) \($0)</p>" }
        ?? ""
      let hint: HTMLTemplate = tasks.isEmpty ? HTMLTemplate.paragraphs(texts("owner.empty")) : ""
      return """
        <div id="live">\(warning)\(Self.impossible(tasks, people, texts))\
        \(Self.fewKnown(tasks, practice, texts))\(hint)<div class="scroll" tabindex="0" role="region" \
        aria-label="\(texts("owner.coverage"))"><table><thead><tr>\(heads)</tr></thead>
        <tbody>\(rows)</tbody></table></div></div>\(HTMLTemplate.paragraphs(texts("owner.coverage.help")))
        """
    }
  }

  /// Which targets can't be reached with the people and photos that there are, and what would do.
  private static func impossible(
    _ tasks: [TaskCoverage], _ people: Int, _ texts: Texts
  ) -> HTMLTemplate {
    let found = tasks.filter { $0.state == .open && $0.photos >= 2 }
      .map { task in
        (task, TaskFeasibility(photos: task.photos, observers: people, target: task.target))
      }
      .filter { !$0.1.isPossible }
    guard let (task, can) = found.first, people > 0 else { return "" }
    let text = texts(
      "coverage.impossible", "\(task.name) · \(task.attribute)", "\(task.photos)",
      "\(can.pairs)", "\(people)", "\(can.possible)", "\(can.target)", "\(can.proposed)",
      number(Double(can.proposed) / Double(task.photos), 1), "\(found.count - 1)")
    return "<div class=\"warning\" role=\"status\">\(HTMLTemplate.paragraphs(text))</div>"
  }

  /// Which tasks have too few pairs with a known answer to say anything about an observer.
  private static func fewKnown(
    _ tasks: [TaskCoverage], _ practice: Int, _ texts: Texts
  ) -> HTMLTemplate {
    let few = tasks.filter { $0.checks < 5 || $0.practice < practice }
    guard !few.isEmpty else { return "" }
    let names = few.prefix(6).map { "\($0.name) · \($0.attribute)" }.joined(separator: ", ")
    let list = few.count > 6 ? names + " …" : names
    return """
      <div class="warning" role="status">\(HTMLTemplate.paragraphs(texts("coverage.known.few", list)))\
      </div>
      """
  }

  /// A link that is shown once.
  func linkCard(_ text: String, _ link: String, _ texts: Texts) -> HTMLTemplate {
    """
    <div class="card" role="status"><p>\(text)</p><p><label \
    for="link">\(texts("invite.link"))</label>
    <input id="link" readonly value="\(link)"></p></div>
    """
  }

  func scale(_ request: Request, _ owner: Identity) async throws -> Response {
    let tasks = try await study.coverage()
    let scores = Dictionary(grouping: try await study.scale(), by: \.task)
    let trust = try await study.trust()
    return ownerPage(request, owner, "owner.scale", isLive: true) { texts in
      let charts: [HTMLTemplate] = tasks.enumerated().map { place, task in
        let entries = (scores[task.task] ?? []).sorted { $0.mean > $1.mean }
        let title = "\(task.name) · \(task.attribute)"
        guard !entries.isEmpty else {
          return "<section><h2>\(title)</h2><p>\(texts("scale.none"))</p></section>"
        }
        return """
          <section><h2>\(title)</h2><p>\(texts("scale.votes", "\(task.votes)"))</p>
          \(Self.trust(trust[task.task], texts))
          <div class="chart">\(ScaleChart.chart(
            entries, id: "scale-\(place)", title: title, unit: texts("scale.unit")))</div>
          <details><summary>\(texts("scale.table"))</summary>\(ScaleChart.table(entries, texts))
          </details></section>
          """
      }
      return """
        <link rel="stylesheet" href="/assets/charts.css"><div id="live">\(charts)</div>\
        \(HTMLTemplate.paragraphs(texts("owner.scale.help")))
        """
    }
  }

  /// How far the intervals of a live scale can be trusted, in words.
  private static func trust(_ trust: ScaleTrust?, _ texts: Texts) -> HTMLTemplate {
    guard let trust else { return "" }
    let notes = trust.notes.map { note -> HTMLTemplate in
      "<li>\(texts("trust." + note.key, note.value))</li>"
    }
    let verdict: HTMLTemplate = notes.isEmpty ? "good" : "warning"
    let title = texts(notes.isEmpty ? "trust.good" : "trust.care")
    let list: HTMLTemplate = notes.isEmpty ? "" : "<ul>\(notes)</ul>"
    return "<div class=\"\(verdict)\"><p>\(title)</p>\(list)</div>"
  }

  func exports(_ request: Request, _ owner: Identity) -> Response {
    ownerPage(request, owner, "owner.exports") { texts in
      let base = "/api/v1/studies/\(study.id)/export"
      return """
        <ul class="links"><li><a href="\(base).csv">scores.csv</a> – \(texts("export.scores"))</li>
        <li><a href="\(base).csv?table=votes">votes.csv</a> – \(texts("export.votes"))</li>
        <li><a href="\(base).jsonl">votes.jsonl</a> – \(texts("export.raw"))</li>
        <li><a href="\(base)s/arena">arena.json</a> – \(texts("export.arena"))</li>
        <li><a href="\(base)s/p910">p910.csv</a> – \(texts("export.p910"))</li>
        <li><a href="\(base)s/codebook">codebook.csv</a> – \(texts("export.codebook"))</li></ul>
        <h2>\(texts("password.title"))</h2><form method="post" action="/owner/password" class="row">
        <input type="hidden" name="csrf" value="\(owner.csrf)">
        <label for="password">\(texts("password.label"))</label><input id="password" \
        name="password" type="password" minlength="12" autocomplete="new-password" required>
        <button>\(texts("password.set"))</button></form>
        """
    }
  }

  /// Heads of numbers are right-aligned, like the numbers.
  static func side(_ column: String) -> HTMLTemplate {
    let words = [
      "scene", "attribute", "progress", "state", "observer", "flags", "known", "kind", "pair",
      "text", "decision",
    ]
    return words.contains(column) ? "" : " class=\"n\""
  }

  /// A number with a fixed count of decimals, with a point.
  static func number(_ value: Double, _ decimals: Int) -> String {
    String(format: "%.\(decimals)f", value)
  }
}

/// The live scale of one task as a chart with a table beside it.
enum ScaleChart {
  /// Points with their 95 % intervals, the best photo on top; `id` must be unique in the page.
  static func chart(_ entries: [ScaleEntry], id: String, title: String, unit: String) -> Markup {
    let items = entries.map { entry in
      IntervalChart.Item(entry.photo, value: entry.mean, interval: Span(entry.low, entry.high))
    }
    return IntervalChart(
      title: title, axis: Axis(unit), itemsTitle: "", items: items, layout: .listed, size: .regular
    ).svg(id: id)
  }

  /// The same numbers as a table.
  static func table(_ entries: [ScaleEntry], _ texts: Texts) -> HTMLTemplate {
    let rows: [HTMLTemplate] = entries.map { entry in
      """
      <tr><th scope="row">\(entry.photo)</th><td>\(entry.scene)</td>
      <td class="n">\(AnnotationRoutes.number(entry.mean, 2))</td>
      <td class="n">\(AnnotationRoutes.number(entry.low, 2))</td>
      <td class="n">\(AnnotationRoutes.number(entry.high, 2))</td>
      <td class="n">\(entry.comparisons)</td></tr>
      """
    }
    let heads: [HTMLTemplate] = ["photo", "scene", "mean", "low", "high", "comparisons"]
      .map { "<th scope=\"col\">\(texts("column." + $0))</th>" }
    return "<table><thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody></table>"
  }
}
