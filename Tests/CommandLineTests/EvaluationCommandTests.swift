import Domain
import Files
import Foundation
import Testing

/// The commands of evaluation on a study of 24 scenes, 12 photos and 6 cameras with known
/// qualities.
@Suite struct EvaluationCommandTests {
  @Test func aSceneSplitIsDrawnCheckedAndRead() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let drawn = try Program.run(
      ["split", "--scores", "Scores_Details.csv", "--apart", "scene", "--out", "split.csv"],
      in: folder)
    #expect(drawn.status == 0, "\(drawn.messages)")
    guard case .scenes(let parts) = try SplitFile.read("\(folder)/split.csv") else {
      Issue.record("not a split by scenes")
      return
    }
    // 30 % of 24 scenes, then 15 % of the other 17, each to the nearest scene.
    #expect(parts.values.count { $0 == .test } == 7 && parts.values.count { $0 == .valid } == 3)
    let checked = try Program.run(
      [
        "split", "--scores", "Scores_Details.csv", "--apart", "scene", "--check", "split.csv",
      ], in: folder)
    #expect(checked.status == 0 && checked.messages.contains("No leak"), "\(checked.messages)")
    let cameras = try Program.run(
      [
        "split", "--scores", "Scores_Details.csv", "--apart", "device", "--devices",
        "Image Metadata.csv", "--check", "split.csv",
      ], in: folder)
    #expect(cameras.status == 1 && cameras.messages.contains("LEAK: 6 devices"))
    #expect(cameras.output.contains("LEAK"))
  }

  @Test func publishedSplitsKeepTheirTestPart() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = (0..<24).map { "Scene_\($0),\($0 < 7 ? "Test" : "Train"),12\r\n" }
    try ("SCENE,SPLIT,NB IMAGES\r\n" + rows.joined()).write(
      toFile: "\(folder)/Scene Split.csv", atomically: true, encoding: .utf8)
    let drawn = try Program.run(
      [
        "split", "--scores", "Scores_Details.csv", "--apart", "scene", "--from",
        "Scene Split.csv", "--out", "split.csv",
      ], in: folder)
    #expect(drawn.status == 0, "\(drawn.messages)")
    guard case .scenes(let parts) = try SplitFile.read("\(folder)/split.csv") else {
      Issue.record("not a split by scenes")
      return
    }
    let test = Set(parts.filter { $0.value == .test }.keys.map(\.text))
    #expect(test == Set((0..<7).map { "Scene_\($0)" }))
    #expect(parts.values.contains(.valid))
  }

  @Test func aModelIsEvaluatedWithReferenceRows() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let outcome = try Program.run(
      [
        "evaluate", "--scores", "ours=good.csv", "--scale", "Scores_Unified.csv", "--global",
        "--bootstrap", "200", "--out", "tables", "--format", "markdown",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    #expect(outcome.output.contains("| always 0 | perfect model |"))
    let metrics = try numbers("\(folder)/tables/metrics.csv")
    let srcc = try #require(metrics["ours mean srcc"])
    let ceiling = try #require(metrics["perfect model mean srcc"])
    // The model errs by 0.4 on qualities of standard deviation 1.5, the labels by 0.3.
    #expect(srcc.value > 0.85 && srcc.value < ceiling.value && ceiling.value < 1)
    #expect(srcc.low < srcc.value && srcc.value < srcc.high)
    #expect(metrics["always 0 mean srcc"] == nil)
    let zero = try #require(metrics["always 0 global mae"])
    let mae = try #require(metrics["ours global mae"])
    #expect(mae.value < 0.6 && zero.value > 1)
    for name in ["summary", "global", "scenes"] {
      for suffix in ["csv", "md", "tex"] {
        #expect(FileManager.default.fileExists(atPath: "\(folder)/tables/\(name).\(suffix)"))
      }
    }
    let page = try String(contentsOfFile: "\(folder)/tables/tables.html", encoding: .utf8)
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.contains("perfect model"))
  }

  @Test func scoresInAnotherUnitAreRefused() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = try String(contentsOfFile: "\(folder)/good.csv", encoding: .utf8)
      .split(separator: "\n").dropFirst()
    func evaluate(_ name: String, _ units: [String], _ more: [String] = []) throws
      -> Program.Outcome
    {
      let lines = rows.enumerated().map { "\($1),\(units[$0 % units.count])" }
      try (["photo,score,unit"] + lines).joined(separator: "\n").write(
        toFile: "\(folder)/\(name).csv", atomically: true, encoding: .utf8)
      return try Program.run(
        [
          "evaluate", "--scores", "\(name).csv", "--scale", "Scores_Unified.csv", "--bootstrap",
          "100", "--out", name,
        ] + more, in: folder)
    }
    let standard = "PIQ23 units (z-scored) of each scene"
    let refused = try evaluate("z", [standard])
    #expect(refused.status == 1)
    #expect(
      refused.messages.contains(
        "z.csv: its scores are in «\(standard)», not in «JOD of Scene_0»: their numbers can't be "
          + "compared; evaluate on a scale of its own unit, or only its order with --other-unit z"),
      "\(refused.messages)")
    // Simulated observers, opinion scores and another reference scene are other units too.
    for unit in ["JOD of simulated observers", "MOS", "JOD of Scene_1"] {
      #expect(try evaluate("other", [unit]).status == 1, "\(unit)")
    }
    #expect(
      try evaluate("mixed", [standard, "JOD of Scene_0"]).messages.contains(
        "give a file for each unit"))
    let order = try evaluate("z", [standard], ["--other-unit", "z"])
    #expect(order.status == 0, "\(order.messages)")
    let metrics = try numbers("\(folder)/z/metrics.csv")
    #expect(metrics["z mean srcc"] != nil && metrics["z mean mae"] == nil)
    let same = try evaluate("same", ["JOD of Scene_0"])
    #expect(same.status == 0, "\(same.messages)")
    #expect(try numbers("\(folder)/same/metrics.csv")["same mean mae"] != nil)
  }

  @Test func globalMetricsOfPerSceneScalesAreRefused() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let refused = try Program.run(
      [
        "evaluate", "--scores", "good.csv", "--scale", "Scores_Details.csv", "--global",
      ], in: folder)
    #expect(refused.status == 1)
    #expect(refused.messages.contains("means nothing; bring the scenes onto one scale"))
    let allowed = try Program.run(
      [
        "evaluate", "--scores", "good.csv", "--scale", "Scores_Details.csv", "--bootstrap", "100",
        "--format", "csv",
      ], in: folder)
    #expect(allowed.status == 0 && !allowed.output.contains("together"), "\(allowed.messages)")
  }

  @Test func modelsAreComparedOnTheSamePhotos() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try """
    source,protocol,attribute,model,statistic,metric,value,margin
    paper,demo,details,GOOD,mean,srcc,0.7,0.05
    paper,demo,details,bad,mean,srcc,0.6,
    paper,demo,details,theirs,median,mae,0.6,

    """.write(toFile: "\(folder)/published.csv", atomically: true, encoding: .utf8)
    let outcome = try Program.run(
      [
        "compare-models", "--scores", "good=good.csv", "--scores", "bad on Lite0=bad.csv",
        "--scores", "falling=falling.csv", "--scale", "Scores_Unified.csv", "--bootstrap", "300",
        "--published", "published.csv", "--protocol", "demo", "--out", "tables",
      ], in: folder)
    #expect(outcome.status == 0, "\(outcome.messages)")
    let mean = try CSVTable(path: "\(folder)/tables/mean-over-scenes.csv")
    let names = try mean.rows.map { try $0.text(mean.column("Model")) }
    #expect(
      names == [
        "good", "GOOD (published)", "bad on Lite0", "bad (published, not on Lite0)", "falling",
        "always 0", "perfect model",
      ])
    #expect(outcome.output.contains("theirs (published)"))
    let tests = try CSVTable(path: "\(folder)/tables/contrasts.csv")
    let columns = try tests.columns(["Metric", "Over", "First", "Second", "Better"])
    let srcc = try tests.rows.map { row in try columns.map { try row.text($0) } }.filter {
      $0[0] == "SRCC" && $0[1] == "mean over scenes"
    }
    #expect(srcc.count == 3)
    #expect(srcc.first { $0[2] == "good" && $0[3] == "bad on Lite0" }?[4] == "good")
    // NIQE's scores fall with quality and have their own unit: turned round, without raw errors.
    let metrics = try numbers("\(folder)/tables/metrics.csv")
    #expect((metrics["falling mean srcc"]?.value ?? 0) > 0.8)
    #expect(metrics["falling mean mae"] == nil && metrics["falling mean mae_fitted"] != nil)
  }

  @Test func missingScoresStopTheComparisonUnlessTheyMayBeSkipped() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let lines = try String(contentsOfFile: "\(folder)/good.csv", encoding: .utf8)
      .split(separator: "\n").dropLast(5)
    try (lines.joined(separator: "\n") + "\n").write(
      toFile: "\(folder)/short.csv", atomically: true, encoding: .utf8)
    let arguments = [
      "compare-models", "--scores", "short.csv", "--scores", "bad.csv", "--scale",
      "Scores_Details.csv", "--bootstrap", "100",
    ]
    let stopped = try Program.run(arguments, in: folder)
    #expect(stopped.status == 1)
    #expect(
      stopped.messages.contains("short.csv: 5 of 288 photos have no score, such as"),
      "\(stopped.messages)")
    let skipped = try Program.run(arguments + ["--skip-missing"], in: folder)
    #expect(skipped.status == 0, "\(skipped.messages)")
  }

  @Test func intervalsAreCalibratedOnValidationScenes() throws {
    let folder = try study()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let rows = (0..<24).map { "Scene_\($0),\($0 < 6 ? "Test" : $0 < 18 ? "Valid" : "Train")\n" }
    try ("SCENE,SPLIT\n" + rows.joined()).write(
      toFile: "\(folder)/split.csv", atomically: true, encoding: .utf8)
    let arguments = [
      "calibrate", "--scores", "good.csv", "--scale", "Scores_Unified.csv", "--split",
      "split.csv", "--out", "calibration.json",
    ]
    let refused = try Program.run(arguments, in: folder)
    #expect(refused.status == 1)
    #expect(refused.messages.contains("12 validation scenes can't promise 95.0 %"))
    let done = try Program.run(
      arguments + ["--design", "scene-effects", "--apply", "intervals.csv"], in: folder)
    #expect(done.status == 0, "\(done.messages)")
    let scores = try CSVTable(path: "\(folder)/intervals.csv")
    #expect(scores.rowCount == 72)
    let columns = try scores.columns(["low", "score", "high"])
    let first = scores.rows[0]
    #expect(try first.number(columns[0]) < first.number(columns[1]))
    #expect(try first.number(columns[1]) < first.number(columns[2]))
  }

  // MARK: The study

  /// A number of `metrics.csv` with its interval.
  private struct Number {
    let value: Double
    let low: Double
    let high: Double
  }

  /// The numbers by «model statistic metric».
  private func numbers(_ path: String) throws -> [String: Number] {
    let table = try CSVTable(path: path)
    let columns = try table.columns(["model", "statistic", "metric", "value", "low", "high"])
    var numbers: [String: Number] = [:]
    for row in table.rows {
      let key = columns[..<3].map { row.rawText($0) }.joined(separator: " ")
      numbers[key] = Number(
        value: try row.number(columns[3]), low: try row.optionalNumber(columns[4]) ?? .nan,
        high: try row.optionalNumber(columns[5]) ?? .nan)
    }
    return numbers
  }

  /// A folder with per-scene and unified scores, three models' scores and the cameras.
  private func study() throws -> String {
    let folder = try Program.temporaryFolder()
    var dice = Dice(state: 5)
    var photos: [ScaledPhoto] = []
    var models: [String: [String]] = ["good": [], "bad": [], "falling": []]
    var cameras = "Image,Device\n"
    for scene in 0..<24 {
      let level = 0.8 * dice.normal()
      for index in 0..<12 {
        let name = "\(index)_Scene_\(scene).jpg"
        let quality = level + 1.5 * dice.normal()
        let measured = quality + 0.3 * dice.normal()
        photos.append(
          ScaledPhoto(
            photo: PhotoID(name), scene: SceneID("Scene_\(scene)"), score: measured,
            standardDeviation: 0.3,
            interval: ConfidenceInterval(
              low: measured - 0.588, high: measured + 0.588),
            comparisons: 40))
        models["good"]?.append("Details/\(name),\(quality + 0.4 * dice.normal())")
        models["bad"]?.append("Details/\(name),\(quality + 2 * dice.normal())")
        let falling = 30 - 4 * (quality + 0.5 * dice.normal())
        models["falling"]?.append("Details/\(name),\(falling),niqe")
        cameras += "\(name),camera \(index % 6)\n"
      }
    }
    for (name, rows) in models {
      let head = name == "falling" ? "photo,score,model\n" : "photo,score\n"
      try (head + rows.joined(separator: "\n") + "\n").write(
        toFile: "\(folder)/\(name).csv", atomically: true, encoding: .utf8)
    }
    try cameras.write(
      toFile: "\(folder)/Image Metadata.csv", atomically: true, encoding: .utf8)
    let scenes = Dictionary(grouping: photos, by: \.scene)
    try ScoresFile.write(
      scenes.keys.sorted().map {
        SceneScale(
          scene: $0, attribute: .details, convention: .jod, photos: scenes[$0] ?? [])
      }, to: "\(folder)/Scores_Details.csv")
    try UnifiedScoresFile.write(
      UnifiedScores(
        scale: UnifiedScale(
          attribute: .details, referenceScene: "Scene_0", referenceReason: "", alignments: [],
          photos: photos), sceneScores: photos.map(\.score)),
      to: "\(folder)/Scores_Unified.csv")
    return folder
  }

  /// Normal numbers that are the same on every machine.
  private struct Dice {
    var state: UInt64

    mutating func uniform() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return (Double(state >> 12) + 0.5) * 0x1p-52
    }

    mutating func normal() -> Double {
      (-2 * log(uniform())).squareRoot() * cos(2 * Double.pi * uniform())
    }
  }
}
