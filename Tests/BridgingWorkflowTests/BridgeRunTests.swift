import BridgingWorkflow
import Domain
import Files
import Foundation
import Pixels
import Preparation
import Studies
import TestSupport
import Testing

@Suite struct BridgeRunTests {
  private func bridge(
    _ fixture: BridgeFixture, _ source: BridgePlan.Source,
    _ change: (inout BridgePlan) -> Void = { _ in }
  ) throws -> BridgeOutcome {
    var plan = BridgePlan(scene: "A", source: source)
    change(&plan)
    return try BridgeRun(fixture.study, plan: plan).run()
  }

  /// Every file of a folder, by its name.
  private func bytes(_ folder: String) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder)
    where !name.hasSuffix("-wal") && !name.hasSuffix("-shm") {
      files[name] = FileManager.default.contents(atPath: "\(folder)/\(name)")
    }
    return files
  }

  @Test func theGapGetsPicturesWithLineageAndVotes() throws {
    let fixture = try BridgeFixture()
    let outcome = try bridge(fixture, .scores(fixture.scores()))
    #expect(outcome.gaps.count == 1)
    let gap = try #require(outcome.gaps.first)
    #expect(gap.lower.photo == "phone4.png" && gap.upper.photo == "dslr0.png")
    #expect(gap.state == .open && abs((gap.width ?? 0) - 4) < 1e-9 && gap.problem.isEmpty)
    // Steps of at most half a JOD in a gap of 4.
    #expect(outcome.pictures.count == 7 && gap.pictures == 7)
    let expected = outcome.pictures.map { 6 - $0.expectedLoss }.sorted()
    for (position, target) in zip(expected, (1...7).map { 2 + Double($0) / 2 }) {
      #expect(abs(position - target) < 0.15)
    }
    #expect(Set(outcome.pictures.map(\.recipe.family)).count == 4)
    let study = fixture.study
    let regions = try study.regions()
    let photos = try study.photos()
    let dslr = try #require(photos.first { $0.photo == "dslr0.png" })
    let region = try RasterImage.decode(
      study.files.path(#require(regions[dslr.id]?[.details]).sha256))
    for picture in outcome.pictures {
      let photo = try #require(photos.first { $0.photo == picture.photo })
      #expect(try study.lineages()[photo.id]?.source == dslr.id)
      #expect(photo.metadata.person == "P1" && photo.metadata.consent == .given)
      let made = try #require(regions[photo.id]?[.details])
      #expect(made.sha256 == picture.sha256)
      let image = try RasterImage.decode(study.files.path(made.sha256))
      #expect(image == (try Degradation().apply(picture.recipe, to: region)))
    }
    let table = try CSVTable(path: "\(study.folder)/pairs.csv")
    let columns = try table.columns(["scene", "attribute", "image_a", "image_b", "criterion"])
    let rows = table.rows.map { row in columns.map { row.rawText($0) } }
    // Each with the photos on both sides, of which the reference is one and its source.
    #expect(rows.count == 14 && outcome.queued == 14)
    for picture in outcome.pictures {
      let others = rows.filter { $0[2] == picture.photo.text || $0[3] == picture.photo.text }
        .flatMap { [$0[2], $0[3]] }.filter { $0 != picture.photo.text }
      #expect(Set(others) == ["phone4.png", "dslr0.png"])
    }
    #expect(rows.allSatisfy { $0[0] == "A" && $0[1] == "details" && $0[4].isEmpty })
    #expect(try study.verify().damage.isEmpty && study.verify().notes.isEmpty)
  }

  @Test func theSameRunAgainChangesNothing() throws {
    let fixture = try BridgeFixture(references: [6, 6.3])
    let scores = try fixture.scores()
    let first = try bridge(fixture, .scores(scores))
    let before = try bytes(fixture.study.folder)
    let second = try bridge(fixture, .scores(scores)) { $0.seed = 2 }
    #expect(second.pictures.map(\.photo) == first.pictures.map(\.photo))
    #expect(second.pictures.allSatisfy { $0.state == .waiting } && second.queued == 0)
    #expect(second.gaps.map(\.pictures) == first.gaps.map(\.pictures))
    #expect(try bytes(fixture.study.folder).keys.sorted() == before.keys.sorted())
    #expect(try bytes(fixture.study.folder)["pairs.csv"] == before["pairs.csv"])
    // Both references take part.
    #expect(Set(first.pictures.map(\.source)).count == 2)
  }

  @Test func theSeedGivesTheSamePictures() throws {
    let (one, two, other) = (try BridgeFixture(), try BridgeFixture(), try BridgeFixture())
    let first = try bridge(one, .scores(one.scores()))
    #expect(try bridge(two, .scores(two.scores())).pictures == first.pictures)
    let third = try bridge(other, .scores(other.scores())) { $0.seed = 2 }
    #expect(third.pictures.map(\.photo) == first.pictures.map(\.photo))
    for (one, other) in zip(first.pictures, third.pictures) {
      #expect((one.sha256 == other.sha256) == (one.recipe.noiseVariance == 0))
    }
  }

  @Test func aDryRunShowsItAndChangesNothing() throws {
    let fixture = try BridgeFixture()
    let scores = try fixture.scores()
    let before = try bytes(fixture.study.folder)
    let shown = try bridge(fixture, .scores(scores)) { $0.isDryRun = true }
    #expect(shown.pictures.count == 7 && shown.pictures.allSatisfy { $0.state == .planned })
    #expect(try bytes(fixture.study.folder) == before)
    let made = try bridge(fixture, .scores(scores))
    #expect(made.pictures.map(\.photo) == shown.pictures.map(\.photo))
    #expect(made.pairs.bytes == shown.pairs.bytes)
  }

  @Test func aGapThatErrorsExplainGetsVotesAndNoPictures() throws {
    let fixture = try BridgeFixture(references: [3.5])
    let outcome = try bridge(fixture, .scores(fixture.scores(deviation: 0.7)))
    #expect(outcome.gaps.map(\.state) == [.uncertain] && outcome.pictures.isEmpty)
    #expect(outcome.queued == 1)
    let text = String(decoding: outcome.pairs.bytes, as: UTF8.self)
    #expect(text.contains("A,details,dslr0.png,phone4.png,,\n"))
    // With small errors the same distance is a gap.
    let sure = try bridge(fixture, .scores(fixture.scores(deviation: 0.1)))
    #expect(sure.gaps.map(\.state) == [.open] && sure.pictures.count == 2)
  }

  @Test func aScaleWithoutGapsAsksForNothing() throws {
    let fixture = try BridgeFixture(references: [2.6])
    let outcome = try bridge(fixture, .scores(fixture.scores()))
    #expect(outcome.gaps.isEmpty && outcome.pictures.isEmpty && outcome.queued == 0)
    #expect(!FileManager.default.fileExists(atPath: "\(fixture.study.folder)/pairs.csv"))
  }

  /// Recipes that take 0.7 of what the law says: the first pictures crowd near the reference, the
  /// next ones are chosen by the measured losses and close the gap.
  @Test func measuredLossesCloseTheGap() throws {
    let fixture = try BridgeFixture()
    let loss = { (recipe: DegradationRecipe) in 0.7 * DegradationSeverity.jod(of: recipe).value }
    let first = try bridge(fixture, .votes(fixture.judge(), place: "votes"))
    #expect(first.gaps.map(\.state) == [.open] && first.pictures.count >= 4)
    let judged = try fixture.judge(losing: loss)
    let second = try bridge(fixture, .votes(judged, place: "votes"))
    let placed = second.pictures.filter { $0.state == .placed }
    #expect(placed.count == first.pictures.count)
    for picture in placed {
      #expect(abs((picture.loss ?? 0) - loss(picture.recipe)) < 0.6, "\(picture)")
    }
    // The gap as it was first found is open still, in its lower half.
    let whole = try #require(
      second.gaps.first { $0.lower.photo == "phone4.png" && $0.upper.photo == "dslr0.png" })
    #expect(whole.state == .open && (whole.width ?? 0) > 1)
    let new = second.pictures.filter { $0.state == .made }
    #expect(!new.isEmpty)
    for picture in new {
      #expect(abs(picture.expectedLoss - loss(picture.recipe)) < 0.5, "\(picture)")
    }
    var last = try bridge(fixture, .votes(fixture.judge(losing: loss), place: "votes"))
    // A step that was missed by the errors of votes takes another round.
    if last.count(.open) > 0 {
      last = try bridge(fixture, .votes(fixture.judge(losing: loss), place: "votes"))
    }
    #expect(last.gaps.allSatisfy { $0.state == .closed }, "\(last.gapRows)")
    #expect(last.gaps.count >= second.gaps.count)
    #expect(last.pictures.allSatisfy { $0.state == .placed })
  }

  @Test func picturesWithFewVotesCloseNothing() throws {
    let fixture = try BridgeFixture()
    let first = try bridge(fixture, .scores(fixture.scores()))
    // All of them stand in the gap by a score file, but nobody knows how well.
    var scores = fixture.truth
    for (number, picture) in first.pictures.enumerated() {
      scores[picture.photo] = 2.5 + 0.5 * Double(number)
    }
    let vague = try bridge(fixture, .scores(fixture.scores(deviation: 0.5, also: scores)))
    #expect(vague.gaps.map(\.state) == [.open])
    #expect(vague.pictures.allSatisfy { $0.state == .waiting })
    let sure = try bridge(fixture, .scores(fixture.scores(deviation: 0.1, also: scores)))
    #expect(sure.gaps.map(\.state) == [.closed] && sure.count(.open) == 0)
  }

  @Test func aUnifiedScaleIsBridgedFromTheScenesReferences() throws {
    let fixture = try BridgeFixture()
    let photos = fixture.truth.sorted { $0.key < $1.key }.map { photo, quality in
      ScaledPhoto(
        photo: photo, scene: "A", score: quality, standardDeviation: 0.1,
        interval: ConfidenceInterval(low: quality - 0.2, high: quality + 0.2), comparisons: 100)
    }
    let scale = UnifiedScale(
      attribute: .details, referenceScene: "A", referenceReason: "test", alignments: [],
      photos: photos)
    let path = fixture.scratch.file("Scores_Unified.csv")
    try UnifiedScoresFile.write(
      UnifiedScores(scale: scale, sceneScores: photos.map(\.score)), to: path)
    let outcome = try bridge(fixture, .unified(path))
    #expect(outcome.scale == "unified" && outcome.pictures.count == 7)
    #expect(outcome.gapRows[0][3] == "A/phone4.png" && outcome.queued == 14)
    // The gap of the scene's own scale is another one.
    #expect(
      try fixture.study.gaps(scene: "A", attribute: .details, scale: .scene).isEmpty)
  }

  @Test func photosOfOtherScenesNarrowTheGapsOfAUnifiedScale() throws {
    // A's phones end at 2 JOD and its reference stands at 6; B's photos lie between.
    let fixture = try BridgeFixture()
    let others: [PhotoID: Double] = ["b0.png": 2.5, "b1.png": 3, "b2.png": 3.5]
    try fixture.take(others, in: "B")
    let path = fixture.scratch.file("Scores_Unified.csv")
    func write(_ pictures: [PhotoID: Double] = [:]) throws {
      let own = fixture.truth.merging(pictures) { $1 }.map { ($0.key, SceneID("A"), $0.value) }
      let photos = (own + others.map { ($0.key, SceneID("B"), $0.value) })
        .sorted { ($0.1, $0.0) < ($1.1, $1.0) }
        .map { photo, scene, quality in
          ScaledPhoto(
            photo: photo, scene: scene, score: quality, standardDeviation: 0.1,
            interval: ConfidenceInterval(low: quality - 0.2, high: quality + 0.2),
            comparisons: 100)
        }
      let scale = UnifiedScale(
        attribute: .details, referenceScene: "A", referenceReason: "test", alignments: [],
        photos: photos)
      try UnifiedScoresFile.write(
        UnifiedScores(scale: scale, sceneScores: photos.map(\.score)), to: path)
    }
    try write()
    let outcome = try bridge(fixture, .unified(path))
    #expect(outcome.gaps.count == 1)
    let gap = try #require(outcome.gaps.first)
    #expect(gap.lower == ScenePhoto(scene: "B", photo: "b2.png") && gap.state == .open)
    #expect(gap.upper == ScenePhoto(scene: "A", photo: "dslr0.png"))
    #expect(abs((gap.width ?? 0) - 2.5) < 1e-9)
    #expect(!outcome.pictures.isEmpty)
    // Made from A's reference, to land above B's best, and compared with A's photos only.
    #expect(outcome.pictures.allSatisfy { 0 < $0.expectedLoss && $0.expectedLoss < 2.5 })
    let pairs = try CSVTable(bytes: outcome.pairs.bytes, file: "pairs")
    let columns = try pairs.columns(["scene", "image_a", "image_b"])
    #expect(pairs.rowCount == outcome.queued && pairs.rowCount > 0)
    for row in pairs.rows {
      let names = columns.map { row.rawText($0) }
      #expect(names[0] == "A" && !others.keys.contains { names.contains($0.text) }, "\(names)")
    }
    // B has no reference to start from.
    let refused = message { _ = try bridge(fixture, .unified(path)) { $0.scene = "B" } }
    #expect(refused?.contains("scene B") == true)
    try write(
      Dictionary(uniqueKeysWithValues: outcome.pictures.map { ($0.photo, 6 - $0.expectedLoss) }))
    let closed = try bridge(fixture, .unified(path))
    #expect(closed.gaps.map(\.state) == [.closed] && closed.queued == 0)
  }

  @Test func whatCannotBeBridgedIsSaid() throws {
    let fixture = try BridgeFixture()
    let scores = try fixture.scores()
    let wrong = message { _ = try bridge(fixture, .scores(scores)) { $0.scene = "B" } }
    #expect(wrong?.contains("«B» has no scale") == true && wrong?.contains("give one of A") == true)
    let other = message {
      _ = try bridge(fixture, .scores(scores)) { $0.attribute = .exposure }
    }
    #expect(other?.contains("«exposure»") == true && other?.contains("details") == true)
    let few = try bridge(fixture, .scores(scores)) {
      ($0.grid.factors, $0.grid.sharpeningAmounts) = ([1.1], [0])
      ($0.grid.noiseVariances, $0.isDryRun) = ([0], true)
    }
    #expect(few.gaps.first?.problem == "no recipe of the lists lands there")
    // A reference that is not on the scale is no start.
    let none = message {
      _ = try bridge(fixture, .scores(fixture.scores(without: ["dslr0.png"])))
    }
    #expect(none?.contains("is marked as a reference") == true)
    #expect(none?.contains("vernier study describe") == true)
  }

  @Test func aReferenceWithoutARegionIsNamedOnce() throws {
    let fixture = try BridgeFixture(cutsReferences: false)
    let refused = message { _ = try bridge(fixture, .scores(fixture.scores())) }
    #expect(refused == "A/dslr0.png: has no region of details; run vernier study regions first")
  }

  @Test func aReferenceBelowTheGapIsNoStart() throws {
    let fixture = try BridgeFixture(references: [2])
    let scores = try fixture.scores(also: ["phone4.png": 6])
    let outcome = try bridge(fixture, .scores(scores))
    #expect(outcome.gaps.map(\.state) == [.open] && outcome.pictures.isEmpty)
    #expect(outcome.gaps[0].problem == "no reference of A stands above it")
  }

  @Test func rowsOfOthersStayInTheList() throws {
    let fixture = try BridgeFixture()
    let path = "\(fixture.study.folder)/pairs.csv"
    let own = "scene,attribute,image_a,image_b\nA,details,phone0.png,phone1.png\n"
    try AtomicFile.write(own, to: path)
    let outcome = try bridge(fixture, .scores(fixture.scores()))
    let table = try CSVTable(path: path)
    #expect(table.rowCount == 15 && outcome.queued == 14)
    #expect(table.rows[0].rawText(try table.column("image_a")) == "phone0.png")
    try AtomicFile.write("not a list\n", to: path)
    let refused = message { _ = try bridge(fixture, .scores(fixture.scores())) }
    #expect(refused?.contains("pairs.csv") == true)
  }

  @Test func tablesAreWrittenWithProvenance() throws {
    let fixture = try BridgeFixture()
    let outcome = try bridge(fixture, .scores(fixture.scores()))
    try outcome.write(to: fixture.scratch.file("out"))
    let gaps = try CSVTable(path: fixture.scratch.file("out/gaps.csv"))
    #expect(gaps.rowCount == 1)
    #expect(gaps.rows[0].rawText(try gaps.column("state")) == "open")
    #expect(try CSVTable(path: fixture.scratch.file("out/pictures.csv")).rowCount == 7)
    #expect(try CSVTable(path: fixture.scratch.file("out/pairs.csv")).rowCount == 14)
    let record = try #require(
      try Provenance.read(beside: fixture.scratch.file("out/gaps.csv")))
    #expect(record.settings["gap"] != nil && record.seed == 1 && record.inputs.count == 1)
  }
}
