import Domain
import Files
import Foundation
import Pixels
import Testing

/// Trends, named baselines, golden scores and asked pairs as a laboratory runs them.
@Suite struct DecisionCommandTests {
  private static let scenes = ["Cafe", "Park", "Street", "Studio"]

  /// Votes of 12 observers, `share` of whom prefer 2.jpg and 3.jpg (build B) in every scene; and
  /// the groups.
  private func campaign(in folder: String, share: Int) throws {
    var votes: [Judgement] = []
    var groups = CSVWriter(columns: ["scene", "image", "group"])
    for (index, scene) in Self.scenes.enumerated() {
      for observer in 0..<12 {
        for (a, b) in [("0.jpg", "2.jpg"), ("3.jpg", "1.jpg"), ("0.jpg", "3.jpg")] {
          let candidateWins = (observer + 5 * index) % 12 < share
          votes.append(
            Judgement(
              observer: ObserverID("o\(observer)"), scene: SceneID(scene), attribute: .details,
              photoA: PhotoID(a), photoB: PhotoID(b),
              choice: candidateWins == ["2.jpg", "3.jpg"].contains(b) ? .b : .a))
        }
      }
      for photo in 0..<4 { groups.append([scene, "\(photo).jpg", photo < 2 ? "A" : "B"]) }
    }
    try VotesFile.write(votes, to: "\(folder)/votes.csv")
    try groups.write(to: "\(folder)/groups.csv")
  }

  private func verdict(_ more: [String], in folder: String) throws -> Program.Outcome {
    try Program.run(
      [
        "verdict", "--baseline", "A", "--candidate", "B", "--votes", "votes.csv", "--groups",
        "groups.csv",
      ] + more, in: folder)
  }

  @Test func theNextPairsGoToTheAnnotation() throws {
    try inFolder { folder in
      try campaign(in: folder, share: 7)
      try StudyPhotos.write(to: "\(folder)/pictures", scenes: Self.scenes, each: 4)
      let open = try verdict(
        ["--gate", "better", "--next-pairs", "next.csv", "--batch", "9"], in: folder)
      #expect(open.status == 3, "\(open.output)\(open.messages)")
      let import1 = [
        "annotate", "S", "--new", "--import", "pictures", "--attribute", "details", "--import-only",
      ]
      #expect(try Program.run(import1, in: folder).status == 0)
      let ask = ["annotate", "S", "--import-only", "--pairs", "next.csv"]
      let asked = try Program.run(ask, in: folder)
      #expect(asked.status == 0 && asked.messages.contains("9 are asked next"), "\(asked.messages)")
      let again = try Program.run(ask, in: folder)
      #expect(again.status == 0 && again.messages.contains("taken before"), "\(again.messages)")
      let none = try Program.run(
        ["annotate", "S", "--import-only", "--pairs", "votes.csv"], in: folder)
      // A file of votes names pairs too: they are asked.
      #expect(none.status == 0, "\(none.messages)")
      let wrong = try Program.run(
        ["annotate", "S", "--import-only", "--pairs", "groups.csv"], in: folder)
      #expect(wrong.status == 1 && wrong.messages.contains("groups.csv"), "\(wrong.messages)")
    }
  }

  @Test func aStudyNamesItsStopRule() throws {
    try inFolder { folder in
      try StudyPhotos.write(to: "\(folder)/pictures", scenes: ["Cafe"], each: 4)
      let new = ["annotate", "S", "--new", "--import", "pictures", "--import-only"]
      let made = try Program.run(new + ["--set", "verdict=verdict.json"], in: folder)
      #expect(made.status == 0, "\(made.messages)")
      // Without the plan the study is not served.
      let absent = try Program.run(["annotate", "S", "--port", "0"], in: folder)
      #expect(absent.status == 1 && absent.messages.contains("verdict.json"), "\(absent.messages)")
    }
  }

  @Test func aHistoryBecomesATrend() throws {
    try inFolder { folder in
      try campaign(in: folder, share: 6)
      for (share, candidate) in [(6, "B"), (12, "C")] {
        try campaign(in: folder, share: share)
        let groups = try String(contentsOfFile: "\(folder)/groups.csv", encoding: .utf8)
        try groups.replacing(",B", with: ",\(candidate)")
          .write(toFile: "\(folder)/groups.csv", atomically: true, encoding: .utf8)
        let done = try Program.run(
          [
            "verdict", "--baseline", "A", "--candidate", candidate, "--votes", "votes.csv",
            "--groups", "groups.csv", "--history", "h.jsonl",
          ], in: folder)
        #expect([0, 3].contains(done.status), "\(done.messages)")
      }
      let trend = try Program.run(
        ["trend", "--history", "h.jsonl", "--csv", "t.csv", "--report", "t.html"], in: folder)
      #expect(trend.status == 0 && trend.messages.isEmpty, "\(trend.messages)")
      #expect(trend.output.contains("Details"))
      let table = try CSVTable(path: "\(folder)/t.csv")
      let names = try table.column("candidate")
      #expect(try table.rows.map { try $0.text(names) } == ["B", "C"])
      for (wrong, status) in [
        (["--history", "none.jsonl"], Int32(1)), (["--history", "h.jsonl", "--votes", "v"], 64),
        ([], 64), (["--history", "h.jsonl", "--baseline", "Z"], 1),
        (["--history", "votes.csv"], 1),
      ] {
        let found = try Program.run(["trend"] + wrong, in: folder)
        #expect(found.status == status && found.output.isEmpty, "\(wrong): \(found.messages)")
      }
    }
  }

  @Test func aBaselineIsKeptInTheStudyAndScoredAgain() throws {
    try inFolder { folder in
      try SmallModel.weights(to: "\(folder)/w.safetensors")
      try SmallModel.weights(to: "\(folder)/w2.safetensors", seed: 2)
      for (weights, model) in [("w", "m"), ("w2", "m2")] {
        let made = try Program.run(
          [
            "model", "import", "\(weights).safetensors", "--architecture", "resnet50", "--patch",
            "64", "--out", model, "--unit", "JOD", "--half-width", "0.5",
          ], in: folder)
        #expect(made.status == 0, "\(made.messages)")
      }
      var manifest = CSVWriter(columns: ["image", "scene", "name", "build"])
      for scene in 0..<2 {
        for build in ["old", "new"] {
          let file = "\(build)\(scene).png"
          try SmallModel.photo(to: "\(folder)/\(file)", seed: scene + (build == "new" ? 7 : 1))
          manifest.append([file, "S\(scene)", file, build])
        }
      }
      try manifest.write(to: "\(folder)/manifest.csv")
      func run(_ arguments: String, status: Int32 = 0) throws -> Program.Outcome {
        let outcome = try Program.run(
          arguments.split(separator: " ").map(String.init), in: folder)
        #expect(outcome.status == status, "\(arguments): \(outcome.output)\(outcome.messages)")
        return outcome
      }
      _ = try run("study new S")
      _ = try run("study add S manifest.csv")
      _ = try run("score --model m old0.png old1.png --region full --out old.csv")
      _ = try run("score --model m2 new0.png new1.png --region full --out new.csv")
      _ = try run("baseline set release --study S --group old --scores old.csv")
      let list = try run("baseline list --study S").output
      let digest = try FileDigest.sha256("\(folder)/m/weights.safetensors")
      #expect(list.contains("release,build,old,2,m,\(digest)"), "\(list)")
      #expect(try run("baseline show release --study S").output.contains("S0,old0.png,overall"))
      let judge = "verdict --baseline release --candidate new --scores new.csv --study S"
      let refused = try run(judge, status: 1)
      #expect(refused.messages.contains("rescore release") && refused.output.isEmpty)
      // The attribute overall looks at the whole photo, so that no face is searched for.
      _ = try run("baseline rescore release --study S --model m2")
      #expect(try run(judge, status: 3).output.contains("release"))
      let missing = try run("baseline show other --study S", status: 1)
      #expect(missing.messages.contains("release"))
      _ = try run("baseline set new --study S --group old", status: 1)
      _ = try run("baseline remove release --study S")
      #expect(try run("baseline list --study S").output.split(separator: "\n").count == 1)
    }
  }

  @Test func goldenScoresShowThatNothingChanged() throws {
    try inFolder { folder in
      try SmallModel.weights(to: "\(folder)/w.safetensors")
      for (model, seed) in [("m", UInt64(1)), ("m2", 2)] {
        try SmallModel.weights(to: "\(folder)/w.safetensors", seed: seed)
        _ = try Program.run(
          [
            "model", "import", "w.safetensors", "--architecture", "resnet50", "--patch", "64",
            "--out", model, "--unit", "JOD", "--half-width", "0.5",
          ], in: folder)
      }
      for photo in 0..<3 {
        try SmallModel.photo(to: "\(folder)/\(photo).png", seed: photo)
      }
      func run(_ more: [String]) throws -> Program.Outcome {
        try Program.run(["score", "--region", "full"] + more, in: folder)
      }
      let made = try run(
        ["--model", "m", "0.png", "1.png", "2.png", "--out", "golden.jsonl"])
      #expect(made.status == 0, "\(made.messages)")
      let verify = ["--model", "m", "--verify", "golden.jsonl"]
      let same = try run(verify)
      #expect(same.status == 0 && same.output.isEmpty, "\(same.output)\(same.messages)")
      #expect(same.messages.contains("bit for bit"))
      // The last bit of one score.
      var records = try JSONLines.read(PhotoScore.self, from: "\(folder)/golden.jsonl")
      records[1].score = records[1].score.nextUp
      try JSONLines.write(records, to: "\(folder)/golden.jsonl")
      let other = try run(verify)
      #expect(other.status == 1, "\(other.messages)")
      #expect(other.output.hasPrefix("1.png: was score "))
      #expect(other.output.split(separator: "\n").count == 1)
      records[1].score = records[1].score.nextDown
      try JSONLines.write(records, to: "\(folder)/golden.jsonl")
      // Another photo under the same name, and one that is gone.
      try SmallModel.photo(to: "\(folder)/2.png", seed: 40)
      try FileManager.default.removeItem(atPath: "\(folder)/0.png")
      let changed = try run(verify)
      #expect(changed.status == 1 && changed.output.contains("2.png: the photo is another one"))
      #expect(changed.output.contains("0.png: ") && !changed.output.contains("1.png"))
      let model = try run(["--model", "m2", "--verify", "golden.jsonl"])
      #expect(model.status == 1 && model.output.isEmpty, "\(model.output)")
      #expect(model.messages.contains("another model"), "\(model.messages)")
      let options = try run(verify + ["--crops", "3"])
      #expect(options.status == 1 && options.messages.contains("crops"), "\(options.messages)")
      #expect(try run(verify + ["1.png"]).status == 1)
      #expect(try run(["--model", "m", "--verify", "none.jsonl"]).status == 1)
    }
  }
}
