import Domain
import Files
import Foundation
import Studies
import TestSupport
import Testing

/// A study in a folder of its own, with photos that are only bytes.
struct StudyBench {
  let scratch: Scratch
  let study: StudyStore

  init() throws {
    scratch = try Scratch()
    study = try StudyStore.create(scratch.file("study"), name: "Test")
  }

  /// Takes a photo whose file holds a text.
  @discardableResult
  func take(
    _ scene: SceneID, _ photo: PhotoID, _ text: String? = nil,
    _ change: (inout PhotoMetadata) -> Void = { _ in }
  ) throws -> StudyInsertion {
    let file = scratch.file("source")
    try AtomicFile.write(text ?? "\(scene) \(photo)", to: file)
    var metadata = PhotoMetadata()
    change(&metadata)
    let staged = try study.files.stage(file)
    defer { study.files.discard(staged) }
    return try study.take(
      StudyCandidate(path: "\(scene)/\(photo)", scene: scene, photo: photo, metadata: metadata),
      PhotoFacts(
        sha256: staged.sha256, byteCount: staged.byteCount, format: "jpeg", widthPixels: 30,
        heightPixels: 40), staged: staged)
  }

  /// Gives each photo of the study a region of an attribute.
  func makeRegions(_ attribute: Attribute = .details) throws {
    for photo in try study.photos() {
      let sha256 = try study.files.insert(Array("\(attribute) of \(photo.id)".utf8))
      try study.keep([
        StudyRegion(
          photo: photo.id, attribute: attribute, sha256: sha256,
          byteCount: study.files.byteCount(sha256) ?? 0, widthPixels: 3, heightPixels: 4,
          origin: .rule, settings: "test")
      ])
    }
    try study.writeRegionsTable()
  }
}

@Suite struct StudyPhotosInAndOut {
  @Test func aStudyIsMadeOnceAndOpened() throws {
    let bench = try StudyBench()
    #expect(
      message { _ = try StudyStore.create(bench.study.folder) }?.contains("a study is here already")
        == true)
    try bench.study.close()
    let again = try StudyStore.open(bench.study.folder + "//")
    #expect(again.name == "Test")
    #expect(
      message { _ = try StudyStore.open(bench.scratch.file("nowhere")) }?
        .contains("is not a study; make one with vernier study new") == true)
    #expect(try again.attributes().map(\.attribute) == [.colour, .details, .exposure, .overall])
  }

  @Test func aDamagedDatabaseSaysSo() throws {
    let scratch = try Scratch()
    try AtomicFile.write(
      String(repeating: "no database ", count: 400), to: scratch.file("s/study.sqlite"))
    #expect(
      message { _ = try StudyStore.open(scratch.file("s")) }?.contains("restore a backup") == true)
  }

  @Test func contentIsTakenOnce() throws {
    let bench = try StudyBench()
    #expect(try bench.take("S", "a.jpg") == .added)
    #expect(try bench.take("S", "a.jpg") == .known)
    #expect(
      message { try bench.take("S", "b.jpg", "S a.jpg") }?.contains(
        "is the same picture as S/a.jpg")
        == true)
    #expect(
      message { try bench.take("S", "a.jpg", "new") }?.contains("has another photo named S/a.jpg")
        == true)
    #expect(try bench.study.photos().count == 1)
    #expect(try bench.study.files.content().count == 1, "refused copies leave nothing behind")
  }

  @Test func whatIsSaidLaterIsKept() throws {
    let bench = try StudyBench()
    try bench.take("S", "a.jpg") { $0.device = "one" }
    #expect(try bench.take("S", "a.jpg") { $0.person = "P1" } == .updated)
    let data = try #require(try bench.study.photos().first).metadata
    #expect(data.device == "one" && data.person == "P1")
    let named = StudyCandidate(
      path: "x", scene: "S", photo: "none.jpg", metadata: PhotoMetadata())
    #expect(
      message { _ = try bench.study.describe(named, subject: "m.csv") }?
        .contains("the study has no photo S/none.jpg") == true)
  }

  @Test func aPersonWhoSaidNoIsNeverTaken() throws {
    let bench = try StudyBench()
    #expect(
      message { try bench.take("S", "a.jpg") { $0.consent = .refused } }?.contains("said no")
        == true)
    #expect(try bench.study.files.content().isEmpty)
  }

  @Test func onlyOneProcessMayChangeAStudy() throws {
    let bench = try StudyBench()
    let lock = try StudyLock(bench.study)
    // flock belongs to the open file, so a second lock of this process is refused like another process's.
    #expect(message { _ = try StudyLock(bench.study) }?.contains("another vernier") == true)
    withExtendedLifetime(lock) {}
  }

  @Test func abandonedCopiesAreRemoved() throws {
    let bench = try StudyBench()
    let folder = bench.study.folder
    try AtomicFile.write("half", to: bench.study.files.folder + "/.study-1.tmp")
    try AtomicFile.write("half", to: folder + "/.study-2.tmp")
    // Of somebody who writes a result into the folder and needs no lock for it.
    try AtomicFile.write("half", to: folder + "/.vernier-3.tmp")
    _ = try StudyLock(bench.study)
    #expect(try FileManager.default.contentsOfDirectory(atPath: bench.study.files.folder) == [])
    let left = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(left.filter { $0.hasSuffix(".tmp") } == [".vernier-3.tmp"])
  }

  @Test func theRegionsTableNamesFilesBesideIt() throws {
    let bench = try StudyBench()
    try bench.take("S,1", "a.jpg")
    try bench.makeRegions()
    let table = try CSVTable(path: bench.study.folder + "/regions.csv")
    #expect(
      table.columns == ["SCENE", "IMAGE", "ATTRIBUTE", "REGION", "DEVICE", "CONDITION", "PERSON"])
    let columns = try table.columns(table.columns)
    let row = try #require(table.rows.first)
    #expect(row.rawText(columns[0]) == "S,1" && row.rawText(columns[2]) == "details")
    let file = bench.study.folder + "/" + row.rawText(columns[3])
    #expect(FileManager.default.fileExists(atPath: file))
  }

  @Test func aReplacedRegionLosesItsFile() throws {
    let bench = try StudyBench()
    try bench.take("S", "a.jpg")
    try bench.makeRegions()
    var region = try #require(try bench.study.regions().values.first?[.details])
    let old = region.sha256
    region.sha256 = try bench.study.files.insert(Array("new".utf8))
    try bench.study.keep([region])
    #expect(!bench.study.files.contains(old) && bench.study.files.contains(region.sha256))
  }
}

@Suite struct StudyTrust {
  @Test func verifyFindsEveryKindOfDamage() throws {
    let bench = try StudyBench()
    for name in ["a.jpg", "b.jpg", "c.jpg"] { try bench.take("S", PhotoID(name)) }
    try bench.makeRegions()
    #expect(try bench.study.verify().damage.isEmpty)
    #expect(try bench.study.verify().files == 6)
    let files = try bench.study.files.content().map { bench.study.files.path($0) }
    try FileManager.default.removeItem(atPath: files[0])
    var bytes = try InputFile.read(files[1])
    bytes[0] ^= 1
    try AtomicFile.write(bytes, to: files[1])
    try AtomicFile.write(InputFile.read(files[2]) + [0], to: files[2])
    try AtomicFile.write("nobody's", to: bench.study.files.folder + "/stray")
    let found = try bench.study.verify()
    for part in ["is missing", "another hash", "bytes instead of"] {
      #expect(found.damage.contains { $0.contains(part) }, "\(part): \(found.damage)")
    }
    #expect(found.notes == ["files/stray belongs to nothing"])
    #expect(try bench.study.clean() == 1)
    #expect(try bench.study.verify().notes.isEmpty)
  }

  @Test func aWithdrawnPersonIsGoneForGood() throws {
    let bench = try StudyBench()
    try bench.take("S", "a.jpg") { $0.person = "P1" }
    try bench.take("S", "b.jpg") { $0.person = "P2" }
    try bench.makeRegions()
    let sheet = bench.study.folder + "/sheet.jpg"
    try AtomicFile.write("sheet", to: sheet)
    try bench.study.keepSheet(sheet)
    let report = try bench.study.withdraw(person: "P1")
    #expect(report.photos == [ScenePhoto(scene: "S", photo: "a.jpg")])
    #expect(report.regions == 1 && report.files == 2 && !report.isRepeated)
    #expect(try bench.study.photos().map(\.photo) == ["b.jpg"])
    #expect(try bench.study.files.content().count == 2)
    #expect(!FileManager.default.fileExists(atPath: sheet))
    #expect(try CSVTable(path: bench.study.folder + "/regions.csv").rowCount == 1)
    #expect(try bench.study.verify().damage.isEmpty)
    // Nothing of the person comes back: neither the content under another name nor another photo.
    #expect(message { try bench.take("T", "z.jpg", "S a.jpg") }?.contains("withdrew") == true)
    #expect(
      message { try bench.take("S", "n.jpg") { $0.person = "P1" } }?.contains("withdrew") == true)
    #expect(try bench.study.withdraw(person: "P1").isRepeated)
    #expect(message { _ = try bench.study.withdraw(person: "P9") }?.contains("no photo") == true)
    try bench.study.close()
    let raw = try InputFile.read(bench.study.folder + "/study.sqlite")
    #expect(!contains(raw, "a.jpg"), "the old row's text is still in the file")
    #expect(contains(raw, "b.jpg"))
  }

  @Test func aReturnedFileOfAWithdrawnPersonIsDamage() throws {
    let bench = try StudyBench()
    try bench.take("S", "a.jpg", "face") { $0.person = "P1" }
    _ = try bench.study.withdraw(person: "P1")
    _ = try bench.study.files.insert(Array("face".utf8))
    #expect(try bench.study.verify().damage.first?.contains("a person who withdrew") == true)
  }

  @Test func aBackupIsWholeAndSound() throws {
    let bench = try StudyBench()
    for name in ["a.jpg", "b.jpg"] { try bench.take("S", PhotoID(name)) }
    try bench.makeRegions()
    let target = bench.scratch.file("copy")
    #expect(try bench.study.backUp(to: target + "/") == 4)
    let copy = try StudyStore.open(target)
    #expect(try copy.verify().damage.isEmpty)
    #expect(try copy.photos() == bench.study.photos())
    #expect(try copy.regions() == bench.study.regions())
    #expect(message { try bench.study.backUp(to: target) }?.contains("is there already") == true)
    let file = bench.study.files.path(try bench.study.files.content()[0])
    try AtomicFile.write("damaged", to: file)
    let second = bench.scratch.file("second")
    #expect(message { try bench.study.backUp(to: second) }?.contains("is damaged") == true)
    #expect(!FileManager.default.fileExists(atPath: second))
    #expect(!FileManager.default.fileExists(atPath: second + ".partial"))
  }

  private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    Data(bytes).range(of: Data(text.utf8)) != nil
  }
}
