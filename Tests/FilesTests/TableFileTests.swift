import Domain
import Files
import Foundation
import TestSupport
import Testing

@Suite struct VoteFiles {
  @Test(arguments: 0..<40 as Range<UInt64>)
  func comeBack(seed: UInt64) throws {
    var dice = Dice(state: seed)
    let timed = Bool.random(using: &dice)
    let votes = (0..<30).map { index in
      Judgement(
        observer: ObserverID("o" + dice.text()), scene: SceneID("s" + dice.text()),
        attribute: Attribute("x" + dice.text()), photoA: PhotoID("a\(index)" + dice.text()),
        photoB: PhotoID("b" + dice.text()),
        choice: Choice.allCases.randomElement(using: &dice) ?? .tie,
        responseMilliseconds: timed && index % 3 > 0 ? abs(dice.double()) : nil)
    }
    let scratch = try Scratch()
    try VotesFile.write(votes, to: scratch.file("votes.csv"))
    #expect(try VotesFile.read(scratch.file("votes.csv")) == votes)
  }

  @Test func columnsMayStandInAnyOrder() throws {
    let table = try table(
      "choice,note,image_b,image_a,attribute,scene,observer\nA,x,2,1,Details,S,o\n")
    let votes = try VotesFile.read(table)
    let expected = Judgement(
      observer: "o", scene: "S", attribute: .details, photoA: "1", photoB: "2", choice: .a)
    #expect(votes == [expected])
  }

  @Test(arguments: [
    ("o,S,details,1,2,c,", "row 2, column choice: \"c\" is not a choice; write a, b or tie"),
    ("o,S,details,1,2,,", "row 2, column choice: \"\" is not a choice; write a, b or tie"),
    (
      "o,S,details,1,1,a,",
      "row 2, column image_b: a photo is compared with itself; name two different photos"
    ),
    ("o,,details,1,2,a,", "row 2, column scene: is empty; fill it in"),
    (
      "o,S,details,1,2,a,-5",
      "row 2, column response_ms: is negative; write milliseconds or leave it empty"
    ),
  ])
  func refuseBadRows(row: String, expected: String) throws {
    let table = try table("observer,scene,attribute,image_a,image_b,choice,response_ms\n\(row)\n")
    #expect(message { _ = try VotesFile.read(table) } == "t.csv, \(expected)")
  }

  @Test func refuseAnEmptyFile() throws {
    let table = try table("observer,scene,attribute,image_a,image_b,choice\n")
    #expect(
      message { _ = try VotesFile.read(table) }
        == "t.csv: holds no votes; add a row for each judgement")
  }
}

@Suite struct OtherTables {
  @Test(arguments: 0..<20 as Range<UInt64>)
  func comeBack(seed: UInt64) throws {
    var dice = Dice(state: seed)
    let scratch = try Scratch()
    let truth = (0..<20).map { index in
      TrueQuality(
        scene: SceneID("s" + dice.text()), attribute: .overall,
        photo: PhotoID("\(index)" + dice.text()),
        quality: JOD(dice.double()))
    }
    try TruthFile.write(truth, to: scratch.file("truth.csv"))
    #expect(try TruthFile.read(scratch.file("truth.csv")) == truth)

    let alignments = (0..<5).map { index in
      SceneAlignment(
        scene: SceneID("\(index)" + dice.text()), a: dice.double(), b: dice.double(),
        aStandardError: dice.double(), bStandardError: dice.double(), abCovariance: dice.double(),
        sharedPhotos: index, residualStandardDeviation: dice.double(), sharedRange: dice.double())
    }
    try CoefficientsFile.write(alignments, to: scratch.file("coefficients.csv"))
    #expect(try CoefficientsFile.read(scratch.file("coefficients.csv")) == alignments)

    let predictions = (0..<20).map { index in
      let prediction = Prediction(
        photo: PhotoID("p" + dice.text()), scene: SceneID("s" + dice.text()),
        part: SplitPart.allCases.randomElement(using: &dice) ?? .test, measured: dice.double(),
        predicted: dice.double())
      let interval = ConfidenceInterval(low: dice.double(), high: dice.double())
      return PredictionRow(prediction, interval: index % 2 == 0 ? interval : nil)
    }
    try PredictionsFile.write(
      predictions, unit: ScoreUnit(.jod(.unstated)), to: scratch.file("predictions.csv"))
    #expect(try PredictionsFile.read(scratch.file("predictions.csv")) == predictions)
  }

  @Test func unknownErrorsOfAnAlignmentAreNaN() throws {
    let scratch = try Scratch()
    let alignment = SceneAlignment(
      scene: "s", a: 1, b: 0, aStandardError: .infinity, bStandardError: .nan, abCovariance: .nan,
      sharedPhotos: 2, residualStandardDeviation: 0, sharedRange: 1)
    try CoefficientsFile.write([alignment], to: scratch.file("c.csv"))
    let text = String(decoding: try InputFile.read(scratch.file("c.csv")), as: UTF8.self)
    #expect(text.hasSuffix("\ns,1.0,0.0,,,,2,0.0,1.0,\n"))
    let read = try CoefficientsFile.read(scratch.file("c.csv"))
    #expect(read[0].aStandardError.isNaN && read[0].sharedPhotos == 2)
  }

  @Test func truthIsGivenOnce() throws {
    let scratch = try Scratch()
    let path = try scratch.write("scene,attribute,image,quality\nS,Details,a,1\nS,details,a,2\n")
    #expect(
      message { _ = try TruthFile.read(path) }
        == "\(path), row 3, column image: \"a\" was given in row 2 already; keep one of the two rows"
    )
  }
}

@Suite struct SplitFiles {
  @Test func sceneNamesMatchExactly() throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      "SCENE,SPLIT,NB IMAGES\nIndoor_Scene_1,Test,124\nIndoor_Scene_12,TRAIN,103\n")
    let split = try SplitFile.read(path)
    #expect(split == .scenes(["Indoor_Scene_1": .test, "Indoor_Scene_12": .train]))
    #expect(split.part(of: "any", in: "Indoor_Scene_1") == .test)
    #expect(split.part(of: "any", in: "Indoor_Scene_12") == .train)
    #expect(split.part(of: "any", in: "Indoor_Scene_") == nil)
    #expect(split.part(of: "any", in: "indoor_scene_1") == nil)
  }

  @Test func photosBelongToDevices() throws {
    let scratch = try Scratch()
    let path = try scratch.write(
      "IMAGE,SPLIT\r\n0_Indoor_Scene_0.jpg,Train\r\n1_Indoor_Scene_0.jpg,valid\r\n")
    let split = try SplitFile.read(path)
    #expect(split == .photos(["0_Indoor_Scene_0.jpg": .train, "1_Indoor_Scene_0.jpg": .valid]))
    let photo = ScaledPhoto(
      photo: "2.jpg", scene: "S", score: .zero, standardDeviation: 0,
      interval: ConfidenceInterval(low: .zero, high: .zero), comparisons: 0)
    #expect(
      message { _ = try split.parts(of: [photo]) }
        == "photo 2.jpg: is in no part of the split; add it to the split file, with the same letters"
    )
  }

  @Test func comeBack() throws {
    let scratch = try Scratch()
    let splits: [DataSplit] = [.scenes(["b,\"": .test, "a": .valid]), .photos(["x": .train])]
    for split in splits {
      try SplitFile.write(split, to: scratch.file("split.csv"))
      #expect(try SplitFile.read(scratch.file("split.csv")) == split)
    }
    try SplitFile.write(.scenes(["a": .test]), imageCounts: ["a": 7], to: scratch.file("n.csv"))
    let text = String(decoding: try InputFile.read(scratch.file("n.csv")), as: UTF8.self)
    #expect(text == "SCENE,SPLIT,NB IMAGES\na,Test,7\n")
  }

  @Test(arguments: [
    (
      "SCENE,SPLIT\nS,maybe\n",
      ", row 2, column SPLIT: \"maybe\" is not a part; write Train, Valid or Test"
    ),
    (
      "SCENE,SPLIT\nS,Test\nS,Train\n",
      ", row 3, column SCENE: \"S\" is in two parts, test and train; keep one of the rows"
    ),
    (
      "NAME,SPLIT\nS,Test\n",
      """
      : needs one of the columns SCENE and IMAGE; split by scenes (SCENE,SPLIT) or by photos \
      (IMAGE,SPLIT)
      """
    ),
    ("SCENE,SPLIT\n", ": holds no rows; name the part of each scene or photo"),
  ])
  func refuseWhatIsDoubtful(text: String, expected: String) throws {
    let scratch = try Scratch()
    let path = try scratch.write(text)
    #expect(message { _ = try SplitFile.read(path) } == path + expected)
  }
}
