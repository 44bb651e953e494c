import Documents
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import Studies

/// What a change of the observers' page gives back.
enum ObserverNotice: Sendable {
  case invited(name: String, link: String)
  case done(String)
  case problem(InputError)
}

/// Observers and the owner's staff: invitations, quality, exclusion.
extension AnnotationRoutes {
  func addObservers(_ router: Router<AnnotationContext>) {
    router.post("/owner/invitations") { request, context in
      let owner = try context.operator()
      let fields = try await ownerForm(request, context, owner)
      let name = fields["pseudonym", default: ""].trimmingCharacters(in: .whitespaces)
      let role = StudyRole(rawValue: fields["role", default: "observer"]) ?? .observer
      guard role == .observer || owner.role == .owner else {
        throw HTTPError(.forbidden, message: "only the owner invites staff")
      }
      let person = InvitedPerson(
        pseudonym: name.isEmpty ? nil : name,
        name: fields["name", default: ""].trimmingCharacters(in: .whitespaces))
      do {
        let made = try study.invite(
          [person], letter: "", origin: origin(request), role: role, actor: owner.pseudonym)
        guard let first = made.first else { return redirect("/owner/observers") }
        return try await observers(
          request, owner, .invited(name: first.observer.text, link: first.link))
      } catch let error as InputError {
        return try await observers(request, owner, .problem(error))
      }
    }
    router.post("/owner/invitations/list") { request, context in
      let owner = try context.operator()
      let fields = try await ownerForm(request, context, owner)
      do {
        let people = try InvitationList.people(
          Array(fields["people", default: ""].utf8), file: texts(request)("invite.people"))
        let made = try study.invite(
          people, letter: fields["letter", default: ""], origin: origin(request),
          actor: owner.pseudonym)
        return text(
          Data(InvitationList.table(made).utf8), "text/csv; charset=utf-8",
          headers: [.contentDisposition: "attachment; filename=\"invitations.csv\""])
      } catch let error as InputError {
        return try await observers(request, owner, .problem(error))
      }
    }
    router.get("/owner/observers/{pseudonym}") { request, context in
      try await observer(request, try context.reader(), try pseudonym(context))
    }
    router.post("/owner/observers/{pseudonym}") { request, context in
      let owner = try context.operator()
      let fields = try await ownerForm(request, context, owner)
      let person = try pseudonym(context)
      do {
        switch fields["action"] {
        case "revoke":
          let count = try study.revoke(person, actor: owner.pseudonym)
          return try await observers(
            request, owner, .done(texts(request)("observer.revoked", person, "\(count)")))
        case "exclude", "include":
          guard owner.role == .owner else {
            throw HTTPError(.forbidden, message: "only the owner excludes observers")
          }
          let reason = fields["action"] == "exclude" ? fields["reason", default: ""] : nil
          try study.exclude(person, reason: reason, actor: owner.pseudonym)
          Task(priority: .utility) { await planner.workOnEverything(isForced: true) }
          return redirect("/owner/observers/\(Self.pathEscaped(person))")
        default: throw RequestProblem.badBody("action")
        }
      } catch let error as InputError {
        return try await observers(request, owner, .problem(error))
      }
    }
  }

  private func pseudonym(_ context: AnnotationContext) throws -> String {
    let name = try context.parameters.require("pseudonym")
    return name.removingPercentEncoding ?? name
  }

  static func pathEscaped(_ text: String) -> String {
    text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
  }

  func observers(
    _ request: Request, _ owner: Identity, _ notice: ObserverNotice? = nil
  ) async throws -> Response {
    let people = try await study.observers()
    return ownerPage(request, owner, "owner.observers") { texts in
      let rows: [HTMLTemplate] = people.map { Self.observerRow($0, texts) }
      let heads: [HTMLTemplate] = [
        "observer", "votes", "agreement", "golden", "left", "time", "below", "flags",
      ]
      .map { "<th scope=\"col\"\(Self.side($0))>\(texts("column." + $0))</th>" }
      return """
        \(self.notice(notice, texts))<div class="scroll" tabindex="0" role="region" \
        aria-label="\(texts("owner.observers"))">
        <table><thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody></table></div>
        \(HTMLTemplate.paragraphs(texts("owner.observers.help")))
        \(Self.invitationForms(owner, texts))
        """
    }
  }

  private func notice(_ notice: ObserverNotice?, _ texts: Texts) -> HTMLTemplate {
    switch notice {
    case nil: ""
    case .invited(let name, let link): linkCard(texts("invite.made", name), link, texts)
    case .done(let text): "<p class=\"good\" role=\"status\">\(text)</p>"
    case .problem(let error):
      "<p class=\"warning\" role=\"alert\">\(error.subject): \(error.problem); \(error.remedy)</p>"
    }
  }

  private static func invitationForms(_ owner: Identity, _ texts: Texts) -> HTMLTemplate {
    let roles: [HTMLTemplate] = StudyRole.allCases.reversed().map {
      "<option value=\"\($0.rawValue)\">\(texts("role." + $0.rawValue))</option>"
    }
    return """
      <h2>\(texts("invite.one"))</h2>
      <form method="post" action="/owner/invitations" class="check">
      <input type="hidden" name="csrf" value="\(owner.csrf)">
      <p class="field"><label for="pseudonym">\(texts("invite.pseudonym"))</label>
      <input id="pseudonym" name="pseudonym" maxlength="64" autocomplete="off"></p>
      <p class="field"><label for="name">\(texts("invite.name"))</label>
      <input id="name" name="name" maxlength="200" autocomplete="off"></p>
      <p class="field"><label for="role">\(texts("invite.role"))</label>
      <select id="role" name="role">\(roles)</select></p>
      <p><button class="primary">\(texts("invite.make"))</button></p></form>
      <h2>\(texts("invite.many"))</h2>\(HTMLTemplate.paragraphs(texts("invite.many.help")))
      <form method="post" action="/owner/invitations/list" class="check">
      <input type="hidden" name="csrf" value="\(owner.csrf)">
      <p><label for="people">\(texts("invite.people"))</label>
      <textarea id="people" name="people" rows="5" required \
      placeholder="pseudonym,name,email"></textarea></p>
      <p><label for="letter">\(texts("invite.letter"))</label>
      <textarea id="letter" name="letter" rows="8">\(texts("invite.letter.text"))</textarea></p>
      <p><button>\(texts("invite.make.many"))</button></p></form>
      """
  }

  private static func percent(_ share: Double?, of count: Int) -> String {
    share.map { "\(Int(($0 * 100).rounded())) % (\(count))" } ?? "–"
  }

  private static func flags(_ person: ObserverSummary, _ texts: Texts) -> String {
    let flags = person.flags.map { texts("flag." + $0) }
    let state = person.exclusion.map { _ in texts("observer.excluded") }
    return ([state].compactMap { $0 } + flags).joined(separator: ", ")
  }

  private static func observerRow(_ person: ObserverSummary, _ texts: Texts) -> HTMLTemplate {
    let note = person.hasWithdrawn ? " · " + texts("observer.withdrew") : ""
    let time = person.medianMilliseconds.map { number($0 / 1000, 1) + " s" } ?? "–"
    return """
      <tr><th scope="row"><a href="/owner/observers/\(pathEscaped(person.pseudonym))">\
      \(person.pseudonym)</a>\(note)</th><td class="n">\(person.votes)</td>
      <td class="n">\(percent(person.repeatAgreement, of: person.repeats))</td>
      <td class="n">\(percent(person.goldenAccuracy, of: person.golden))</td>
      <td class="n">\(percent(person.leftShare, of: person.votes))</td>
      <td class="n">\(time)</td><td class="n">\(person.below)</td>
      <td>\(flags(person, texts))</td></tr>
      """
  }

  /// One observer: the work, and what leaving it out does to the scale.
  private func observer(
    _ request: Request, _ owner: Identity, _ pseudonym: String
  ) async throws -> Response {
    guard let person = try await study.observers().first(where: { $0.pseudonym == pseudonym })
    else { return message(request, "observer.unknown", status: .notFound) }
    let effects = try await study.effect(of: pseudonym)
    return ownerPage(request, owner, "owner.observers") { texts in
      let rows: [HTMLTemplate] = effects.map { effect in
        """
        <tr><th scope="row">\(effect.name) · \(effect.attribute)</th>
        <td class="n">\(effect.votes)</td><td class="n">\(Self.number(effect.mean, 3))</td>
        <td class="n">\(Self.number(effect.largest, 2))</td><td>\(effect.photo)</td></tr>
        """
      }
      let heads: [HTMLTemplate] = ["scene", "votes", "move.mean", "move.largest", "move.photo"]
        .map { "<th scope=\"col\"\(Self.side($0))>\(texts("column." + $0))</th>" }
      let exclusion: HTMLTemplate =
        person.exclusion.map {
          "<p class=\"warning\">\(texts("observer.excluded.because", $0))</p>"
        } ?? ""
      let state = texts(
        "observer.access", "\(person.invitations)", "\(person.browsers)", "\(person.active)")
      return """
        <h2>\(person.pseudonym)</h2>\(exclusion)<p>\(state) \(Self.flags(person, texts))</p>
        <h3>\(texts("observer.effect"))</h3>\(HTMLTemplate.paragraphs(texts("observer.effect.help")))
        <div class="scroll" tabindex="0" role="region" aria-label="\(texts("observer.effect"))">
        <table><thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody></table></div>
        \(Self.observerForms(person, owner, texts))
        <p><a href="/owner/observers">\(texts("observer.back"))</a></p>
        """
    }
  }

  private static func observerForms(
    _ person: ObserverSummary, _ owner: Identity, _ texts: Texts
  ) -> HTMLTemplate {
    guard !person.hasWithdrawn else { return "" }
    let action = person.exclusion == nil ? "exclude" : "include"
    let reason: HTMLTemplate =
      person.exclusion == nil
      ? """
      <label for="reason">\(texts("observer.reason"))</label>
      <input id="reason" name="reason" maxlength="500" required autocomplete="off">
      """ : ""
    return """
      <form method="post" action="/owner/observers/\(pathEscaped(person.pseudonym))" class="row">
      <input type="hidden" name="csrf" value="\(owner.csrf)">\(reason)
      <button name="action" value="\(action)">\(texts("observer." + action))</button></form>
      <form method="post" action="/owner/observers/\(pathEscaped(person.pseudonym))" class="row">
      <input type="hidden" name="csrf" value="\(owner.csrf)">
      <button name="action" value="revoke" class="danger">\(texts("observer.revoke"))</button></form>
      """
  }
}
