import Foundation
import Testing

/// Every command's help, as it was read and approved: `Fixtures/help.txt`.
@Suite struct HelpTests {
  @Test func everyPageIsTheApprovedOne() throws {
    let approved = try String(
      contentsOf: URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/help.txt"), encoding: .utf8)
    let printed = try pages()
    let lines = printed.split(separator: "\n", omittingEmptySubsequences: false)
    let expected = approved.split(separator: "\n", omittingEmptySubsequences: false)
    let first = zip(lines, expected).enumerated().first { $0.element.0 != $0.element.1 }
    #expect(
      printed == approved,
      """
      line \((first?.offset ?? min(lines.count, expected.count)) + 1): \
      «\(first?.element.0 ?? "")» instead of «\(first?.element.1 ?? "")»; if the change is wanted: \
      Scripts/help-pages > Tests/CommandLineTests/Fixtures/help.txt
      """)
  }

  /// What `Scripts/help-pages` prints.
  private func pages() throws -> String {
    let folder = try Program.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let path = "\(folder)/help.txt"
    _ = FileManager.default.createFile(atPath: path, contents: nil)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(Program.root)/Scripts/help-pages")
    process.standardOutput = FileHandle(forWritingAtPath: path)
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return try String(contentsOfFile: path, encoding: .utf8)
  }
}
