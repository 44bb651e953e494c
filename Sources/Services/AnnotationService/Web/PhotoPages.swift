import Documents
import Domain
import Foundation
import GRDB
import HTTPTypes
import Hummingbird

/// How many photos a scene has for an attribute.
struct PhotoCount: Sendable {
  let scene: String
  let attribute: String
  let active: Int
  let withdrawn: Int
}

extension AnnotationStudy {
  func photoCounts() async throws -> [PhotoCount] {
    try await pool.read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT i.scene, r.attribute, sum(i.state = 'active') AS active,
            sum(i.state <> 'active') AS withdrawn FROM annotation_image i
          JOIN annotation_roi r ON r.image = i.id GROUP BY i.scene, r.attribute
          ORDER BY i.scene, r.attribute
          """
      ).map {
        PhotoCount(
          scene: $0["scene"], attribute: $0["attribute"], active: $0["active"],
          withdrawn: $0["withdrawn"])
      }
    }
  }
}

/// The study's photos and how new ones come in.
extension AnnotationRoutes {
  func addPhotos(_ router: Router<AnnotationContext>) {
    router.get("/owner/photos") { request, context in
      try await photos(request, try context.reader())
    }
    router.post("/owner/import") { request, context in
      _ = try await ownerForm(request, context, try context.owner())
      await watcher.take()
      return redirect("/owner/photos")
    }
  }

  private func photos(_ request: Request, _ owner: Identity) async throws -> Response {
    let counts = try await study.photoCounts()
    let last = await watcher.last
    let scenes = try await study.scenes()
    return ownerPage(request, owner, "owner.photos") { texts in
      let rows: [HTMLTemplate] = counts.map { count in
        """
        <tr><th scope="row">\(count.scene)</th><td>\(count.attribute)</td>
        <td class="n">\(count.active)</td><td class="n">\(count.withdrawn)</td></tr>
        """
      }
      let heads: [HTMLTemplate] = ["scene", "attribute", "photos", "withdrawn"]
        .map { "<th scope=\"col\"\(Self.side($0))>\(texts("column." + $0))</th>" }
      return """
        \(uploadForm(owner, texts))\(Self.sceneLinks(scenes, texts))
        <h2>\(texts("photos.regions"))</h2>\(importResult(last, texts))
        <form method="post" action="/owner/import" class="row">
        <input type="hidden" name="csrf" value="\(owner.csrf)">
        <button class="primary">\(texts("import.now"))</button></form>
        \(HTMLTemplate.paragraphs(texts("owner.photos.help")))
        <div class="scroll" tabindex="0" role="region" aria-label="\(texts("owner.photos"))">
        <table><thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody></table></div>
        """
    }
  }

  private func importResult(_ last: ListWatcher.Result?, _ texts: Texts) -> HTMLTemplate {
    guard let last else { return "" }
    if let problem = last.problem {
      return "<p class=\"warning\" role=\"alert\">\(problem)</p>"
    }
    let report = last.report
    let refused: [HTMLTemplate] = report.refused.prefix(50).map { "<li>\("\($0)")</li>" }
    let list: HTMLTemplate =
      refused.isEmpty
      ? ""
      : """
      <div class="warning"><p>\(texts("import.refused", "\(report.refused.count)"))</p>
      <ul>\(refused)</ul></div>
      """
    return """
      <p class="good" role="status">\(texts("import.done", "\(report.added)", "\(report.known)"))\
      </p>\(list)
      """
  }
}
