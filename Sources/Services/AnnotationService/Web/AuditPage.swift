import Documents
import Domain
import Foundation
import GRDB
import HTTPTypes
import Hummingbird
import Studies

/// Why a person was not withdrawn.
enum WithdrawalProblem {
  /// The pseudonym that was typed is another one.
  case notTyped(String)
  /// The study refused, or a file could not be removed.
  case failed(InputError)
}

/// The audit trail, and the one thing on the owner's pages that can't be undone.
extension AnnotationRoutes {
  func audit(
    _ request: Request, _ owner: Identity, problem: WithdrawalProblem? = nil
  ) async throws -> Response {
    let (rows, problems) = try await study.pool.read { db in
      (
        try Row.fetchAll(db, sql: "SELECT * FROM annotation_audit ORDER BY id DESC LIMIT 200")
          .map(AuditTrail.Line.init),
        try AuditTrail.problems(db)
      )
    }
    let people = try study.store.people()
    var response = ownerPage(request, owner, "owner.audit") { texts in
      let lines: [HTMLTemplate] = rows.map(Self.auditRow)
      let heads: [HTMLTemplate] = ["number", "time-at", "actor", "action", "detail", "hash"]
        .map { "<th scope=\"col\">\(texts("column." + $0))</th>" }
      let verdict: HTMLTemplate =
        problems.isEmpty
        ? "<p class=\"good\" role=\"status\">\(texts("audit.good"))</p>"
        : "<p class=\"warning\" role=\"alert\">\(problems.prefix(5).joined(separator: "; "))</p>"
      return """
        \(verdict)\(Self.alert(problem, texts))
        <div class="scroll" tabindex="0" role="region" \
        aria-label="\(texts("owner.audit"))"><table><thead><tr>\(heads)</tr></thead>
        <tbody>\(lines)</tbody></table></div>\(Self.withdrawalForm(people, owner, texts))
        """
    }
    if problem != nil { response.status = .conflict }
    return response
  }

  private static func auditRow(_ row: AuditTrail.Line) -> HTMLTemplate {
    let at = Date(timeIntervalSince1970: Double(row.at) / 1000)
    let digits = row.hash.prefix(6).map { String(format: "%02x", $0) }.joined()
    return """
      <tr><td class="n">\("\(row.id)")</td><td>\(at.ISO8601Format())</td>
      <td>\(row.actor)</td><td>\(row.action)</td>
      <td class="detail">\(row.detail)</td><td><code>\(digits)</code></td></tr>
      """
  }

  private static func alert(_ problem: WithdrawalProblem?, _ texts: Texts) -> HTMLTemplate {
    switch problem {
    case nil: ""
    case .notTyped(let person):
      "<p class=\"warning\" role=\"alert\">\(texts("person.mistyped", person))</p>"
    case .failed(let error):
      "<p class=\"warning\" role=\"alert\">\(error.problem); \(error.remedy)</p>"
    }
  }

  /// Nobody is preselected, and the pseudonym is typed: one click must not remove anybody.
  private static func withdrawalForm(
    _ people: [String], _ owner: Identity, _ texts: Texts
  ) -> HTMLTemplate {
    guard !people.isEmpty else { return "" }
    let options: [HTMLTemplate] = people.map { "<option>\($0)</option>" }
    return """
      <h2>\(texts("person.withdraw"))</h2>\(HTMLTemplate.paragraphs(texts("person.help")))
      <form method="post" action="/owner/withdrawals" class="check">
      <input type="hidden" name="csrf" value="\(owner.csrf)">
      <p class="field"><label for="person">\(texts("person.who"))</label>
      <select id="person" name="person" required><option value="">–</option>\(options)</select></p>
      <p class="field"><label for="typed">\(texts("person.type"))</label>
      <input id="typed" name="typed" autocomplete="off" autocapitalize="off" spellcheck="false" \
      required></p>
      <p><button class="danger">\(texts("person.button"))</button></p></form>
      """
  }
}
