import Domain
import Files
import Foundation
import Studies
import TestSupport
import Testing

/// A data set of exactly the public layout, small.
enum PublicSample {
  static let header =
    "IMAGE PATH,JOD,JOD STD,CI LOW,CI HIGH,CI RANGE,QUALITY LEVEL,CLUSTER,TOTAL COMPARISONS,IMAGE,"
    + "SCENE,ATTRIBUTE,SCENE IDX,CONDITION"

  /// Writes the tables: scenes `Indoor_Scene_1` and `Indoor_Scene_12`, three photos each, and
  /// returns the names.
  @discardableResult
  static func write(to folder: String, lineEnd: String = "\r\n") throws -> [String] {
    let scenes = [("Indoor_Scene_1", "Indoor", 4), ("Indoor_Scene_12", "Night", 31)]
    for attribute in ["Details", "Exposure", "Overall"] {
      var lines = [header]
      for (scene, condition, index) in scenes {
        for photo in 0..<3 {
          let image = "\(photo)_\(scene).jpg"
          let jod = [-1.25, 0.030000000000000002, 1.2199999999999998][photo]
          lines.append(
            "\(attribute)\\\(image),\(jod),0.2,\(jod - 0.5),\(jod + 0.5),1.0,\(photo),"
              + "\(photo == 1 ? "-1.0" : "2.0"),81.0,\(image),\(scene),\(attribute),\(index),"
              + condition)
        }
      }
      try save(lines, to: "\(folder)/Scores_\(attribute).csv", lineEnd)
    }
    let images = scenes.flatMap { scene in (0..<3).map { "\($0)_\(scene.0).jpg" } }
    // The lists have their own orders, and name an image that no score file has.
    try save(
      ["IMAGE,SPLIT"] + images.reversed().map { "\($0),\($0.hasPrefix("2") ? "Test" : "Train")" }
        + ["lost.jpg,Test"], to: "\(folder)/Device Split.csv", lineEnd)
    try save(
      ["SCENE,SPLIT,NB IMAGES", "Indoor_Scene_12,Test,3", "Indoor_Scene_1,Train,3"],
      to: "\(folder)/Scene Split.csv", lineEnd)
    try save(
      ["Image,Device"] + images.map { "\($0),\"Phone \($0.prefix(1)), 5G\"" },
      to: "\(folder)/Image Metadata.csv", lineEnd)
    return images
  }

  private static func save(_ lines: [String], to path: String, _ end: String) throws {
    try AtomicFile.write(lines.joined(separator: end) + end, to: path)
  }

  /// The bytes of every CSV file of a folder, by name.
  static func tables(of folder: String) throws -> [String: [UInt8]] {
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    return try Dictionary(
      uniqueKeysWithValues: names.filter { $0.hasSuffix(".csv") }
        .map { ($0, try InputFile.read("\(folder)/\($0)")) })
  }
}

@Suite struct PublicLayout {
  @Test(arguments: ["\r\n", "\n"])
  func outIsWhatWentIn(lineEnd: String) throws {
    let scratch = try Scratch()
    let source = scratch.file("piq")
    try PublicSample.write(to: source, lineEnd: lineEnd)
    let study = try StudyStore.create(scratch.file("study"))
    let taken = try study.take(PIQLayout(source))
    #expect(taken.added == 6 && taken.refused.isEmpty)
    let out = scratch.file("out")
    let report = try study.exportPIQ(to: out, ExportPermission(exception: "public data set"))
    #expect(report.tables.count == 6)
    #expect(try PublicSample.tables(of: out) == PublicSample.tables(of: source))
    // And in again: the second study is the first.
    let second = try StudyStore.create(scratch.file("second"))
    _ = try second.take(PIQLayout(out))
    #expect(try second.photos() == study.photos())
    #expect(try second.status().attributes == study.status().attributes)
    #expect(try study.take(PIQLayout(out)).added == 0)
  }

  @Test func namesAreComparedExactly() throws {
    let scratch = try Scratch()
    try PublicSample.write(to: scratch.file("piq"))
    let study = try StudyStore.create(scratch.file("study"))
    _ = try study.take(PIQLayout(scratch.file("piq")))
    #expect(try study.photos(scene: "Indoor_Scene_1").count == 3)
    let first = try #require(try study.photos(scene: "Indoor_Scene_1").first)
    #expect(first.metadata.condition == .indoor && first.metadata.device == "Phone 0, 5G")
    #expect(first.metadata.part == .train && first.facts == nil)
  }

  @Test func oddSpellingsSurvive() throws {
    let scratch = try Scratch()
    let source = scratch.file("piq")
    try PublicSample.write(to: source, lineEnd: "\n")
    let path = "\(source)/Scores_Exposure.csv"
    var text = try String(contentsOfFile: path, encoding: .utf8)
    // Another spelling of a number, another condition than the other files give, no last line end,
    // a byte order mark.
    text = text.replacingOccurrences(of: "1.2199999999999998,0.2", with: "+1.22e0,0.20")
    text = text.replacingOccurrences(of: "4,Indoor", with: "4,lowlight")
    text.removeLast()
    try AtomicFile.write("\u{FEFF}" + text, to: path)
    let study = try StudyStore.create(scratch.file("study"))
    _ = try study.take(PIQLayout(source))
    _ = try study.exportPIQ(
      to: scratch.file("out"), ExportPermission(exception: "public data set"))
    #expect(try PublicSample.tables(of: scratch.file("out")) == PublicSample.tables(of: source))
  }

  @Test func aWithdrawnPersonLeavesEveryTable() throws {
    let scratch = try Scratch()
    let source = scratch.file("piq")
    try PublicSample.write(to: source)
    let study = try StudyStore.create(scratch.file("study"))
    _ = try study.take(PIQLayout(source))
    var metadata = PhotoMetadata()
    metadata.person = "P1"
    _ = try study.describe(
      StudyCandidate(
        path: "x", scene: "Indoor_Scene_1", photo: "1_Indoor_Scene_1.jpg", metadata: metadata),
      subject: "m.csv")
    let report = try study.withdraw(person: "P1")
    #expect(report.scores == 3)
    _ = try study.exportPIQ(
      to: scratch.file("out"), ExportPermission(exception: "public data set"))
    for (name, bytes) in try PublicSample.tables(of: scratch.file("out")) {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(!text.contains("1_Indoor_Scene_1.jpg"), "\(name)")
      if name == "Scene Split.csv" { #expect(text.contains("Indoor_Scene_1,Train,2")) }
    }
  }

  @Test func whatIsNotTheLayoutIsNamed() throws {
    let scratch = try Scratch()
    try AtomicFile.makeFolder(scratch.file("empty"))
    #expect(
      message { _ = try PIQLayout(scratch.file("empty")) }?.contains("holds no score file") == true)
    let source = scratch.file("piq")
    try PublicSample.write(to: source)
    try AtomicFile.write("IMAGE,PART\r\na,Train\r\n", to: "\(source)/Device Split.csv")
    #expect(message { _ = try PIQLayout(source) }?.contains("write IMAGE,SPLIT") == true)
    try AtomicFile.write("IMAGE,SPLIT\r\na,Rest\r\n", to: "\(source)/Device Split.csv")
    #expect(message { _ = try PIQLayout(source) }?.contains("\"Rest\" is not a part") == true)
  }

  @Test func aPictureOutsideOfTheFolderIsRefused() throws {
    let scratch = try Scratch()
    let source = scratch.file("piq")
    try PublicSample.write(to: source)
    let path = "\(source)/Scores_Details.csv"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try AtomicFile.write(
      text.replacingOccurrences(of: "Details\\0_Indoor_Scene_1.jpg", with: "..\\..\\secret"),
      to: path)
    let faults = try PIQLayout(source).pictures.filter { (try? $0.path.get()) == nil }
    #expect(faults.count == 1)
  }
}
