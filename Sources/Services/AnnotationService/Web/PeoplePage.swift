import Documents
import Domain
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import Studies

/// The page where the owner confirms, splits and merges the groups of `vernier study people`.
///
/// The server never compares faces: it shows groups that a command proposed, and holds nothing of
/// what faces look like.
extension AnnotationRoutes {
  /// How many groups a page shows.
  static let peoplePage = 12

  func addPeople(_ router: Router<AnnotationContext>) {
    router.get("/owner/people") { request, context in
      let start = request.uri.queryParameters["from"].flatMap { Int($0) } ?? 0
      return try await people(request, try context.owner(), from: start)
    }
    router.post("/owner/people/discard") { request, context in
      let owner = try context.owner()
      let fields = try await ownerForm(request, context, owner)
      guard fields["sure"] != nil else { return redirect("/owner/people") }
      return try await change(request, owner, from: 0) { store, reviewer in
        try store.discardFaceGroups(by: reviewer)
        return nil
      }
    }
    router.post("/owner/people/{group}") { request, context in
      let owner = try context.owner()
      let fields = try await ownerForm(request, context, owner)
      guard let group = Int(try context.parameters.require("group")) else {
        throw HTTPError(.notFound)
      }
      let start = fields["from"].flatMap { Int($0) } ?? 0
      return try await change(request, owner, from: start) { store, reviewer in
        try Self.change(store, group, fields, reviewer)
      }
    }
    router.get("/owner/people/faces/{photo}") { _, context in
      _ = try context.owner()
      guard let id = Int64(try context.parameters.require("photo")),
        let face = try await study.face(ofPhoto: id), let bytes = try? await inbox.face(face)
      else { throw HTTPError(.notFound) }
      // Never kept by the browser: the picture is gone with the group.
      return text(Data(bytes), "image/jpeg", headers: [.cacheControl: "no-store"])
    }
  }

  /// Makes the change of a form; gives the group to show then.
  private static func change(
    _ store: StudyStore, _ group: Int, _ fields: [String: String], _ reviewer: PeopleReviewer
  ) throws -> Int? {
    switch fields["action"] {
    case "confirm":
      try store.confirm(
        PersonConfirmation(
          group: group,
          person: fields["person", default: ""].trimmingCharacters(in: .whitespaces),
          replaces: fields["replace"] != nil, seen: fields["seen", default: ""]), by: reviewer)
      try store.refreshRegionsTable()
      return nil
    case "merge":
      guard let other = fields["with"].flatMap({ Int($0) }) else {
        throw RequestProblem.badBody("with")
      }
      return try store.merge(groups: [group, other], by: reviewer)
    case "move":
      let faces = fields.keys.compactMap { name in
        name.hasPrefix("face-") ? Int64(name.dropFirst("face-".count)) : nil
      }
      let destination: FaceDestination
      switch fields["to"] {
      case "new": destination = .newGroup
      case "none": destination = .none
      case let other:
        guard let number = other.flatMap({ Int($0) }) else { throw RequestProblem.badBody("to") }
        destination = .group(number)
      }
      try store.move(faces: Set(faces), to: destination, by: reviewer)
      return group
    default: throw RequestProblem.badBody("action")
    }
  }

  private func change(
    _ request: Request, _ owner: Identity, from start: Int,
    _ work: @escaping @Sendable (StudyStore, PeopleReviewer) throws -> Int?
  ) async throws -> Response {
    let reviewer = PeopleReviewer(owner.pseudonym, at: study.clock())
    do {
      let group = try await inbox.holdingLock { try work($0, reviewer) }
      let mark = group.map { "#group-\($0)" } ?? ""
      return redirect("/owner/people?from=\(start)\(mark)")
    } catch let error as InputError {
      return try await people(request, owner, from: start, problem: error.description)
    } catch let busy as PhotoInbox.Busy {
      return try await people(request, owner, from: start, problem: busy.text)
    }
  }

  private func people(
    _ request: Request, _ owner: Identity, from start: Int, problem: String? = nil
  ) async throws -> Response {
    let groups = try study.store.faceGroups()
    let names = try study.store.proposedPseudonyms()
    let start = min(max(0, start), max(0, (groups.count - 1) / Self.peoplePage * Self.peoplePage))
    let shown = groups.dropFirst(start).prefix(Self.peoplePage)
    var response = ownerPage(request, owner, "owner.people") { texts in
      let error: HTMLTemplate =
        problem.map { "<p class=\"warning\" role=\"alert\">\($0)</p>" } ?? ""
      guard !groups.isEmpty else {
        return "\(error)\(HTMLTemplate.paragraphs(texts("people.none")))"
      }
      let page = PeopleView(
        groups: groups, names: names, owner: owner, start: start, texts: texts)
      let sections: [HTMLTemplate] = shown.map(page.section)
      func link(_ place: Int, _ key: String) -> HTMLTemplate {
        "<a href=\"/owner/people?from=\(place)\">\(texts(key))</a>"
      }
      let earlier = start > 0 ? link(max(0, start - Self.peoplePage), "people.earlier") : ""
      let later =
        groups.count > start + Self.peoplePage ? link(start + Self.peoplePage, "people.later") : ""
      return """
        \(error)\(HTMLTemplate.paragraphs(texts("people.help")))
        <p role="status">\(texts("people.left", "\(groups.count)"))</p>\(sections)
        <p class="row">\(earlier)\(later)</p>\(page.discardForm)
        """
    }
    if problem != nil { response.status = .conflict }
    return response
  }
}
