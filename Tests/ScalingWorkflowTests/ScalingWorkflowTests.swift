import Domain
import Files
import Scaling
import ScalingWorkflow
import Synchronization
import TestSupport
import Testing

/// What a workflow reported, in order.
private final class Report: Sendable {
  private let lines = Mutex<[String]>([])

  var observer: WorkflowObserver {
    WorkflowObserver { event in
      switch event {
      case .message(let text): self.lines.withLock { $0.append(text) }
      case .note(let text): self.lines.withLock { $0.append("note: \(text)") }
      case .failure(let subject, let error):
        self.lines.withLock { $0.append("failure of \(subject): \(error)") }
      case .step, .progress: break
      }
    }
  }

  var all: [String] { lines.withLock { $0 } }
}

/// Votes of simulated observers on five photos of each scene, 1 JOD apart.
private func votes(
  _ scratch: Scratch, scenes: [String] = ["S", "T"], named name: String = "votes.csv"
) throws -> String {
  let truth = scenes.flatMap { scene in
    (0..<5).map { index in
      TrueQuality(
        scene: SceneID(scene), attribute: .details, photo: PhotoID("\(index)-\(scene).jpg"),
        quality: JOD(Double(index)))
    }
  }
  try TruthFile.write(truth, to: scratch.file("truth.csv"))
  let count = try SimulatedVotes(
    truth: scratch.file("truth.csv"), comparisons: 200, observers: 12, seed: 3
  ).run(to: scratch.file(name))
  #expect(count == 200 * scenes.count)
  return scratch.file(name)
}

private func quick() -> ScalingPlan {
  var settings = ScalingSettings()
  settings.bootstraps = 60
  return ScalingPlan(settings: settings)
}

@Suite struct ScalingWorkflowTests {
  @Test func everySceneIsScaledAndOneThatCannotBeStopsNoOther() throws {
    let scratch = try Scratch()
    let path = try votes(scratch)
    // A scene in two islands has no scale.
    let islands = [("0.jpg", "1.jpg"), ("2.jpg", "3.jpg")].flatMap { a, b in
      [Choice.a, .b].map { choice in
        Judgement(
          observer: "O", scene: "Z", attribute: .details, photoA: PhotoID(a), photoB: PhotoID(b),
          choice: choice)
      }
    }
    try VotesFile.write(VotesFile.read(path) + islands, to: path)
    let report = Report()
    let outcome = try ScalesFromVotes(votes: path, plan: quick())
      .run(to: scratch.file("out"), observer: report.observer)
    #expect(outcome.scenes == 3 && outcome.failures == 1)
    #expect(report.all.contains { $0.hasPrefix("failure of \(path), scene Z, details: ") })
    let file = try #require(outcome.files.first)
    #expect(outcome.files.count == 1 && file.scenes == 2)
    let scales = try ScoresFile.read(file.path)
    #expect(scales.map(\.scene) == ["S", "T"])
    #expect(scratch.names.contains("out"))
    let provenance = try #require(try Provenance.read(beside: file.path))
    #expect(
      provenance.settings["rule"] == "upper-limit" && provenance.settings["clusters"] == "joint")
  }

  @Test func levelsFollowTheFilesRows() throws {
    let scratch = try Scratch()
    let outcome = try ScalesFromVotes(votes: votes(scratch), plan: quick()).run(to: scratch.path)
    let scores = try #require(outcome.files.first).path
    let report = Report()
    try LevelsFromScores(scores: scores, rule: .fixed(2), seed: 1)
      .run(to: scratch.file("levels.csv"), observer: report.observer)
    #expect(report.all.count == 2, "\(report.all)")
    #expect(report.all.allSatisfy { $0.contains(", details: 2 levels (file: ") })
    let table = try CSVTable(path: scratch.file("levels.csv"))
    let columns = try table.columns(["IMAGE", "QUALITY LEVEL"])
    let photos = try ScoresFile.read(scores).flatMap(\.photos)
    #expect(try table.rows.map { try $0.text(columns[0]) } == photos.map(\.photo.text))
    #expect(try table.rows.map { try $0.integer(columns[1], in: 0...1) }.contains(1))
  }

  @Test func aSettingIsNamedAndEveryCallerSpellsIt() throws {
    let scratch = try Scratch()
    let path = try votes(scratch)
    let error = try #require(throws: InputError.self) { try SceneVotes.read(path, only: "X") }
    #expect(error.description == "scene: «X» has no votes in \(path); give one of S, T")
    #expect(error.text(spelling: { "--\($0)" }).hasPrefix("--scene: «X» has no votes"))
    #expect(
      message { _ = try NextPairs(votes: path, batch: 0).table() }
        == "batch: 0 is not a number of pairs; give 1 or more")
  }

  @Test func theNextPairsAreThoseOfOneScene() throws {
    let scratch = try Scratch()
    let table = try NextPairs(votes: votes(scratch), scene: "T", batch: 3).table()
    let lines = String(decoding: table.bytes, as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 4 && lines.dropFirst().allSatisfy { $0.hasPrefix("T,details,") })
  }

  @Test func scenesBecomeOneScale() throws {
    let scratch = try Scratch()
    let within = try votes(scratch)
    let outcome = try ScalesFromVotes(votes: within, plan: quick()).run(to: scratch.path)
    let scores = try #require(outcome.files.first).path
    let chosen = try CrossSetTable.choose(scales: scores, perScene: 5)
    #expect(String(decoding: chosen.bytes, as: UTF8.self).split(separator: "\n").count == 11)
    // The same qualities judged across scenes, each photo as scene/photo.
    let truth = ["S", "T"].flatMap { scene in
      (0..<5).map { index in
        TrueQuality(
          scene: "Cross", attribute: .details, photo: PhotoID("\(scene)/\(index)-\(scene).jpg"),
          quality: JOD(Double(index)))
      }
    }
    try TruthFile.write(truth, to: scratch.file("cross-truth.csv"))
    _ = try SimulatedVotes(
      truth: scratch.file("cross-truth.csv"), comparisons: 600, observers: 12, seed: 5
    ).run(to: scratch.file("cross-votes.csv"))
    let across = try ScalesFromVotes(votes: scratch.file("cross-votes.csv"), plan: quick())
      .run(to: scratch.file("cross"))
    let report = Report()
    let cross = try #require(across.files.first).path
    let scale = try UnifiedFromScales(
      scales: scores, cross: cross, reference: "S"
    ).run(to: scratch.file("one"), observer: report.observer)
    #expect(scale.photos.count == 10 && scale.referenceScene == "S")
    #expect(report.all.contains { $0.hasPrefix("Errors of the lines: ") })
    let joint = try UnifiedFromVotes(
      votes: within, crossVotes: scratch.file("cross-votes.csv"), reference: "S"
    ).run(to: scratch.file("joint"))
    #expect(joint.photos.count == 10)
  }
}
