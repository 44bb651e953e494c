import AnnotationService
import Domain
import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Studies
import Testing

/// Guidelines belong to the study: observers read the newest, and a vote records which.
@Suite struct GuidelinesTests {
  /// A study of one attribute that the program does not know.
  private func laboratory() throws -> Laboratory {
    let lab = try Laboratory(photos: 0)
    let regions = try (0..<4).map { number in
      var region = try lab.region("Indoor_1", number)
      region.attribute = "bokeh"
      return region
    }
    #expect(try lab.study.add(regions).added == 4)
    return lab
  }

  @Test func theStudysTextsReachObserversAndTheirVotes() async throws {
    let lab = try laboratory()
    let texts = StudyGuidelines(
      attribute: "bokeh", language: "en", name: "background blur",
      question: "Whose background is blurred more pleasantly?", text: "Look at **the lights**.",
      examples: [
        StudyGuidelines.Example(
          scene: "Indoor_1", photo: "3_Indoor_1.png", isGood: true, caption: "round lights")
      ])
    #expect(try lab.study.store.keep(texts) == 1)
    #expect(try lab.study.store.keep(texts) == 1, "the same texts are no new version")
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let view = try await visitor.json(.post, "/api/v1/sessions", "{}")
      let guide = try #require(view["guide"] as? [String: Any])
      #expect(guide["version"] as? String == "en-1")
      #expect(guide["name"] as? String == "background blur")
      #expect(guide["question"] as? String == "Whose background is blurred more pleasantly?")
      #expect(guide["text"] as? String == "Look at **the lights**.")
      let examples = try #require(guide["examples"] as? [[String: Any]])
      let source = try #require(examples.first?["src"] as? String)
      #expect(try await visitor.send(.get, source).status == .ok)
      let lease = try #require(try await visitor.leases(session).leases.first)
      _ = try await visitor.vote(lease.id, guidelines: "en-1")
      // The owner changes the text; the page learns of it with its next pair.
      var changed = texts
      (changed.text, changed.examples) = ("Look at the edges.", [])
      #expect(try lab.study.store.keep(changed) == 2)
      let batch = try await visitor.json(.post, "/api/v1/sessions/\(session)/leases", "{}")
      #expect(batch["guidelines"] as? String == "en-2")
      let next = try #require(try await visitor.leases(session).leases.first)
      _ = try await visitor.vote(next.id, guidelines: "en-2")
      let third = try #require(try await visitor.leases(session).leases.first)
      _ = try await visitor.vote(third.id, guidelines: "en-99")
    }
    let lines = try lab.study.votesJSONLines().split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0].contains(#""guidelines":"en-1""#))
    #expect(lines[1].contains(#""guidelines":"en-2""#))
    #expect(!lines[2].contains("guidelines"), "there is no such version")
    #expect(try lab.study.verify().isEmpty)
  }

  @Test func anAttributeWithoutTextsIsCalledByItsName() async throws {
    let lab = try laboratory()
    let token = try lab.study.invite().token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      _ = try await visitor.begin()
      let view = try await visitor.json(.post, "/api/v1/sessions", "{}")
      let guide = try #require(view["guide"] as? [String: Any])
      #expect(guide["name"] as? String == "bokeh")
      #expect((guide["version"] as? String)?.hasPrefix("program-en-") == true)
      #expect((guide["text"] as? String)?.isEmpty == false)
    }
  }

  @Test func theOwnerWritesThemWithAPreview() async throws {
    let lab = try laboratory()
    let owner = try lab.study.invite(isOwner: true).token
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      func post(_ action: String, _ text: String) async throws -> String {
        let body =
          "csrf=\(chief.csrf)&attribute=bokeh&language=fr&name=flou&question=&text=\(text)"
          + "&photo0=Indoor_1%2F1_Indoor_1.png&kind0=bad&caption0=net&x0=25&y0=75&action=\(action)"
        return String(
          buffer: try await chief.send(
            .post, "/owner/guidelines", body,
            headers: [.contentType: "application/x-www-form-urlencoded"]
          ).body)
      }
      let preview = try await post("preview", "Le+fond+%3Cb%3E+**doux**")
      #expect(preview.contains("<strong>doux</strong>"))
      #expect(preview.contains("&lt;b&gt;"), "what the owner writes is text")
      #expect(preview.contains("data-x=\"0.25\""))
      #expect(try lab.study.store.guidelines(of: "bokeh", language: "fr") == nil)
      #expect(try await post("save", "Le+fond").contains("fr-1"))
      #expect(try lab.study.store.guidelines(of: "bokeh", language: "fr")?.name == "flou")
      // An English page has French texts before it has none.
      let page = String(buffer: try await chief.send(.get, "/owner/guidelines").body)
      #expect(page.contains("bokeh"))
    }
  }

  @Test func aWithdrawnPersonIsNoExample() async throws {
    let lab = try laboratory()
    let texts = StudyGuidelines(
      attribute: "bokeh", language: "en", text: "Look.",
      examples: (0..<2).map {
        StudyGuidelines.Example(scene: "Indoor_1", photo: "\($0)_Indoor_1.png", isGood: $0 == 0)
      })
    try lab.study.store.keep(texts)
    try lab.study.withdraw(person: "P-Indoor_1-0")
    let kept = try lab.study.store.guidelines(of: "bokeh", language: "en")
    #expect(kept?.examples.map(\.photo) == ["1_Indoor_1.png"])
    #expect(throws: InputError.self) { try lab.study.store.keep(texts) }
    #expect(try lab.study.verify().isEmpty)
  }
}
