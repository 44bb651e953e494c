import Domain
import Files
import Foundation
import Studies
import TestSupport
import Testing

@Suite struct StudyPhotosInAndOut {
  @Test func aStudyIsMadeOnceAndOpened() throws {
    let fixture = try StudyFixture()
    #expect(
      message { _ = try StudyStore.create(fixture.study.folder) }?.contains(
        "a study is here already")
        == true)
    try fixture.study.close()
    let again = try StudyStore.open(fixture.study.folder + "//")
    #expect(again.name == "Test")
    #expect(
      message { _ = try StudyStore.open(fixture.scratch.file("nowhere")) }?
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
    let fixture = try StudyFixture()
    #expect(try fixture.take("S", "a.jpg") == .added)
    #expect(try fixture.take("S", "a.jpg") == .known)
    #expect(
      message { try fixture.take("S", "b.jpg", "S a.jpg") }?.contains(
        "is the same picture as S/a.jpg")
        == true)
    #expect(
      message { try fixture.take("S", "a.jpg", "new") }?.contains("has another photo named S/a.jpg")
        == true)
    #expect(try fixture.study.photos().count == 1)
    #expect(try fixture.study.files.content().count == 1, "refused copies leave nothing behind")
  }

  @Test func whatIsSaidLaterIsKept() throws {
    let fixture = try StudyFixture()
    try fixture.take("S", "a.jpg") { $0.device = "one" }
    #expect(try fixture.take("S", "a.jpg") { $0.person = "P1" } == .updated)
    let data = try #require(try fixture.study.photos().first).metadata
    #expect(data.device == "one" && data.person == "P1")
    let named = StudyCandidate(
      path: "x", scene: "S", photo: "none.jpg", metadata: PhotoMetadata())
    #expect(
      message { _ = try fixture.study.describe(named, subject: "m.csv") }?
        .contains("the study has no photo S/none.jpg") == true)
  }

  @Test func aPersonWhoSaidNoIsNeverTaken() throws {
    let fixture = try StudyFixture()
    #expect(
      message { try fixture.take("S", "a.jpg") { $0.consent = .refused } }?.contains("said no")
        == true)
    #expect(try fixture.study.files.content().isEmpty)
  }

  @Test func onlyOneProcessMayChangeAStudy() throws {
    let fixture = try StudyFixture()
    let lock = try StudyLock(fixture.study)
    // flock belongs to the open file, so a second lock of this process is refused like another
    // process's.
    #expect(message { _ = try StudyLock(fixture.study) }?.contains("another vernier") == true)
    withExtendedLifetime(lock) {}
  }

  @Test func abandonedCopiesAreRemoved() throws {
    let fixture = try StudyFixture()
    let folder = fixture.study.folder
    try AtomicFile.write("half", to: fixture.study.files.folder + "/.study-1.tmp")
    try AtomicFile.write("half", to: folder + "/.study-2.tmp")
    // Of somebody who writes a result into the folder and needs no lock for it.
    try AtomicFile.write("half", to: folder + "/.vernier-3.tmp")
    _ = try StudyLock(fixture.study)
    #expect(try FileManager.default.contentsOfDirectory(atPath: fixture.study.files.folder) == [])
    let left = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(left.filter { $0.hasSuffix(".tmp") } == [".vernier-3.tmp"])
  }

  @Test func theRegionsTableNamesFilesBesideIt() throws {
    let fixture = try StudyFixture()
    try fixture.take("S,1", "a.jpg")
    try fixture.makeRegions()
    let table = try CSVTable(path: fixture.study.folder + "/regions.csv")
    #expect(
      table.columns == ["SCENE", "IMAGE", "ATTRIBUTE", "REGION", "DEVICE", "CONDITION", "PERSON"])
    let columns = try table.columns(table.columns)
    let row = try #require(table.rows.first)
    #expect(row.rawText(columns[0]) == "S,1" && row.rawText(columns[2]) == "details")
    let file = fixture.study.folder + "/" + row.rawText(columns[3])
    #expect(FileManager.default.fileExists(atPath: file))
  }

  @Test func aReplacedRegionLosesItsFile() throws {
    let fixture = try StudyFixture()
    try fixture.take("S", "a.jpg")
    try fixture.makeRegions()
    var region = try #require(try fixture.study.regions().values.first?[.details])
    let old = region.sha256
    region.sha256 = try fixture.study.files.insert(Array("new".utf8))
    try fixture.study.keep([region])
    #expect(!fixture.study.files.contains(old) && fixture.study.files.contains(region.sha256))
  }
}

@Suite struct StudyTrust {
  @Test func verifyFindsEveryKindOfDamage() throws {
    let fixture = try StudyFixture()
    for name in ["a.jpg", "b.jpg", "c.jpg"] { try fixture.take("S", PhotoID(name)) }
    try fixture.makeRegions()
    #expect(try fixture.study.verify().damage.isEmpty)
    #expect(try fixture.study.verify().files == 6)
    let files = try fixture.study.files.content().map { fixture.study.files.path($0) }
    try FileManager.default.removeItem(atPath: files[0])
    var bytes = try InputFile.read(files[1])
    bytes[0] ^= 1
    try AtomicFile.write(bytes, to: files[1])
    try AtomicFile.write(InputFile.read(files[2]) + [0], to: files[2])
    try AtomicFile.write("nobody's", to: fixture.study.files.folder + "/stray")
    let found = try fixture.study.verify()
    for part in ["is missing", "another hash", "bytes instead of"] {
      #expect(found.damage.contains { $0.contains(part) }, "\(part): \(found.damage)")
    }
    #expect(found.notes == ["files/stray belongs to nothing"])
    #expect(try fixture.study.clean() == 1)
    #expect(try fixture.study.verify().notes.isEmpty)
  }

  @Test func aWithdrawnPersonIsGoneForGood() throws {
    let fixture = try StudyFixture()
    try fixture.take("S", "a.jpg") { $0.person = "P1" }
    try fixture.take("S", "b.jpg") { $0.person = "P2" }
    try fixture.makeRegions()
    let sheet = fixture.study.folder + "/sheet.jpg"
    try AtomicFile.write("sheet", to: sheet)
    try fixture.study.keepSheet(sheet)
    let report = try fixture.study.withdraw(person: "P1")
    #expect(report.photos == [ScenePhoto(scene: "S", photo: "a.jpg")])
    #expect(report.regions == 1 && report.files == 2 && !report.isRepeated)
    #expect(try fixture.study.photos().map(\.photo) == ["b.jpg"])
    #expect(try fixture.study.files.content().count == 2)
    #expect(!FileManager.default.fileExists(atPath: sheet))
    #expect(try CSVTable(path: fixture.study.folder + "/regions.csv").rowCount == 1)
    #expect(try fixture.study.verify().damage.isEmpty)
    // Nothing of the person comes back: neither the content under another name nor another photo.
    #expect(message { try fixture.take("T", "z.jpg", "S a.jpg") }?.contains("withdrew") == true)
    #expect(
      message { try fixture.take("S", "n.jpg") { $0.person = "P1" } }?.contains("withdrew") == true)
    #expect(try fixture.study.withdraw(person: "P1").isRepeated)
    #expect(message { _ = try fixture.study.withdraw(person: "P9") }?.contains("no photo") == true)
    try fixture.study.close()
    let raw = try InputFile.read(fixture.study.folder + "/study.sqlite")
    #expect(!contains(raw, "a.jpg"), "the old row's text is still in the file")
    #expect(contains(raw, "b.jpg"))
  }

  @Test func aReturnedFileOfAWithdrawnPersonIsDamage() throws {
    let fixture = try StudyFixture()
    try fixture.take("S", "a.jpg", "face") { $0.person = "P1" }
    _ = try fixture.study.withdraw(person: "P1")
    _ = try fixture.study.files.insert(Array("face".utf8))
    #expect(try fixture.study.verify().damage.first?.contains("a person who withdrew") == true)
  }

  @Test func aBackupIsWholeAndSound() throws {
    let fixture = try StudyFixture()
    for name in ["a.jpg", "b.jpg"] { try fixture.take("S", PhotoID(name)) }
    try fixture.makeRegions()
    let target = fixture.scratch.file("copy")
    #expect(try fixture.study.backUp(to: target + "/") == 4)
    let copy = try StudyStore.open(target)
    #expect(try copy.verify().damage.isEmpty)
    #expect(try copy.photos() == fixture.study.photos())
    #expect(try copy.regions() == fixture.study.regions())
    #expect(message { try fixture.study.backUp(to: target) }?.contains("is there already") == true)
    let file = fixture.study.files.path(try fixture.study.files.content()[0])
    try AtomicFile.write("damaged", to: file)
    let second = fixture.scratch.file("second")
    #expect(message { try fixture.study.backUp(to: second) }?.contains("is damaged") == true)
    #expect(!FileManager.default.fileExists(atPath: second))
    #expect(!FileManager.default.fileExists(atPath: second + ".partial"))
  }

  private func contains(_ bytes: [UInt8], _ text: String) -> Bool {
    Data(bytes).range(of: Data(text.utf8)) != nil
  }
}
