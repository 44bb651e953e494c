import Documents
import Domain
import Foundation
import GRDB
import Hummingbird
import Studies

/// What the page of guidelines shows for one attribute and language.
private struct GuidelinesDraft: Sendable {
  var attribute: String
  var language: String
  var attributes: [String]
  var photos: [(scene: String, photo: String)]
  var texts: StudyGuidelines
  var current: Int?
  var preview: Guide?
}

/// The study's own texts and examples, written by the owner with a preview.
extension AnnotationRoutes {
  func addGuidelines(_ router: Router<AnnotationContext>) {
    router.get("/owner/guidelines") { request, context in
      let wish = request.uri.queryParameters
      return try await guidelines(
        request, try context.reader(), attribute: wish["attribute"].map(String.init),
        language: wish["language"].map(String.init))
    }
    router.post("/owner/guidelines") { request, context in
      let owner = try context.owner()
      let fields = try await ownerForm(request, context, owner)
      let texts = Self.texts(fields)
      guard fields["action"] == "save" else {
        return try await guidelines(
          request, owner, attribute: texts.attribute, language: texts.language, draft: texts)
      }
      do {
        let version = try await study.keep(texts, author: owner.pseudonym)
        return try await guidelines(
          request, owner, attribute: texts.attribute, language: texts.language,
          saved: "\(texts.language)-\(version)")
      } catch let error as InputError {
        return try await guidelines(
          request, owner, attribute: texts.attribute, language: texts.language, draft: texts,
          problem: error)
      }
    }
  }

  private static let places = 6

  /// The texts from the fields of the form.
  private static func texts(_ fields: [String: String]) -> StudyGuidelines {
    func field(_ name: String) -> String {
      fields[name, default: ""].replacingOccurrences(of: "\r\n", with: "\n")
        .trimmingCharacters(in: .whitespacesAndNewlines)
    }
    func share(_ name: String) -> Double {
      (Double(field(name).replacingOccurrences(of: ",", with: ".")) ?? 50) / 100
    }
    let examples = (0..<places).compactMap { place -> StudyGuidelines.Example? in
      let parts = field("photo\(place)").split(separator: "/", maxSplits: 1).map(String.init)
      guard parts.count == 2 else { return nil }
      return StudyGuidelines.Example(
        scene: parts[0], photo: parts[1], isGood: field("kind\(place)") != "bad",
        caption: field("caption\(place)"), x: share("x\(place)"), y: share("y\(place)"))
    }
    return StudyGuidelines(
      attribute: Attribute(field("attribute")), language: field("language"), name: field("name"),
      question: field("question"), text: field("text"), examples: examples)
  }

  private func guidelines(
    _ request: Request, _ owner: Identity, attribute: String?, language: String?,
    draft: StudyGuidelines? = nil, saved: String? = nil, problem: InputError? = nil
  ) async throws -> Response {
    let language =
      StudyGuidelines.languages.first { $0 == language } ?? self.texts(request).language
    let found = try await study.pool.read { db -> GuidelinesDraft? in
      let attributes = try String.fetchAll(
        db, sql: "SELECT DISTINCT attribute FROM annotation_task ORDER BY attribute")
      guard let attribute = attributes.first(where: { $0 == attribute }) ?? attributes.first
      else { return nil }
      let photos = try Row.fetchAll(
        db,
        sql: """
          SELECT i.scene, i.photo FROM annotation_image i JOIN annotation_roi r ON r.image = i.id
          WHERE r.attribute = ? AND i.state = 'active' ORDER BY i.scene, i.photo LIMIT 2000
          """, arguments: [attribute]
      ).map { (scene: $0["scene"] as String, photo: $0["photo"] as String) }
      let own = try StudyStore.guidelines(db, attribute, language)
      let blank = StudyGuidelines(attribute: Attribute(attribute), language: language, text: "")
      return GuidelinesDraft(
        attribute: attribute, language: language, attributes: attributes, photos: photos,
        texts: draft ?? own ?? blank, current: own?.version,
        preview: try AnnotationStudy.guide(db, attribute, language, own: draft ?? own))
    }
    return ownerPage(request, owner, "owner.guidelines") { texts in
      guard let found else { return "<p>\(texts("guidelines.none"))</p>" }
      let state: HTMLTemplate =
        saved.map { "<p class=\"good\" role=\"status\">\(texts("guidelines.saved", $0))</p>" } ?? ""
      let error: HTMLTemplate =
        problem.map { "<p class=\"warning\" role=\"alert\">\($0.problem); \($0.remedy)</p>" } ?? ""
      return """
        \(state)\(error)\(HTMLTemplate.paragraphs(texts("owner.guidelines.help")))
        \(Self.tabs(found, texts))\(Self.form(found, owner, texts))
        <h2>\(texts("guidelines.preview"))</h2>\(Self.preview(found, texts))
        """
    }
  }

  private static func tabs(_ found: GuidelinesDraft, _ texts: Texts) -> HTMLTemplate {
    func list(_ label: String, _ items: [(String, String, String, Bool)]) -> HTMLTemplate {
      let links: [HTMLTemplate] = items.map { attribute, language, title, isHere in
        let mark: HTMLTemplate = isHere ? " aria-current=\"page\"" : ""
        let query = "attribute=\(escaped(attribute))&language=\(language)"
        return "<li><a href=\"/owner/guidelines?\(query)\"\(mark)>\(title)</a></li>"
      }
      return "<nav aria-label=\"\(label)\"><ul class=\"tabs\">\(links)</ul></nav>"
    }
    let attributes = found.attributes.map { ($0, found.language, $0, $0 == found.attribute) }
    let languages = StudyGuidelines.languages.map {
      (found.attribute, $0, Texts.all[$0]?("language.name") ?? $0, $0 == found.language)
    }
    return """
      \(list(texts("guidelines.attributes"), attributes))
      \(list(texts("guidelines.languages"), languages))
      """
  }

  private static func escaped(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }

  private static func form(
    _ found: GuidelinesDraft, _ owner: Identity, _ texts: Texts
  ) -> HTMLTemplate {
    let state =
      found.current.map { texts("guidelines.current", "\(found.language)-\($0)") }
      ?? texts("guidelines.program")
    let rows: [HTMLTemplate] = (0..<places).map { exampleRow($0, found, texts) }
    let heads: [HTMLTemplate] = ["photo", "kind", "caption", "x", "y"].map {
      "<span>\(texts("guidelines." + $0))</span>"
    }
    return """
      <p>\(state)</p><form method="post" action="/owner/guidelines" class="check">
      <input type="hidden" name="csrf" value="\(owner.csrf)">
      <input type="hidden" name="attribute" value="\(found.attribute)">
      <input type="hidden" name="language" value="\(found.language)">
      <p class="field"><label for="name">\(texts("guidelines.name"))</label>
      <input id="name" name="name" maxlength="60" value="\(found.texts.name)"></p>
      <p class="field"><label for="question">\(texts("guidelines.question"))</label>
      <input id="question" name="question" maxlength="200" size="50" \
      value="\(found.texts.question)"></p>
      <p><label for="text">\(texts("guidelines.text"))</label>
      <textarea id="text" name="text" rows="10" maxlength="8000">\(found.texts.text)</textarea></p>
      <fieldset><legend>\(texts("guidelines.examples"))</legend>
      <div class="exampleform" aria-hidden="true">\(heads)</div>\(rows)</fieldset>
      <p class="row"><button name="action" value="preview">\(texts("guidelines.preview"))</button>
      <button name="action" value="save" class="primary">\(texts("guidelines.save"))</button></p>
      </form>
      """
  }

  private static func exampleRow(
    _ place: Int, _ found: GuidelinesDraft, _ texts: Texts
  ) -> HTMLTemplate {
    let example =
      found.texts.examples.indices.contains(place) ? found.texts.examples[place] : nil
    let options: [HTMLTemplate] = found.photos.map { photo in
      let isChosen = photo.scene == example?.scene && photo.photo == example?.photo
      let mark: HTMLTemplate = isChosen ? " selected" : ""
      return "<option\(mark)>\("\(photo.scene)/\(photo.photo)")</option>"
    }
    let bad: HTMLTemplate = example?.isGood == false ? " selected" : ""
    func label(_ name: String) -> String { "\(texts("guidelines." + name)) \(place + 1)" }
    func percent(_ share: Double?) -> String { number((share ?? 0.5) * 100, 0) }
    return """
      <div class="exampleform"><select name="photo\(place)" aria-label="\(label("photo"))">
      <option value="">–</option>\(options)</select>
      <select name="kind\(place)" aria-label="\(label("kind"))">
      <option value="good">\(texts("example.good"))</option>
      <option value="bad"\(bad)>\(texts("example.bad"))</option></select>
      <input name="caption\(place)" maxlength="200" aria-label="\(label("caption"))" \
      value="\(example?.caption ?? "")">
      <input name="x\(place)" inputmode="decimal" aria-label="\(label("x"))" \
      value="\(percent(example?.x))">
      <input name="y\(place)" inputmode="decimal" aria-label="\(label("y"))" \
      value="\(percent(example?.y))"></div>
      """
  }

  /// What observers read, as they see it.
  private static func preview(_ found: GuidelinesDraft, _ texts: Texts) -> HTMLTemplate {
    guard let guide = found.preview else { return "" }
    let words = Texts.all[found.language] ?? texts
    let question =
      guide.question.isEmpty ? words("compare.question", guide.name) : guide.question
    let figures: [HTMLTemplate] = guide.examples.map { example in
      let kind = example.isGood ? "good" : "bad"
      let title = words("example." + kind)
      let caption = example.caption.isEmpty ? title : "\(title): \(example.caption)"
      return """
        <figure class="example is-\(kind)"><canvas role="img" aria-label="\(caption)" \
        data-src="\(example.src)" data-x="\("\(example.x)")" data-y="\("\(example.y)")"></canvas>
        <figcaption>\(caption)</figcaption></figure>
        """
    }
    return """
      <div class="preview" lang="\(found.language)"><div>
      <h3>\(words("guide.title", guide.name))</h3><p><strong>\(question)</strong></p>
      \(HTMLTemplate.paragraphs(guide.text))<div class="examples">\(figures)</div></div></div>
      """
  }
}
