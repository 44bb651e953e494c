import Files
import Foundation
import Testing

/// Invitations, observers and votes by command.
@Suite struct StudyPeopleCommandTests {
  private func run(_ arguments: [String], in folder: String) throws -> (Int32, String) {
    let result = try Program.run(["study"] + arguments, in: folder)
    return (result.status, result.messages)
  }

  @Test func peopleAreInvitedAndRevoked() throws {
    try inFolder { folder in
      #expect(try run(["new", "S"], in: folder).0 == 0)
      try Data("pseudonym,name\nA-1,Ada\nB-1,Bob\n".utf8)
        .write(to: URL(fileURLWithPath: folder + "/people.csv"))
      try Data("Dear {name}: {link}".utf8).write(to: URL(fileURLWithPath: folder + "/letter.txt"))
      let invite = [
        "invite", "S", "--people", "people.csv", "--letter", "letter.txt", "--origin",
        "https://s.example.org", "--out", "links.csv",
      ]
      let (status, messages) = try run(invite, in: folder)
      #expect(status == 0 && messages.contains("2 invitations"), "\(messages)")
      let table = try CSVTable(path: folder + "/links.csv")
      let columns = try table.columns(["pseudonym", "link", "letter"])
      let rows = table.rows.map { row in columns.map { row.rawText($0) } }
      #expect(rows.map { $0[0] } == ["A-1", "B-1"])
      #expect(rows.allSatisfy { $0[1].hasPrefix("https://s.example.org/i/") })
      #expect(rows[0][2] == "Dear Ada: \(rows[0][1])")
      let facts = try FileManager.default.attributesOfItem(atPath: "\(folder)/links.csv")
      #expect(facts[.posixPermissions] as? Int == 0o600)
      let revoked = try run(["observer", "S", "A-1", "--revoke"], in: folder)
      #expect(revoked.1.contains("A-1: 1 invitations and sign-ins revoked"), "\(revoked.1)")
      let unknown = try run(["observer", "S", "Zoe", "--exclude", "guesses"], in: folder)
      #expect(unknown.0 != 0 && unknown.1.contains("Zoe: nobody in the study has this pseudonym"))
      #expect(try run(["observer", "S", "A-1"], in: folder).0 != 0, "nothing is asked for")
      #expect(try run(["observer", "S", "B-1", "--exclude", "guesses"], in: folder).0 == 0)
      #expect(try run(["observer", "S", "B-1", "--include"], in: folder).0 == 0)
      #expect(try run(["verify", "S"], in: folder).0 == 0)
    }
  }

  @Test func aStudyWithoutVotesExportsNone() throws {
    try inFolder { folder in
      #expect(try run(["new", "S"], in: folder).0 == 0)
      for format in ["votes", "jsonl", "arena", "p910"] {
        let (status, messages) = try run(
          ["export", "S", "--format", format, "--out", "D"], in: folder)
        #expect(status != 0)
        #expect(messages == "Error: S: holds no votes; collect some with vernier annotate\n")
      }
      #expect(!FileManager.default.fileExists(atPath: folder + "/D"))
    }
  }

  @Test func guidelinesAreVersioned() throws {
    try inFolder { folder in
      #expect(try run(["new", "S"], in: folder).0 == 0)
      let write = ["attribute", "S", "bokeh", "--guidelines", "bokeh.txt", "--title", "blur"]
      for (text, version) in [("Lights.", 1), ("Lights.", 1), ("Edges.", 2)] {
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/bokeh.txt"))
        let (status, messages) = try run(write, in: folder)
        #expect(status == 0 && messages.contains("bokeh: guidelines en-\(version)\n"))
      }
      let odd = try run(write + ["--language", "de"], in: folder)
      #expect(odd.0 != 0 && odd.1.contains("de: pages have no such language"))
    }
  }
}
