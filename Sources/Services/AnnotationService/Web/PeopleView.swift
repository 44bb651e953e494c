import Documents
import Domain
import Foundation
import Studies

/// The groups of faces as the owner's page shows them.
struct PeopleView {
  let groups: [FaceGroup]
  let names: [Int: String]
  let owner: Identity
  let start: Int
  let texts: Texts

  /// One group: what to look at, its faces, and what can be done with it.
  func section(_ group: FaceGroup) -> HTMLTemplate {
    let id = "group-\(group.id)"
    let faces: [HTMLTemplate] = group.members.map(face)
    return """
      <section class="group" id="\(id)" aria-labelledby="\(id)-title">
      <h2 id="\(id)-title">\(texts("people.group", "\(group.id)")) \
      <small>\(texts("people.count", "\(group.members.count)"))</small></h2>\(remarks(group))
      \(form(group)) <ul class="faces">\(faces)</ul>
      <p class="row"><label for="\(id)-to">\(texts("people.to"))</label>
      <select id="\(id)-to" name="to"><option value="new">\(texts("people.new"))</option>\
      <option value="none">\(texts("people.nowhere"))</option>\(others(group))</select>
      \(button("move", group))</p></form>
      \(form(group)) <p class="row"><label for="\(id)-person">\(texts("people.pseudonym"))</label>
      <input id="\(id)-person" name="person" maxlength="100" required autocomplete="off" \
      autocapitalize="off" spellcheck="false" value="\(names[group.id] ?? "")">
      \(replacement(group))\(button("confirm", group))</p></form>\(mergeForm(group))</section>
      """
  }

  /// What contradicts the group, or speaks for another one.
  private func remarks(_ group: FaceGroup) -> HTMLTemplate {
    var parts: [HTMLTemplate] = []
    if group.recorded.count > 1 {
      parts.append(warning(texts("people.mixed", group.recorded.joined(separator: ", "))))
    }
    for (person, places) in group.elsewhere.sorted(by: { $0.key < $1.key }) {
      let list = places.map(String.init).joined(separator: ", ")
      parts.append(warning(texts("people.elsewhere", person, list)))
    }
    if let near = group.likeness {
      let distance = AnnotationRoutes.number(near.distance, 2)
      let text = texts("people.near", "\(near.group)", distance)
      parts.append("<p class=\"note\"><a href=\"\(address(near.group))\">\(text)</a></p>")
    }
    if group.isOnRecord { parts.append("<p class=\"good\">\(texts("people.agrees"))</p>") }
    return "\(parts)"
  }

  private func warning(_ text: String) -> HTMLTemplate {
    "<div class=\"warning\">\(HTMLTemplate.paragraphs(text))</div>"
  }

  private func address(_ group: Int) -> String {
    let place = groups.firstIndex { $0.id == group } ?? 0
    return "/owner/people?from=\(place / AnnotationRoutes.peoplePage * AnnotationRoutes.peoplePage)"
      + "#group-\(group)"
  }

  private func face(_ member: FaceGroup.Member) -> HTMLTemplate {
    let name = member.place.crossName.text
    let person: HTMLTemplate =
      member.person.map { "<span class=\"on\">\(texts("people.recorded", $0))</span>" } ?? ""
    return """
      <li><label><img src="/owner/people/faces/\("\(member.face.photo)")" \
      alt="\(texts("people.face", name))" loading="lazy"><span class="tick"><input type="checkbox" \
      name="face-\("\(member.face.photo)")" value="1"><span><span class="name">\(name)</span>\
      \(person)</span></span></label></li>
      """
  }

  private func form(_ group: FaceGroup) -> HTMLTemplate {
    """
    <form method="post" action="/owner/people/\("\(group.id)")" class="plain">
    <input type="hidden" name="csrf" value="\(owner.csrf)">
    <input type="hidden" name="from" value="\("\(start)")">
    <input type="hidden" name="seen" value="\(group.state)">
    """
  }

  private func button(_ action: String, _ group: FaceGroup) -> HTMLTemplate {
    let kind: HTMLTemplate = action == "confirm" ? " class=\"primary\"" : ""
    return """
      <button name="action" value="\(action)"\(kind) \
      aria-label="\(texts("people.\(action).one", "\(group.id)"))">\(texts("people.\(action)"))\
      </button>
      """
  }

  private func replacement(_ group: FaceGroup) -> HTMLTemplate {
    guard !group.recorded.isEmpty else { return "" }
    return """
      <label class="tick"><input type="checkbox" name="replace" value="1">\
      <span>\(texts("people.replace"))</span></label>
      """
  }

  private func mergeForm(_ group: FaceGroup) -> HTMLTemplate {
    guard groups.count > 1 else { return "" }
    let id = "group-\(group.id)-with"
    return """
      \(form(group)) <p class="row"><label for="\(id)">\(texts("people.with"))</label>
      <select id="\(id)" name="with" required><option value="">\(texts("people.choose"))</option>\
      \(others(group))</select>\(button("merge", group))</p></form>
      """
  }

  private func others(_ group: FaceGroup) -> [HTMLTemplate] {
    groups.filter { $0.id != group.id }.map { other in
      let known = other.recorded.isEmpty ? "" : " · " + other.recorded.joined(separator: ", ")
      let name = texts("people.into", "\(other.id)") + known
      return "<option value=\"\("\(other.id)")\">\(name)</option>"
    }
  }

  /// Forgets what is left.
  var discardForm: HTMLTemplate {
    """
    <h2>\(texts("people.discard"))</h2><p>\(texts("people.discard.help"))</p>
    <form method="post" action="/owner/people/discard" class="plain row">
    <input type="hidden" name="csrf" value="\(owner.csrf)">
    <label class="tick"><input type="checkbox" name="sure" value="1" required>\
    <span>\(texts("people.discard.sure"))</span></label>
    <button class="danger">\(texts("people.discard"))</button></form>
    """
  }
}
