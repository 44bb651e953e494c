import Files
import Foundation
import Testing

/// One version in everything that states one.
struct VersionTests {
  private func text(_ file: String) throws -> String {
    try String(contentsOfFile: "\(Program.root)/\(file)", encoding: .utf8)
  }

  @Test func theProgramNamesItsVersionAndAtMostACommit() throws {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let line = try Program.run(["--version"], in: folder).output
    let expected = try Regex(#"(?: \(commit [0-9a-f]{12}(?:-dirty)?\))?\n"#)
    let rest = line.dropFirst(VernierVersion.text.count)
    #expect(line.hasPrefix(VernierVersion.text))
    #expect(rest.wholeMatch(of: expected) != nil, "\(line)")
  }

  @Test func everythingElseHasTheSameVersion() throws {
    let version = VernierVersion.text
    #expect(try text("Python/pyproject.toml").contains("\nversion = \"\(version)\"\n"))
    #expect(try text("CHANGELOG.md").contains("\n## [\(version)]"))
    #expect(try text("docs/python.md").contains("vernier-\(version)-py3-none"))
    let description = try #require(
      JSONSerialization.jsonObject(
        with: Data(text("Sources/Services/ScoringService/Assets/openapi.json").utf8))
        as? [String: Any])
    #expect((description["info"] as? [String: Any])?["version"] as? String == version)
  }
}
