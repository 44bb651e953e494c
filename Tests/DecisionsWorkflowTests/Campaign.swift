import Decision
import DecisionsWorkflow
import Domain
import Files
import Foundation
import Scaling
import ScalingWorkflow
import Statistics
import TestSupport

/// A study of two builds, judged by simulated observers: two photos of each in every scene.
struct Campaign {
  /// The true difference of every scene, candidate minus baseline, in JOD, by attribute.
  var differences: [Attribute: [Double]] = [:]
  /// The number of votes in every scene.
  var votes = 160
  /// The number of observers.
  var observers = 12
  /// Further columns of the groups, by photo.
  var facts: [String: (Int, String) -> String] = [:]
  /// Photos that don't exist: scene and photo.
  var isMissing: (Int, String) -> Bool = { _, _ in false }
  /// Answers that all observers give alike, without chance.
  var isUnanimous = false

  static let photos = ["a1", "a2", "b1", "b2"]

  init(_ differences: [Double], attribute: Attribute = .details) {
    self.differences = [attribute: differences]
  }

  /// Writes `votes.csv` and `groups.csv`.
  func write(to scratch: Scratch, seed: UInt64 = 1) throws -> (votes: String, groups: String) {
    var random = SeededGenerator(seed: seed)
    var votes: [Judgement] = []
    for (attribute, differences) in differences.sorted(by: { $0.key < $1.key }) {
      for (scene, difference) in differences.enumerated() {
        let photos = Self.photos.filter { !isMissing(scene, $0) }
        for vote in 0..<self.votes {
          let a = photos[random.index(below: photos.count)]
          var b = a
          while b == a { b = photos[random.index(below: photos.count)] }
          let quality = { (photo: String) in photo.hasPrefix("b") ? difference : 0 }
          let distance = quality(a) - quality(b)
          let noise = isUnanimous && distance != 0 ? 0 : JOD.differenceSigma * random.normal()
          votes.append(
            Judgement(
              observer: ObserverID("o\(vote % observers)"), scene: SceneID("S\(scene)"),
              attribute: attribute, photoA: PhotoID(a), photoB: PhotoID(b),
              choice: distance + noise > 0 ? .a : .b))
        }
      }
    }
    let path = scratch.file("votes.csv")
    try VotesFile.write(votes, to: path)
    let names = facts.keys.sorted()
    var table = CSVWriter(columns: ["scene", "image", "group"] + names)
    let count = differences.values.map(\.count).max() ?? 0
    for scene in 0..<count {
      for photo in Self.photos where !isMissing(scene, photo) {
        table.append(
          ["S\(scene)", photo, photo.hasPrefix("b") ? "new" : "old"]
            + names.map { facts[$0]?(scene, photo) ?? "" })
      }
    }
    try table.write(to: scratch.file("groups.csv"))
    return (path, scratch.file("groups.csv"))
  }

  /// The verdict on the campaign.
  func run(
    seed: UInt64 = 1, change: (inout VerdictRun) -> Void = { _ in }
  ) throws -> VerdictRun.Outcome {
    let scratch = try Scratch()
    let files = try write(to: scratch, seed: seed)
    var run = VerdictRun(
      groups: .list(files.groups), baseline: "old", candidate: "new",
      source: .votes(files.votes, ScalingPlan()))
    change(&run)
    return try withExtendedLifetime(scratch) { try run.run() }
  }
}
