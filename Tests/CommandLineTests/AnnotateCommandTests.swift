import Files
import Foundation
import Testing

/// `vernier annotate` as a laboratory starts it.
@Suite struct AnnotateCommandTests {
  @Test func aMistypedFolderBecomesNoStudy() throws {
    try inFolder { folder in
      let wrong = try Program.run(["annotate", "S", "--import-only"], in: folder)
      #expect(wrong.status != 0)
      #expect(
        wrong.messages
          == "Error: S: is not a study and holds no regions.csv; check the path, or give "
          + "--new too\n")
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/S"))
      let made = try Program.run(["annotate", "S", "--new", "--import-only"], in: folder)
      #expect(made.status == 0, "\(made.messages)")
      #expect(try Program.run(["annotate", "S", "--import-only"], in: folder).status == 0)
      #expect(try Program.run(["study", "status", "S"], in: folder).status == 0)
    }
  }

  /// The link must be there when a service manager reads a log, and in a file that only its owner reads.
  @Test func theOwnersLinkReachesALogAndAFile() throws {
    try inFolder { folder in
      let log = "\(folder)/log"
      _ = FileManager.default.createFile(atPath: log, contents: nil)
      let server = Process()
      server.executableURL = URL(fileURLWithPath: "\(Program.root)/.build/release/vernier")
      server.arguments = ["annotate", "S", "--new", "--port", "0", "--owner-link-file", "link"]
      server.currentDirectoryURL = URL(fileURLWithPath: folder)
      server.standardOutput = FileHandle(forWritingAtPath: log)
      server.standardError = FileHandle.nullDevice
      try server.run()
      defer {
        server.terminate()
        server.waitUntilExit()
      }
      var link = ""
      while server.isRunning, !link.hasSuffix("\n") {
        usleep(20_000)
        link = (try? String(contentsOfFile: "\(folder)/link", encoding: .utf8)) ?? ""
      }
      #expect(link.contains("/i/"))
      #expect(try String(contentsOfFile: log, encoding: .utf8) == link)
      let facts = try FileManager.default.attributesOfItem(atPath: "\(folder)/link")
      #expect(facts[.posixPermissions] as? Int == 0o600)
      let second = try Program.run(["annotate", "S", "--port", "0"], in: folder)
      #expect(second.status != 0)
      #expect(second.messages.contains("another vernier serves this study"), "\(second.messages)")
    }
  }
}
