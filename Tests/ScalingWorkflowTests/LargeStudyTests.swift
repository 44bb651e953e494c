import Domain
import Files
import Scaling
import ScalingWorkflow
import Synchronization
import TestSupport
import Testing

@Suite struct LargeStudyTests {
  /// A ring of 2,100 photos, each judged three times against the next one, and a small scene beside it.
  private func votes(_ scratch: Scratch) throws -> String {
    var lines = ["observer,scene,attribute,image_a,image_b,choice"]
    for vote in 0..<6300 {
      let (photo, round) = (vote % 2100, vote / 2100)
      lines.append(
        "o\(vote % 15),Large,details,p\(photo),p\((photo + 1) % 2100),"
          + ((photo * 7 + round) % 3 == 0 ? "a" : "b"))
    }
    for vote in 0..<60 {
      lines.append("o\(vote % 15),Small,details,p\(vote % 4),q,\(vote % 3 == 0 ? "a" : "b")")
    }
    return try scratch.write(lines.joined(separator: "\n"), to: "votes.csv")
  }

  @Test func veryManyPhotosHaveAScaleWithoutLevels() throws {
    let scratch = try Scratch()
    let said = Mutex<[String]>([])
    var settings = ScalingSettings()
    settings.bootstraps = 40
    let plan = ScalingPlan(settings: settings, asksForBootstraps: false)
    let outcome = try ScalesFromVotes(votes: votes(scratch), plan: plan).run(
      to: scratch.file("out"),
      observer: WorkflowObserver { event in
        if case .message(let text) = event { said.withLock { $0.append(text) } }
      })
    #expect(outcome.failures == 0)
    let path = try #require(outcome.files.first).path
    let scales = try ScoresFile.read(path)
    #expect(scales.map(\.photos.count) == [2100, 5])
    #expect(scales[0].photos.allSatisfy { $0.level == nil && $0.cluster == nil })
    #expect(
      scales[0].photos.allSatisfy { $0.interval.low < $0.score && $0.score < $0.interval.high })
    #expect(scales[1].photos.allSatisfy { $0.level != nil })
    #expect(
      said.withLock { $0 }.contains { $0.hasPrefix("Large, details: 2100 photos make a large") })
    let provenance = try #require(try Provenance.read(beside: path))
    #expect(provenance.settings["without-bootstrap"] == "Large, details")
    #expect(provenance.settings["pairs"]?.text?.contains("Large, details: chosen") == true)
    let clusters = try InputFile.read(scratch.file("out/Clusters_Details.json"))
    let text = String(decoding: clusters, as: UTF8.self)
    #expect(text.contains("\"Small\"") && !text.contains("\"Large\""))
  }
}
