import Documents
import Foundation
import Hummingbird
import Studies

/// What observers reported about pairs, and what the owner decides.
extension AnnotationRoutes {
  func addRemarks(_ router: Router<AnnotationContext>) {
    router.get("/owner/remarks") { request, context in
      try await remarks(request, try context.reader())
    }
    router.post("/owner/remarks") { request, context in
      let owner = try context.operator()
      let fields = try await ownerForm(request, context, owner)
      guard let id = fields["remark"].flatMap({ Int64($0) }),
        let decision = fields["decision"].flatMap(RemarkDecision.init(rawValue:))
      else { throw RequestProblem.badBody("decision") }
      if let task = try await study.decide(remark: id, decision, actor: owner.pseudonym) {
        Task(priority: .utility) { await planner.work(task, isForced: true) }
      }
      return redirect("/owner/remarks")
    }
  }

  private func remarks(_ request: Request, _ owner: Identity) async throws -> Response {
    let all = try await study.remarks()
    return ownerPage(request, owner, "owner.remarks") { texts in
      guard !all.isEmpty else {
        return """
          <p>\(texts("remarks.none"))</p>\(HTMLTemplate.paragraphs(texts("owner.remarks.help")))
          """
      }
      let rows: [HTMLTemplate] = all.map { Self.remarkRow($0, owner, texts) }
      let heads: [HTMLTemplate] = [
        "time-at", "observer", "scene", "pair", "kind", "text", "decision",
      ]
      .map { "<th scope=\"col\"\(Self.side($0))>\(texts("column." + $0))</th>" }
      return """
        \(HTMLTemplate.paragraphs(texts("owner.remarks.help")))
        <div class="scroll" tabindex="0" role="region" aria-label="\(texts("owner.remarks"))">
        <table><thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody></table></div>
        """
    }
  }

  private static func remarkRow(
    _ row: RemarkRow, _ owner: Identity, _ texts: Texts
  ) -> HTMLTemplate {
    let at = Date(timeIntervalSince1970: Double(row.at) / 1000)
    let state = row.decision.map { texts("remarks.decided." + $0.rawValue) } ?? ""
    func button(_ decision: RemarkDecision, _ key: String) -> HTMLTemplate {
      """
      <button name="decision" value="\(decision.rawValue)" \
      aria-label="\(texts(key)) \("\(row.id)")">\(texts(key))</button>
      """
    }
    return """
      <tr><td class="n">\(at.ISO8601Format())</td><td>\(row.observer)</td>
      <td>\(row.task) · \(row.attribute)</td><td>\(row.photos.low) / \(row.photos.high)</td>
      <td>\(texts("remark." + row.kind.rawValue))</td><td>\(row.text)</td>
      <td>\(state) <form method="post" action="/owner/remarks" class="plain row">
      <input type="hidden" name="csrf" value="\(owner.csrf)">
      <input type="hidden" name="remark" value="\("\(row.id)")">
      \(button(.aside, "remarks.aside"))\(button(.kept, "remarks.keep"))</form></td></tr>
      """
  }
}
