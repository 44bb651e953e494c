import Domain
import Files
import Foundation
import TestSupport
import Testing

/// Random scales, with names and numbers that make trouble.
private func randomScales(seed: UInt64, convention: ScaleConvention) -> [SceneScale] {
  var dice = Dice(state: seed)
  return (0..<3).map { scene in
    let name = SceneID("scene \(scene)" + dice.text())
    let photos = (0..<10).map { index in
      let ends = [dice.double(), dice.double()].sorted()
      return ScaledPhoto(
        photo: PhotoID("\(index)_" + dice.text()), scene: name, score: dice.double(),
        standardDeviation: abs(dice.double()),
        interval: ConfidenceInterval(low: ends[0], high: ends[1]),
        comparisons: Int.random(in: 0...100_000, using: &dice),
        level: Bool.random(using: &dice) ? index : nil,
        cluster: Bool.random(using: &dice) ? index - 1 : nil,
        condition: LightingCondition.allCases.randomElement(using: &dice))
    }
    return SceneScale(scene: name, attribute: .exposure, convention: convention, photos: photos)
  }
}

private let header =
  "IMAGE PATH,JOD,JOD STD,CI LOW,CI HIGH,CI RANGE,QUALITY LEVEL,CLUSTER,TOTAL COMPARISONS,IMAGE,SCENE,"
  + "ATTRIBUTE,SCENE IDX,CONDITION"
private let goodRow = "Details\\a.jpg,-1.5,0.25,-2,-1,1,0,-1.0,86.0,a.jpg,S_1,Details,0,Indoor"

@Suite struct SceneScoreFiles {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func comeBackBitForBit(seed: UInt64) throws {
    let scratch = try Scratch()
    let scales = randomScales(seed: seed, convention: seed % 2 == 0 ? .jod : .piq23)
    let path = scratch.file("Scores.csv")
    try ScoresFile.write(scales, to: path)
    #expect(try ScoresFile.read(path) == scales)
    let once = try InputFile.read(path)
    try ScoresFile.write(try ScoresFile.read(path), to: path)
    #expect(try InputFile.read(path) == once)
  }

  /// The text of a file is the published layout: CRLF, backslash, `-1.0`, empty condition.
  @Test func haveThePublishedLayout() throws {
    let scratch = try Scratch()
    let photos = [
      ScaledPhoto(
        photo: "a.jpg", scene: "S_1", score: -1.5, standardDeviation: 0.25,
        interval: ConfidenceInterval(low: -2, high: -1), comparisons: 86, level: 0,
        cluster: -1,
        condition: .indoor),
      ScaledPhoto(
        photo: "b.jpg", scene: "S_1", score: 1.5, standardDeviation: 0.125,
        interval: ConfidenceInterval(low: 1, high: 2), comparisons: 86),
    ]
    let scale = SceneScale(scene: "S_1", attribute: .details, convention: .jod, photos: photos)
    let path = scratch.file("Scores_Details.csv")
    try ScoresFile.write([scale], to: path)
    let expected =
      header
      + "\r\nDetails\\a.jpg,-1.5,0.25,-2.0,-1.0,1.0,0,-1.0,86.0,a.jpg,S_1,Details,0,Indoor\r\n"
      + "Details\\b.jpg,1.5,0.125,1.0,2.0,1.0,,,86.0,b.jpg,S_1,Details,0,\r\n"
    #expect(String(decoding: try InputFile.read(path), as: UTF8.self) == expected)
    #expect(try Provenance.read(beside: path)?.unit == ScoreUnit(.jod(.eachScene)))
  }

  /// Scores that were z-scored as the published ones are recognised, others are JOD; a sidecar
  /// decides.
  @Test func theUnitIsDetected() throws {
    let scratch = try Scratch()
    // Two photos at ±x with spread s: the variance is x², so x² + s² = 1.4826² is the published
    // unit.
    let spread = 0.3
    let place = (JOD.differenceSigma * JOD.differenceSigma - spread * spread).squareRoot()
    func rows(_ scene: String, _ place: Double) -> String {
      "p,-\(place),\(spread),-3,0,3,0,-1.0,9,a.jpg,\(scene),Details,0,\n"
        + "p,\(place),\(spread),0,3,3,0,-1.0,9,b.jpg,\(scene),Details,0,\n"
    }
    let published = try scratch.write(
      header + "\n" + rows("S_1", place) + rows("S_2", place), to: "a.csv")
    #expect(try ScoresFile.read(published).map(\.convention) == [.piq23, .piq23])
    let mixed = try scratch.write(
      header + "\n" + rows("S_1", place) + rows("S_2", 1.2), to: "b.csv")
    #expect(try ScoresFile.read(mixed).map(\.convention) == [.jod, .jod])
    // Version 0.1.0 wrote the convention's name.
    for text in ["jod", "JOD of each scene"] {
      try Provenance(unit: ScoreUnit(text: text)).write(beside: published)
      #expect(try ScoresFile.read(published).map(\.convention) == [.jod, .jod])
    }
    try Provenance(unit: ScoreUnit(.mos(dataSet: nil))).write(beside: published)
    #expect(
      message { _ = try ScoresFile.read(published) }
        == "\(published).provenance.json: its unit is MOS, which no scale of comparisons has; give "
        + "the file that `vernier scale` wrote")
  }

  @Test(arguments: [
    (goodRow.replacingOccurrences(of: "-1.5", with: "x"), "column JOD: \"x\" is not a number"),
    (goodRow.replacingOccurrences(of: "0.25", with: "-0.25"), "column JOD STD: is negative"),
    (goodRow.replacingOccurrences(of: ",-2,", with: ",7,"), "column CI HIGH: is below CI LOW"),
    (
      goodRow.replacingOccurrences(of: "86.0", with: "-3"),
      "column TOTAL COMPARISONS: \"-3\" does not fit"
    ),
    (
      goodRow.replacingOccurrences(of: "Indoor", with: "Moon"),
      "column CONDITION: \"Moon\" is not a lighting"
    ),
    (goodRow.replacingOccurrences(of: ",S_1,", with: ",,"), "column SCENE: is empty"),
    (
      goodRow.replacingOccurrences(of: ",0,-1.0,", with: ",0.5,-1.0,"),
      "column QUALITY LEVEL: \"0.5\""
    ),
  ])
  func refuseBadRows(row: String, expected: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(header + "\r\n" + row + "\r\n")
    #expect(
      message { _ = try ScoresFile.read(path) }?.hasPrefix("\(path), row 2, \(expected)") == true)
  }

  @Test func refuseTheSamePhotoTwice() throws {
    let scratch = try Scratch()
    let path = try scratch.write("\(header)\n\(goodRow)\n\(goodRow)\n")
    #expect(
      message { _ = try ScoresFile.read(path) }
        == "\(path), row 3, column IMAGE: \"a.jpg\" was given in row 2 already; keep one of the two rows"
    )
  }

  @Test func refuseNumbersThatAreNone() throws {
    let scratch = try Scratch()
    let photo = ScaledPhoto(
      photo: "a", scene: "s", score: .infinity, standardDeviation: 1,
      interval: ConfidenceInterval(low: 0, high: 1), comparisons: 1)
    let scale = SceneScale(scene: "s", attribute: .details, convention: .jod, photos: [photo])
    #expect(
      message { try ScoresFile.write([scale], to: scratch.file("x")) }?.contains("not finite")
        == true)
    #expect(scratch.names.isEmpty)
  }
}

@Suite struct OneScaleFiles {
  private func unified(_ scales: [SceneScale]) throws -> UnifiedScores {
    let photos = scales.flatMap(\.photos)
    let scale = UnifiedScale(
      attribute: .exposure, referenceScene: scales[0].scene, referenceReason: "It spans the most.",
      alignments: [], photos: photos)
    return try UnifiedScores(scale: scale, sceneScales: scales)
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func comeBackBitForBit(seed: UInt64) throws {
    let scratch = try Scratch()
    let scales = randomScales(seed: seed, convention: .jod)
    let scores = try unified(scales)
    try UnifiedScoresFile.write(scores, to: scratch.file("Scores_Unified.csv"))
    #expect(try UnifiedScoresFile.read(scratch.file("Scores_Unified.csv")) == scores)

    let cross = CrossScale(
      attribute: .exposure, convention: .piq23, photos: scales.flatMap { $0.photos.prefix(3) })
    try CrossScoresFile.write(cross, to: scratch.file("Cross.csv"))
    #expect(try CrossScoresFile.read(scratch.file("Cross.csv")) == cross)
  }

  @Test func perSceneScoresAreNoUnifiedScale() throws {
    let scratch = try Scratch()
    let scales = randomScales(seed: 1, convention: .jod)
    try ScoresFile.write(scales, to: scratch.file("Scores.csv"))
    #expect(
      message { _ = try UnifiedScoresFile.read(scratch.file("Scores.csv")) }?
        .hasSuffix("run `vernier unify` on it and give the Scores_Unified.csv that it writes")
        == true)
    try UnifiedScoresFile.write(try unified(scales), to: scratch.file("Unified.csv"))
    #expect(
      message { _ = try ScoresFile.read(scratch.file("Unified.csv")) }?
        .hasSuffix("give the file that `vernier scale` wrote") == true)
  }

  @Test func refuseTwoReferencesAndTwoAttributes() throws {
    let scratch = try Scratch()
    let other = goodRow.replacingOccurrences(of: "a.jpg", with: "b.jpg")
    let path = try scratch.write(
      "\(header),SCENE JOD,REFERENCE SCENE\n\(goodRow),1,S_1\n\(other),1,S_12\n")
    #expect(
      message { _ = try UnifiedScoresFile.read(path) }?
        .hasPrefix("\(path), row 3, column REFERENCE SCENE: differs from \"S_1\"") == true)
    let mixed = other.replacingOccurrences(of: ",Details,", with: ",Overall,")
    let cross = try scratch.write("\(header)\n\(goodRow)\n\(mixed)\n", to: "Cross.csv")
    #expect(
      message { _ = try CrossScoresFile.read(cross) }
        == "\(cross): mixes the attributes details and overall; give one file for each")
  }

  /// Version 0.1.0 dropped the unit here, so that a unified scale of PIQ23's published scores
  /// called itself JOD.
  @Test(arguments: ScaleConvention.allCases, [ScoreUnit.Origin.people, .simulated])
  func aUnifiedScaleKeepsItsUnit(
    convention: ScaleConvention, origin: ScoreUnit.Origin
  ) throws {
    let scratch = try Scratch()
    let scales = randomScales(seed: 2, convention: convention)
    let photos = scales.flatMap(\.photos)
    let scale = UnifiedScale(
      attribute: .exposure, referenceScene: scales[0].scene, referenceReason: "", alignments: [],
      photos: photos, convention: convention, origin: origin)
    let path = scratch.file("Unified.csv")
    try UnifiedScoresFile.write(UnifiedScores(scale: scale, sceneScales: scales), to: path)
    #expect(try UnifiedScoresFile.read(path).scale.unit == scale.unit)
    #expect(try Provenance.read(beside: path)?.unit == scale.unit)
    unlink("\(path).provenance.json")
    #expect(
      try UnifiedScoresFile.read(path).scale.unit
        == ScoreUnit(.jod(.scene(scales[0].scene))))
  }

  @Test func everyPhotoNeedsItsSceneScore() throws {
    let scales = randomScales(seed: 3, convention: .jod)
    let scale = try unified(scales).scale
    #expect(
      message { _ = try UnifiedScores(scale: scale, sceneScales: [scales[0]]) }?
        .contains("has no score on the scale of scene") == true)
  }
}

@Suite struct TrainingScoreTests {
  @Test(arguments: [
    (ScaleConvention.jod, "JOD of garden"), (.piq23, "PIQ23 units (z-scored) of garden"),
  ])
  func aModelLearnsInTheUnitOfItsScale(convention: ScaleConvention, unit: String) {
    let scale = UnifiedScale(
      attribute: .details, referenceScene: "garden", referenceReason: "", alignments: [],
      photos: [], convention: convention)
    #expect(TrainingScores(scale).unit.text == unit)
  }
}
