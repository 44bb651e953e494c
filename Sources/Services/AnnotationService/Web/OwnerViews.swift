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
    page(request, identity: owner, script: "owner.js") { texts in
      let places = [
        ("/owner", "owner.coverage"), ("/owner/photos", "owner.photos"),
        ("/owner/observers", "owner.observers"), ("/owner/stations", "owner.stations"),
        ("/owner/scale", "owner.scale"), ("/owner/exports", "owner.exports"),
        ("/owner/audit", "owner.audit"),
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
        <main\(follow)><h1>\(texts(key))</h1>\(content(texts))</main>
        """
      )
    }
  }

  func coverage(_ request: Request, _ owner: Identity) async throws -> Response {
    let tasks = try await study.coverage()
    let problem = await planner.problem
    return ownerPage(request, owner, "owner.coverage", isLive: true) { texts in
      let rows: [HTMLTemplate] = tasks.map { task in
        let width = task.medianWidth.map { Self.number($0, 2) } ?? "–"
        return """
          <tr><th scope="row">\(task.name)\(task.isCrossScene ? " ✕" : "")</th>
          <td>\(task.attribute)</td><td class="n">\(task.photos)</td>
          <td class="n">\(task.votes)</td><td><progress max="\(task.target)" value="\(task.votes)" \
          aria-label="\(task.name) \(task.attribute)"></progress></td><td class="n">\(width)</td>
          <td class="n">\(task.open)</td><td class="n">\(task.queued)</td>
          <td><span class="state \
          \(task.state.rawValue)">\(texts("state." + task.state.rawValue))</span></td></tr>
          """
      }
      let heads: [HTMLTemplate] = [
        "scene", "attribute", "photos", "votes", "progress", "width", "open", "queued", "state",
      ].map { "<th scope=\"col\"\(Self.side($0))>\(texts("column." + $0))</th>" }
      let warning: HTMLTemplate =
        problem.map { "<p class=\"warning\" role=\"status\">\(texts("owner.problem")) \($0)</p>" }
        ?? ""
      let hint: HTMLTemplate = tasks.isEmpty ? HTMLTemplate.paragraphs(texts("owner.empty")) : ""
      return """
        <div id="live">\(warning)\(hint)<div class="scroll" tabindex="0" role="region" \
        aria-label="\(texts("owner.coverage"))"><table><thead><tr>\(heads)</tr></thead>
        <tbody>\(rows)</tbody></table></div></div>\(HTMLTemplate.paragraphs(texts("owner.coverage.help")))
        """
    }
  }

  func observers(
    _ request: Request, _ owner: Identity, invitation: (name: String, link: String)? = nil,
    problem: InputError? = nil
  ) async throws -> Response {
    let people = try await study.observers()
    return ownerPage(request, owner, "owner.observers") { texts in
      let rows: [HTMLTemplate] = people.map { Self.observerRow($0, texts) }
      let heads: [HTMLTemplate] = [
        "observer", "votes", "agreement", "golden", "left", "time", "flags",
      ]
      .map { "<th scope=\"col\"\(Self.side($0))>\(texts("column." + $0))</th>" }
      let made: HTMLTemplate =
        invitation.map { linkCard(texts("invite.made", $0), $1, texts) } ?? ""
      let error: HTMLTemplate =
        problem.map { "<p class=\"warning\" role=\"alert\">\($0.problem); \($0.remedy)</p>" } ?? ""
      return """
        \(made)\(error)<form method="post" action="/owner/invitations" class="check">
        <input type="hidden" name="csrf" value="\(owner.csrf)">
        <p class="field"><label for="pseudonym">\(texts("invite.pseudonym"))</label>
        <input id="pseudonym" name="pseudonym" maxlength="64" autocomplete="off"></p>
        <p class="field"><label for="name">\(texts("invite.name"))</label>
        <input id="name" name="name" maxlength="200" autocomplete="off"></p>
        <p><button class="primary">\(texts("invite.make"))</button></p></form>
        <div class="scroll" tabindex="0" role="region" aria-label="\(texts("owner.observers"))">
        <table><thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody></table></div>
        \(HTMLTemplate.paragraphs(texts("owner.observers.help")))
        """
    }
  }

  /// A link that is shown once.
  func linkCard(_ text: String, _ link: String, _ texts: Texts) -> HTMLTemplate {
    """
    <div class="card" role="status"><p>\(text)</p><p><label \
    for="link">\(texts("invite.link"))</label>
    <input id="link" readonly value="\(link)"></p></div>
    """
  }

  private static func observerRow(_ person: ObserverSummary, _ texts: Texts) -> HTMLTemplate {
    func percent(_ share: Double?, of count: Int) -> String {
      share.map { "\(Int(($0 * 100).rounded())) % (\(count))" } ?? "–"
    }
    let flags = person.flags.map { texts("flag." + $0) }.joined(separator: ", ")
    let note = person.hasWithdrawn ? " · " + texts("observer.withdrew") : ""
    let time = person.medianMilliseconds.map { number($0 / 1000, 1) + " s" } ?? "–"
    return """
      <tr><th scope="row">\(person.pseudonym)\(note)</th><td class="n">\(person.votes)</td>
      <td class="n">\(percent(person.repeatAgreement, of: person.repeats))</td>
      <td class="n">\(percent(person.goldenAccuracy, of: person.golden))</td>
      <td class="n">\(percent(person.leftShare, of: person.votes))</td>
      <td class="n">\(time)</td><td>\(flags)</td></tr>
      """
  }

  func scale(_ request: Request, _ owner: Identity) async throws -> Response {
    let tasks = try await study.coverage()
    let scores = Dictionary(grouping: try await study.scale(), by: \.task)
    return ownerPage(request, owner, "owner.scale", isLive: true) { texts in
      let charts: [HTMLTemplate] = tasks.enumerated().map { place, task in
        let entries = (scores[task.task] ?? []).sorted { $0.mean > $1.mean }
        let title = "\(task.name) · \(task.attribute)"
        guard !entries.isEmpty else {
          return "<section><h2>\(title)</h2><p>\(texts("scale.none"))</p></section>"
        }
        return """
          <section><h2>\(title)</h2><p>\(texts("scale.votes", "\(task.votes)"))</p>
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

  func exports(_ request: Request, _ owner: Identity) -> Response {
    ownerPage(request, owner, "owner.exports") { texts in
      let base = "/api/v1/studies/\(study.id)/export"
      return """
        <ul class="links"><li><a href="\(base).csv">scores.csv</a> – \(texts("export.scores"))</li>
        <li><a href="\(base).csv?table=votes">votes.csv</a> – \(texts("export.votes"))</li>
        <li><a href="\(base).jsonl">votes.jsonl</a> – \(texts("export.raw"))</li></ul>
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
    let words = ["scene", "attribute", "progress", "state", "observer", "flags"]
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
