import Domain
import Evaluation
import Testing

/// 12 scenes of 20 photos by 10 cameras; every second scene shows the same person as the one
/// before.
private let origins = (0..<12).flatMap { scene in
  (0..<20).map { photo in
    PhotoOrigin(
      ScenePhoto(
        scene: SceneID("Indoor_Scene_\(scene)"),
        photo: PhotoID("\(photo)_Indoor_Scene_\(scene).jpg")),
      device: "camera \(photo % 10)", person: "person \(scene / 2)")
  }
}

private func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}

@Suite struct SplittingTests {
  @Test func imagesAreDrawnInsideEveryScene() throws {
    let parts = try drawSplit(origins, settings: SplitSettings(apart: [.image]))
    for scene in 0..<12 {
      let own = zip(origins, parts).filter { $0.0.photo.scene.text == "Indoor_Scene_\(scene)" }
      // 30 % of 20 for testing, 15 % of the remaining 14 for validation.
      #expect(own.count { $0.1 == .test } == 6 && own.count { $0.1 == .valid } == 2)
    }
    try refuseLeaks(origins, parts: parts, apart: [.image])
    #expect(
      message { try refuseLeaks(origins, parts: parts, apart: [.device]) }.hasPrefix(
        "split: LEAK: 10 devices in more than one part: camera 0 (test, train"))
  }

  @Test(arguments: [Set([SplitUnit.device]), [.scene], [.person], [.scene, .person]])
  func wholeUnitsStayTogether(apart: Set<SplitUnit>) throws {
    for seed in 1...20 as ClosedRange<UInt64> {
      var settings = SplitSettings(apart: apart)
      settings.seed = seed
      settings.validShare = 0.2
      let parts = try drawSplit(origins, settings: settings)
      try refuseLeaks(origins, parts: parts, apart: apart)
      let test = parts.count { $0 == .test }
      // A third of one group is the most that a share may miss: groups hold 20, 24 or 40 of 240
      // photos.
      #expect(abs(test - 72) <= 20, "\(apart) \(test)")
      #expect(try drawSplit(origins, settings: settings) == parts)
    }
  }

  @Test func validationComesOutOfTheTrainingScenesOfAPublishedSplit() throws {
    let published = origins.map {
      ["Indoor_Scene_1", "Indoor_Scene_5"].contains($0.photo.scene.text)
        ? SplitPart.test : .train
    }
    let parts = try drawSplit(
      origins, settings: SplitSettings(apart: [.scene]), fixed: published)
    #expect(zip(parts, published).allSatisfy { ($0 == .test) == ($1 == .test) })
    let valid = Set(zip(origins, parts).filter { $0.1 == .valid }.map(\.0.photo.scene))
    // 15 % of 10 scenes, to the nearest whole one by photos: 1 or 2.
    #expect((1...2).contains(valid.count))
    try refuseLeaks(origins, parts: parts, apart: [.scene])
  }

  @Test func scenesAreComparedLetterByLetter() throws {
    // A prefix comparison would put scene 1's test mark on scenes 10 and 11 too.
    let parts = origins.map { $0.photo.scene == "Indoor_Scene_1" ? SplitPart.test : .train }
    try refuseLeaks(origins, parts: parts, apart: [.scene])
    let wrong = origins.map { origin -> SplitPart in
      let text = origin.photo.scene.text
      let isSecondHalf = (Int(origin.photo.photo.text.prefix { $0 != "_" }) ?? 0) >= 10
      return text == "Indoor_Scene_1" || text == "Indoor_Scene_11" && isSecondHalf ? .test : .train
    }
    #expect(
      message { try refuseLeaks(origins, parts: wrong, apart: [.scene]) }
        == "split: LEAK: 1 scene in more than one part: Indoor_Scene_11 (test, train); "
        + "move all of their photos into one part, or draw the split again")
  }

  @Test func aPersonInTwoPartsIsALeak() throws {
    let parts = origins.map { $0.photo.scene == "Indoor_Scene_1" ? SplitPart.test : .train }
    #expect(
      message { try refuseLeaks(origins, parts: parts, apart: [.scene, .person]) }.contains(
        "1 person in more than one part: person 0 (test, train)"))
  }

  @Test func theSameFileUnderTwoNamesIsALeak() throws {
    let twins = origins.enumerated().map { index, origin in
      PhotoOrigin(origin.photo, content: index == 0 || index == 239 ? "same" : "\(index)")
    }
    let parts = origins.indices.map { $0 == 239 ? SplitPart.test : .train }
    #expect(
      message { try refuseLeaks(twins, parts: parts, apart: []) }.contains(
        "1 image in more than one part: SHA-256 same (test, train)"))
    let drawn = try drawSplit(twins, settings: SplitSettings(apart: [.image]))
    #expect(drawn[0] == drawn[239])
  }

  @Test func fewGroupsStillGiveEveryPartOne() throws {
    let few = origins.filter {
      ["Indoor_Scene_0", "Indoor_Scene_2", "Indoor_Scene_4"].contains($0.photo.scene.text)
    }
    var settings = SplitSettings(apart: [.scene, .person])
    for seed in 1...5 as ClosedRange<UInt64> {
      settings.seed = seed
      let parts = try drawSplit(few, settings: settings)
      #expect(Set(parts) == Set(SplitPart.allCases))
    }
    let two = few.filter { $0.photo.scene.text != "Indoor_Scene_4" }
    #expect(
      message { _ = try drawSplit(two, settings: settings) }.contains(
        "no photos are left for the part"))
  }

  @Test func whatIsNotKnownCannotBeKeptApart() {
    let unknown = [PhotoOrigin(ScenePhoto(scene: "s", photo: "a.jpg"))]
    #expect(
      message { _ = try drawSplit(unknown, settings: SplitSettings(apart: [.device])) }
        == "photo a.jpg: its device is not known (1 photos like it); "
        + "name the device of every photo, or do not ask to keep it apart")
  }

  @Test func everythingLinkedCannotBeSplit() {
    #expect(
      message { _ = try drawSplit(origins, settings: SplitSettings(apart: [.scene, .device])) }
        .contains("no photos are left for the part"))
  }
}
