import Domain
import Foundation
import Scaling
import Statistics

/// Published votes of people: `Tests/HumanVotes/README.md`.
enum HumanVotes {
  static func text(_ name: String) throws -> String {
    try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "../HumanVotes/\(name)"), encoding: .utf8)
  }
}

/// A simulated study of one scene.
struct SimulatedStudy {
  var truth: [Double]
  var judgements: SceneJudgements

  /// Observers who judge random pairs under Case V.
  ///
  /// `observerSpread` is the standard deviation, in JOD, of each observer's own opinion of each
  /// photo around the truth; single answers then vary less, so that the spread over observers and
  /// answers stays that of Case V.
  init(
    truth: [Double], votes: Int, observers: Int, seed: UInt64, observerSpread: Double = 0,
    ties: Double = 0
  ) {
    self.truth = truth
    var random = SeededGenerator(seed: seed)
    let n = truth.count
    let opinions = (0..<observers).map { _ in
      truth.map { $0 + observerSpread * random.normal() }
    }
    let variance = JOD.differenceSigma * JOD.differenceSigma
    let noise = max(0, variance - 2 * observerSpread * observerSpread).squareRoot()
    var list: [SceneJudgements.Vote] = []
    for vote in 0..<votes {
      let observer = vote % observers
      let a = random.index(below: n)
      var b = random.index(below: n - 1)
      if b >= a { b += 1 }
      let percept = opinions[observer][a] - opinions[observer][b] + noise * random.normal()
      let choice: Choice = abs(percept) < ties ? .tie : percept > 0 ? .a : .b
      list.append(SceneJudgements.Vote(observer: observer, a: a, b: b, choice: choice))
    }
    judgements = SceneJudgements(
      scene: "Simulated", attribute: .details,
      photos: (0..<n).map { PhotoID("photo\($0)") },
      observers: (0..<observers).map { ObserverID("o\($0)") }, votes: list)
  }

  /// Qualities spread evenly over a range, with mean 0.
  static func evenTruth(_ count: Int, range: Double) -> [Double] {
    (0..<count).map { (Double($0) / Double(count - 1) - 0.5) * range }
  }
}

/// The published HDR-VDC study, dim display.
struct HDRVDC {
  var judgements: [SceneJudgements] = []
  var published: [SceneID: [String: (jod: Double, low: Double, high: Double)]] = [:]
  static let reference = PhotoID("reference")

  init() throws {
    let votes = try HumanVotes.text("hdr-vdc/dim_display_experiment_data.csv")
    let scores = try HumanVotes.text("hdr-vdc/scaled_jod_scores.csv")
    let merging: Set<String> = ["FishingCloseshot", "Showgirl01", "Bistro", "SmithHammering"]
    var list: [Judgement] = []
    for line in votes.split(whereSeparator: \.isNewline).dropFirst() {
      let row = line.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let names = [row[2], row[3]].map { name in
        name.hasPrefix("H_3840x2160")
          || name.hasPrefix("H_1920x1080") && merging.contains(row[1]) ? Self.reference.text : name
      }
      list.append(
        Judgement(
          observer: ObserverID(row[0]), scene: SceneID(row[1]), attribute: .overall,
          photoA: PhotoID(names[0]), photoB: PhotoID(names[1]), choice: row[4] == "1" ? .a : .b))
    }
    judgements = SceneJudgements.grouping(list)
    for line in scores.split(whereSeparator: \.isNewline).dropFirst() {
      let row = line.split(separator: ",").map(String.init)
      published[SceneID(row[0]), default: [:]][row[1]] = (
        Double(row[2]) ?? .nan, Double(row[3]) ?? .nan, Double(row[4]) ?? .nan
      )
    }
  }
}
