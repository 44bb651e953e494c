import Domain
import Files
import Foundation
import Studies
import TestSupport
import Testing

/// Photos are used only for what the portrayed people agreed to.
@Suite struct ConsentTests {
  /// A study of four photos: full consent, consent for annotation, pending, unknown.
  private func study() throws -> StudyFixture {
    let fixture = try StudyFixture()
    try fixture.take("S", "all.jpg") { $0.consent = .given }
    try fixture.take("S", "annotation.jpg") {
      $0.consent = .given
      $0.purposes = [.annotation]
    }
    try fixture.take("S", "pending.jpg") { $0.consent = .pending }
    try fixture.take("T", "unknown.jpg")
    return fixture
  }

  @Test func eachPurposeIsItsOwn() throws {
    let fixture = try study()
    func names(_ purpose: ConsentPurpose) throws -> [String] {
      try fixture.study.unconfirmed(for: purpose).map(\.place.photo.text)
    }
    #expect(try names(.annotation) == ["pending.jpg", "unknown.jpg"])
    #expect(try names(.training) == ["annotation.jpg", "pending.jpg", "unknown.jpg"])
    #expect(try names(.publication) == names(.training))
    let reasons = try fixture.study.unconfirmed(for: .training).map(\.reason)
    #expect(
      reasons == [
        "the consent does not cover training", "the consent is pending", "the consent is unknown",
      ])
  }

  @Test func anExportLeavesOutAndLists() throws {
    let fixture = try study()
    let out = fixture.scratch.file("out")
    let report = try fixture.study.exportManifest(to: out)
    #expect(report.pictures == 1 && report.leftOut.count == 3)
    let rows = try CSVTable(path: "\(out)/left-out.csv").rows
    #expect(rows.count == 3)
    let terms = try String(contentsOfFile: "\(out)/TERMS-OF-USE.txt", encoding: .utf8)
    #expect(terms.contains("publication"))
    #expect(try fixture.study.consentExceptions().isEmpty)
    // What was left out doesn't stay from an earlier export.
    let all = try fixture.study.exportManifest(
      to: out, ExportPermission(exception: "they all signed on paper", terms: "Ours."))
    #expect(all.pictures == 4 && all.leftOut.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: "\(out)/left-out.csv"))
    #expect(try String(contentsOfFile: "\(out)/TERMS-OF-USE.txt", encoding: .utf8) == "Ours.")
    _ = try fixture.study.exportManifest(
      to: fixture.scratch.file("open"), ExportPermission(exception: "signed"))
    let open = try String(
      contentsOfFile: "\(fixture.scratch.file("open"))/TERMS-OF-USE.txt", encoding: .utf8)
    #expect(open.contains("For 3 of them no consent") && open.contains("signed"))
    let exceptions = try fixture.study.consentExceptions()
    #expect(exceptions.map(\.reason) == ["they all signed on paper", "signed"])
    #expect(exceptions.map(\.photos) == [3, 3] && Set(exceptions.map(\.purpose)) == [.publication])
  }

  @Test func anExceptionNeedsAReason() throws {
    let fixture = try study()
    #expect(
      message {
        _ = try fixture.study.exportManifest(
          to: fixture.scratch.file("out"), ExportPermission(exception: "  "))
      }?.contains("there is no reason") == true)
    #expect(try fixture.study.consentExceptions().isEmpty)
  }

  @Test func nothingIsExportedWithoutAnyConsent() throws {
    let fixture = try StudyFixture()
    try fixture.take("S", "a.jpg")
    let out = fixture.scratch.file("out")
    #expect(
      message { _ = try fixture.study.exportManifest(to: out) }?.contains(
        "no photo's consent covers")
        == true)
    #expect(!FileManager.default.fileExists(atPath: "\(out)/photos"))
  }

  @Test func publicTablesLoseWhatIsLeftOut() throws {
    let scratch = try Scratch()
    try PublicSample.write(to: scratch.file("piq"))
    let study = try StudyStore.create(scratch.file("study"))
    _ = try study.take(PIQLayout(scratch.file("piq")))
    for photo in try study.photos() where photo.photo != "1_Indoor_Scene_1.jpg" {
      var metadata = PhotoMetadata()
      metadata.consent = .given
      _ = try study.describe(
        StudyCandidate(path: "x", scene: photo.scene, photo: photo.photo, metadata: metadata),
        subject: "m.csv")
    }
    let report = try study.exportPIQ(to: scratch.file("out"))
    #expect(report.leftOut.map(\.place.photo) == ["1_Indoor_Scene_1.jpg"])
    for (name, bytes) in try PublicSample.tables(of: scratch.file("out"))
    where name != "left-out.csv" {
      let text = String(decoding: bytes, as: UTF8.self)
      #expect(!text.contains("1_Indoor_Scene_1.jpg"), "\(name)")
      #expect(text.contains("Indoor_Scene_12"), "\(name)")
      if name == "Scene Split.csv" { #expect(text.contains("Indoor_Scene_1,Train,2")) }
    }
  }

  @Test func aManifestKeepsThePurposes() throws {
    let fixture = try study()
    let out = fixture.scratch.file("out")
    _ = try fixture.study.exportManifest(to: out, ExportPermission(purpose: .annotation))
    let list = try StudyManifest.read("\(out)/manifest.csv")
    let purposes = list.candidates.map(\.metadata.purposes)
    #expect(purposes == [nil, [.annotation]])
    let wrong = try CSVTable(
      bytes: Array("image,scene,consent,purposes\na.jpg,S,given,annotation;fun\n".utf8),
      file: "m.csv")
    let refused = try StudyManifest.parse(wrong, folder: ".").refused
    #expect(refused.first?.problem.contains("is not a purpose") == true)
  }
}
