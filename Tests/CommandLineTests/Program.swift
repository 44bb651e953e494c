import Foundation
import Testing

/// Runs the built program as a user does.
struct Program {
  /// What a run left.
  struct Outcome {
    let status: Int32
    let output: String
    let messages: String
  }

  /// The project's folder.
  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// Whether `Scripts/setup` has installed the portraits and models.
  static var isSetUp: Bool {
    FileManager.default.fileExists(atPath: "\(root)/.deps/portraits/astronaut.png")
  }

  /// A fresh folder that the caller removes.
  static func temporaryFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(
      "vernier-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
  }

  /// Starts the program without waiting for it.
  static func start(_ arguments: [String], in folder: String) throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "\(root)/.build/release/vernier")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    return process
  }

  /// Runs the program to its end; `environment` is added to that of the tests.
  static func run(
    _ arguments: [String], in folder: String, environment: [String: String] = [:]
  ) throws -> Outcome {
    let process = Process()
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.executableURL = URL(fileURLWithPath: "\(root)/.build/release/vernier")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder)
    let outputPath = "\(folder)/.stdout-\(UUID().uuidString)"
    let messagesPath = "\(folder)/.stderr-\(UUID().uuidString)"
    for path in [outputPath, messagesPath] {
      _ = FileManager.default.createFile(atPath: path, contents: nil)
    }
    process.standardOutput = FileHandle(forWritingAtPath: outputPath)
    process.standardError = FileHandle(forWritingAtPath: messagesPath)
    try process.run()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus,
      output: try String(contentsOfFile: outputPath, encoding: .utf8),
      messages: try String(contentsOfFile: messagesPath, encoding: .utf8))
  }
}

extension Trait where Self == ConditionTrait {
  /// Skips what needs the portraits and models where they are not installed.
  static var needsSetup: Self { .enabled(if: Program.isSetUp, "run Scripts/setup first") }
}
