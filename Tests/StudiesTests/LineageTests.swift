import Domain
import Files
import Foundation
import GRDB
import Studies
import TestSupport
import Testing

@Suite struct LineageTests {
  private let recipe = DegradationRecipe(
    level: 0, subsamplingFactor: 2, sharpeningAmount: 0.3, sharpeningSigmaPixels: 1.5,
    noiseVariance: 16, noiseSeed: .max)

  /// A study with a reference of P1 and a phone's photo of P2, and a picture made from the reference.
  private func prepared() throws -> StudyFixture {
    let fixture = try StudyFixture()
    try fixture.take("A", "dslr-of-P1.jpg") {
      ($0.person, $0.consent, $0.isReference, $0.device) = ("P1", .given, true, "A7R4")
      ($0.condition, $0.skinType, $0.part) = (.indoor, 3, .train)
      $0.notes = ["age": "30"]
    }
    try fixture.take("A", "phone.jpg") { ($0.person, $0.consent) = ("P2", .given) }
    try fixture.makeRegions()
    #expect(try derive(fixture))
    return fixture
  }

  @discardableResult
  private func derive(
    _ fixture: StudyFixture, name: PhotoID = "dslr-of-P1.jpg_f2_s0.3_n16.png",
    recipe: DegradationRecipe? = nil
  ) throws -> Bool {
    let study = fixture.study
    let source = try #require(try study.photos().first { $0.metadata.isReference == true })
    let region = try #require(try study.regions()[source.id]?[.details])
    let bytes = Array("a degraded face of P1".utf8)
    return try study.derive(
      DerivedRegion(
        photo: name, source: source, sourceRegion: region, recipe: recipe ?? self.recipe,
        sha256: study.files.insert(bytes), byteCount: bytes.count))
  }

  private func derived(_ fixture: StudyFixture) throws -> StudyPhoto {
    let lineages = try fixture.study.lineages()
    return try #require(try fixture.study.photos().first { lineages[$0.id] != nil })
  }

  @Test func aDerivedPhotoShowsWhatItsSourceShowsAndIsNoCameras() throws {
    let fixture = try prepared()
    let photo = try derived(fixture)
    #expect(photo.scene == "A" && photo.facts == nil)
    let data = photo.metadata
    #expect(data.person == "P1" && data.consent == .given && data.condition == .indoor)
    #expect(data.skinType == 3 && data.part == .train)
    #expect(data.device == nil && data.isReference == false && data.notes.isEmpty)
    let lineage = try #require(try fixture.study.lineages()[photo.id])
    #expect(lineage.recipe == recipe && lineage.program == VernierVersion.text)
    let source = try #require(try fixture.study.photos().first { $0.id == lineage.source })
    #expect(source.photo == "dslr-of-P1.jpg")
    let region = try #require(try fixture.study.regions()[photo.id]?[.details])
    let record = try JSONDecoder().decode(DerivationRecord.self, from: Data(region.record.utf8))
    #expect(record.recipe == recipe)
    #expect(try fixture.study.regions()[source.id]?[.details]?.sha256 == record.regionSHA256)
    #expect(try fixture.study.status().derived == 1)
    #expect(try fixture.study.verify().damage.isEmpty)
  }

  @Test func theSameAgainChangesNothingAndAnotherIsRefused() throws {
    let fixture = try prepared()
    #expect(try derive(fixture) == false)
    #expect(try fixture.study.photos().count == 3)
    let other = DegradationRecipe(
      level: 0, subsamplingFactor: 3, sharpeningAmount: 0, sharpeningSigmaPixels: 0,
      noiseVariance: 0, noiseSeed: 1)
    let refused = message { try derive(fixture, recipe: other) }
    #expect(refused?.contains("the study has another photo of this name") == true)
    #expect(message { try derive(fixture, name: "phone.jpg") }?.contains("another photo") == true)
  }

  @Test func consentAndPersonFollowTheSource() throws {
    let fixture = try prepared()
    func describe(_ photo: PhotoID, _ change: (inout PhotoMetadata) -> Void) throws {
      var data = PhotoMetadata()
      change(&data)
      _ = try fixture.study.describe(
        StudyCandidate(path: "m.csv", scene: "A", photo: photo, metadata: data), subject: "m.csv")
    }
    try describe("dslr-of-P1.jpg") {
      ($0.person, $0.consent, $0.purposes) = ("P7", .pending, [.annotation])
    }
    var data = try derived(fixture).metadata
    #expect(data.person == "P7" && data.consent == .pending && data.purposes == [.annotation])
    // Said about the picture itself, it changes nothing.
    try describe(derived(fixture).photo) { ($0.person, $0.consent) = ("P8", .given) }
    data = try derived(fixture).metadata
    #expect(data.person == "P7" && data.consent == .pending)
    #expect(try fixture.study.unconfirmed(for: .annotation).count == 2)
    #expect(try fixture.study.verify().damage.isEmpty)
  }

  @Test func aWithdrawalLeavesNoByteOfDerivedPhotos() throws {
    let fixture = try prepared()
    let study = fixture.study
    let photos = try study.photos()
    let phone = try #require(photos.first { $0.photo == "phone.jpg" })
    let picture = try derived(fixture)
    try study.keep([
      RecordedGap(
        scene: "A", attribute: .details, scale: .scene, lower: phone.id, upper: picture.id,
        width: 2)
    ])
    try study.writeRegionsTable()
    try AtomicFile.write(
      "scene,attribute,image_a,image_b,criterion,batch\nA,details,\(picture.photo),phone.jpg,,\n",
      to: "\(study.folder)/pairs.csv")
    let traces = [
      "name": Data("dslr-of-P1".utf8), "picture": Data("a degraded face of P1".utf8),
    ]
    #expect(try FolderBytes.traces(of: traces, in: study.folder).count > 2)
    let report = try study.withdraw(person: "P1")
    #expect(report.photos.count == 2 && report.regions == 2)
    #expect(try study.photos().map(\.photo) == ["phone.jpg"])
    #expect(try study.lineages().isEmpty)
    #expect(try study.gaps(scene: "A", attribute: .details, scale: .scene).isEmpty)
    #expect(try FolderBytes.traces(of: traces, in: study.folder) == [])
    #expect(try study.verify().damage.isEmpty)
  }

  @Test func whatNoLongerFollowsItsSourceIsFoundAndWithdrawnAllTheSame() throws {
    let fixture = try prepared()
    // As if another program had written the row.
    try fixture.study.pool.write { db in
      try db.execute(
        sql: """
          DROP TRIGGER study_lineage_follows; DROP TRIGGER study_lineage_keeps;
          UPDATE study_photo SET person = 'P9' WHERE id IN (SELECT photo FROM study_lineage);
          """)
    }
    let damage = try fixture.study.verify().damage
    #expect(damage.count == 1 && damage[0].contains("dslr-of-P1.jpg_f2_s0.3_n16.png"), "\(damage)")
    try fixture.study.withdraw(person: "P1")
    #expect(
      try FolderBytes.traces(of: ["a degraded face of P1"], in: fixture.study.folder) == [])
    #expect(try fixture.study.photos().map(\.photo) == ["phone.jpg"])
  }
}
