import ArgumentParser
import Domain
import Files
import Foundation
import ModelLibrary
import Preparation
import ScoringWorkflow

/// Answers requests of other programs.
struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker",
    abstract: "Score or prepare photos for another program: JSON Lines in, JSON Lines out.",
    discussion: """
      The model is loaded once. The first line of output says {"type":"ready",…}; then every line \
      of input, {"id":…,"path":…} with an optional scene, region or box, is answered by one line \
      with its id: a score, or an error that names the photo. The answers' order is not promised. \
      With --prepare, a request also names the folder out. The end of the input or SIGTERM ends \
      the worker when what it has read is answered, with exit code 0. The protocol: docs/worker.md.
      """)

  @OptionGroup(title: "Model")
  var model: ScoreModelOptions
  @OptionGroup var reading: PhotoReadingOptions
  @Option(help: "Cut the region of this attribute instead of scoring.")
  var prepare: String?

  func run() async throws {
    let interruption = Interruption()
    let worker = Worker(try await job())
    let output = FileHandle.standardOutput
    try await worker.run(
      input: FileHandle.standardInput.fileDescriptor, isStopping: interruption.question,
      write: { try output.write(contentsOf: Data(($0 + "\n").utf8)) })
    withExtendedLifetime(interruption) {}
  }

  private func job() async throws -> Worker.Job {
    let decoding = try reading.decoding()
    guard let prepare else { return .score(try await model.pool { decoding }) }
    let writer = try RegionWriter(
      Attribute(prepare), installation: Installation(), decoding: decoding)
    return .prepare(writer.attribute) { try writer.prepare($0, region: $1, to: $2) }
  }
}
