import AnnotationService
import Domain
import Files
import Foundation
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Testing

/// Every file says everything that is known of a vote, and the codebook explains every column.
@Suite struct ExportTests {
  private func study() async throws -> Laboratory {
    let lab = try Laboratory(photos: 3) { $0.gate = .advisory }
    let token = try lab.study.invite(pseudonym: "Ada").token
    try await lab.test { client in
      let visitor = try await Visitor.enter(client, token)
      let session = try await visitor.begin()
      let uri = "/api/v1/sessions/\(session)"
      let check = ViewTests.check().replacingOccurrences(of: "\"srgb\"", with: "\"none\"")
      _ = try await visitor.json(.patch, uri, check)
      let view = try await visitor.json(.patch, uri, #"{"action":"trained"}"#)
      let guide = try #require(view["guide"] as? [String: Any])
      let version = try #require(guide["version"] as? String)
      let lease = try #require(try await visitor.leases(session).leases.first)
      _ = try await visitor.vote(lease.id, guidelines: version)
    }
    return lab
  }

  @Test func theTableHoldsEverythingAndTheCodebookExplainsIt() async throws {
    let lab = try await study()
    let table = try CSVTable(bytes: Array(lab.study.export(.votes).utf8), file: "votes.csv")
    let codebook = try CSVTable(bytes: Array(lab.study.codebook().utf8), file: "codebook.csv")
    let names = try codebook.columns(["file", "column", "meaning"])
    let explained = codebook.rows.filter { $0.rawText(names[0]) == "votes.csv" }
      .map { $0.rawText(names[1]) }
    #expect(explained == table.columns)
    #expect(codebook.rows.allSatisfy { !$0.rawText(names[2]).isEmpty })
    let row = try #require(table.rows.first)
    func value(_ name: String) throws -> String { row.rawText(try table.column(name)) }
    #expect(try value("observer") == "Ada")
    #expect(try value("kind") == "active")
    #expect(try value("criterion") == "random")
    #expect(try value("check") == "gamut")
    #expect(try value("distance_mm") == "650.0")
    #expect(try value("pixels_per_degree").hasPrefix("61.3"))
    #expect(try value("guidelines").hasPrefix("program-en-"))
    // No view was sent: nothing is known of the scale, so it is below the wanted one.
    #expect(try value("below_scale") == "1" && value("scale").isEmpty)
    #expect(try value("time").hasPrefix("2027-01-15T"))
    #expect(try value("sha256_a").count == 64)
  }

  @Test func everyFormGoesOutByThePage() async throws {
    let lab = try await study()
    let owner = try lab.study.invite(isOwner: true).token
    try await lab.test { client in
      let chief = try await Visitor.enter(client, owner, page: "/owner")
      let base = "/api/v1/studies/\(lab.study.id)/exports/"
      for format in VoteExportFormat.allCases {
        let answer = try await chief.send(.get, base + format.rawValue)
        #expect(answer.status == .ok)
        #expect(answer.headers[.contentDisposition]?.contains(format.fileName) == true)
        #expect(String(buffer: answer.body) == (try lab.study.export(format)))
      }
      #expect(try await chief.send(.get, base + "codebook").status == .ok)
      #expect(try await chief.send(.get, base + "other").status == .notFound)
    }
    let arena = lab.folder + "/arena.json"
    try Data(lab.study.export(.arena).utf8).write(to: URL(fileURLWithPath: arena))
    let battles = try ArenaFile.read(arena, settings: ImportSettings())
    let own = try lab.study.judgements().map {
      Judgement(
        observer: $0.observer, scene: $0.scene, attribute: $0.attribute, photoA: $0.photoA,
        photoB: $0.photoB, choice: $0.choice)
    }
    #expect(battles.votes == own)
    let opinions = try lab.study.export(.p910).split(separator: "\n")
    #expect(opinions.first == "subject,src,attribute,pvs_1,pvs_2,preference,time_s")
    #expect(opinions.last?.hasPrefix("Ada,Indoor_1,details,") == true)
    #expect(opinions.last?.hasSuffix(",1,0.812") == true)
  }
}
