import Domain
import Files
import Foundation
import Pixels
import Testing

/// `vernier verdict` as continuous integration runs it.
@Suite struct VerdictCommandTests {
  private static let scenes = ["Cafe", "Park", "Street", "Studio", "Harbor"]

  /// Votes of 12 observers who prefer build B, `share` of them, in every scene; and the groups.
  private func campaign(in folder: String, share: Int) throws {
    var votes: [Judgement] = []
    for (index, scene) in Self.scenes.enumerated() {
      for observer in 0..<12 {
        for (a, b) in [("a1.jpg", "b1.jpg"), ("b2.jpg", "a2.jpg"), ("a1.jpg", "b2.jpg")] {
          // Other observers disagree in every scene.
          let candidateWins = (observer + 5 * index) % 12 < share
          votes.append(
            Judgement(
              observer: ObserverID("o\(observer)"), scene: SceneID(scene), attribute: .details,
              photoA: PhotoID(a), photoB: PhotoID(b),
              choice: candidateWins == b.hasPrefix("b") ? .b : .a))
        }
        // Photos of the same build: a coin.
        votes.append(
          Judgement(
            observer: ObserverID("o\(observer)"), scene: SceneID(scene), attribute: .details,
            photoA: "a1.jpg", photoB: "a2.jpg", choice: observer.isMultiple(of: 2) ? .a : .b))
      }
    }
    try VotesFile.write(votes, to: "\(folder)/votes.csv")
    var groups = CSVWriter(columns: ["scene", "image", "group"])
    for scene in Self.scenes {
      for photo in ["a1.jpg", "a2.jpg", "b1.jpg", "b2.jpg"] {
        groups.append([scene, photo, photo.hasPrefix("b") ? "B" : "A"])
      }
    }
    try groups.write(to: "\(folder)/groups.csv")
  }

  private let arguments = [
    "verdict", "--baseline", "A", "--candidate", "B", "--votes", "votes.csv", "--groups",
    "groups.csv",
  ]

  @Test func exitCodesAreTheGates() throws {
    try inFolder { folder in
      try campaign(in: folder, share: 10)
      let better = try Program.run(arguments + ["--json", "v.json"], in: folder)
      #expect(better.status == 0, "\(better.messages)")
      #expect(better.output.contains("B is better than A") && better.messages.isEmpty)
      #expect(try outcome(folder) == "better")
      let swapped = arguments.map { $0 == "A" ? "B" : $0 == "B" ? "A" : $0 }
      let worse = try Program.run(swapped + ["--json", "v.json"], in: folder)
      #expect(worse.status == 1 && worse.output.contains("A is worse than B"))
      #expect(try outcome(folder) == "worse")
      try campaign(in: folder, share: 6)
      let open = try Program.run(arguments + ["--margin", "0.05"], in: folder)
      #expect(open.status == 3, "\(open.output)")
      for (policy, status) in [("pass", Int32(0)), ("fail", 1)] {
        let decided = try Program.run(
          arguments + ["--margin", "0.05", "--inconclusive", policy], in: folder)
        #expect(decided.status == status)
      }
      let equal = try Program.run(arguments + ["--margin", "2", "--gate", "better"], in: folder)
      #expect(equal.status == 1 && equal.output.contains("equivalent"), "\(equal.output)")
    }
  }

  @Test func usageAndBrokenInputAreAsInEveryCommand() throws {
    try inFolder { folder in
      try campaign(in: folder, share: 10)
      for wrong in [
        ["--scores", "votes.csv"], ["--study", "S"], ["--gate", "good"], ["--margin", "much"],
      ] {
        let outcome = try Program.run(arguments + wrong, in: folder)
        #expect(outcome.status == 64 && outcome.output.isEmpty, "\(wrong)")
      }
      for (wrong, word) in [
        (["--margin=-1"], "--margin"), (["--attribute", "exposure"], "--attribute"),
        (["--slices", "lens"], "--slices"), (["--plan", "none.json"], "none.json"),
      ] {
        let outcome = try Program.run(arguments + wrong + ["--json", "v.json"], in: folder)
        #expect(outcome.status == 1 && outcome.output.isEmpty, "\(wrong)")
        #expect(outcome.messages.contains(word), "\(outcome.messages)")
        #expect(!FileManager.default.fileExists(atPath: "\(folder)/v.json"))
      }
    }
  }

  @Test func groupsComeFromTheStudy() throws {
    try inFolder { folder in
      try campaign(in: folder, share: 10)
      var manifest = CSVWriter(columns: ["image", "scene", "name", "device", "build", "condition"])
      var number = 0
      for (index, scene) in Self.scenes.enumerated() {
        for photo in ["a1.jpg", "a2.jpg", "b1.jpg", "b2.jpg"] {
          let file = "\(number).jpg"
          try StudyPhotos.image(number).write(to: "\(folder)/\(file)", as: .jpeg(quality: 90))
          manifest.append([
            file, scene, photo, photo.hasPrefix("b") ? "Phone B" : "Phone A",
            photo.hasPrefix("b") ? "2.0" : "1.9", index < 2 ? "Night" : "Outdoor",
          ])
          number += 1
        }
      }
      try manifest.write(to: "\(folder)/manifest.csv")
      _ = try Program.run(["study", "new", "S"], in: folder)
      let added = try Program.run(["study", "add", "S", "manifest.csv"], in: folder)
      #expect(added.status == 0, "\(added.messages)")
      for (baseline, candidate) in [("Phone A", "Phone B"), ("1.9", "2.0")] {
        let found = try Program.run(
          [
            "verdict", "--baseline", baseline, "--candidate", candidate, "--votes", "votes.csv",
            "--study", "S", "--slices", "condition", "--report", "v.html", "--github",
          ], in: folder)
        #expect(found.status == 0, "\(found.messages)")
        #expect(found.output.contains("condition Night"))
        #expect(found.output.contains("::notice title="))
      }
      let unknown = try Program.run(
        [
          "verdict", "--baseline", "Phone A", "--candidate", "Phone C", "--votes", "votes.csv",
          "--study", "S",
        ], in: folder)
      #expect(unknown.status == 1 && unknown.messages.contains("Phone C"))
    }
  }

  @Test func scoresAreJudgedToo() throws {
    try inFolder { folder in
      var scores = "photo,attribute,score,low,high,unit,scene,outside\n"
      var groups = "scene,image,group\n"
      var scale = "IMAGE,SCENE,ATTRIBUTE,JOD,JOD STD,CI LOW,CI HIGH,TOTAL COMPARISONS\n"
      for scene in 0..<12 {
        // Build B scores 1 JOD higher; two validation devices show what the model's differences are
        // worth.
        for (index, group) in ["A", "B", "C", "D"].enumerated() {
          let wobble = 0.1 * Double((scene * 7 + index * 3) % 5 - 2)
          let measured = Double(scene % 3) + [0, 1, -1, 0.5][index]
          let score = measured + wobble
          scores +=
            "in/\(group)\(scene).jpg,details,\(score),\(score - 2),\(score + 2),JOD,S\(scene),no\n"
          groups += "S\(scene),\(group)\(scene).jpg,\(group)\n"
          scale +=
            "\(group)\(scene).jpg,S\(scene),Details,\(measured),0.1,\(measured - 0.2),"
            + "\(measured + 0.2),50\n"
        }
      }
      scores += "in/B99.jpg,details,9,7,11,JOD,S0,yes\n"
      groups += "S0,B99.jpg,B\n"
      for (name, text) in [("scores", scores), ("groups", groups), ("scale", scale)] {
        try text.write(toFile: "\(folder)/\(name).csv", atomically: true, encoding: .utf8)
      }
      let call = [
        "verdict", "--baseline", "A", "--candidate", "B", "--scores", "scores.csv", "--groups",
        "groups.csv", "--json", "v.json",
      ]
      // Intervals of single scores, 4 JOD wide, cannot resolve a margin of half a JOD.
      let alone = try Program.run(call, in: folder)
      #expect(alone.status == 3 && alone.output.contains("own intervals"), "\(alone.messages)")
      #expect(alone.output.contains("B99.jpg") && alone.output.contains("outside"))
      let calibrated = try Program.run(call + ["--scale", "scale.csv"], in: folder)
      #expect(calibrated.status == 0, "\(calibrated.output)\(calibrated.messages)")
      #expect(try outcome(folder) == "better")
    }
  }

  private func outcome(_ folder: String) throws -> String {
    struct Part: Decodable { let outcome: String }
    return try CanonicalJSON.read(Part.self, from: "\(folder)/v.json").outcome
  }
}
