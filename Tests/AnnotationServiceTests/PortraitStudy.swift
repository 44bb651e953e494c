import AnnotationService
import Domain
import Files
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Studies
import TestSupport
import Testing

/// A study with everything that can hold a person: originals, regions, faces, scores, lists, a
/// contact sheet and votes.
///
/// Photo `number` of the scene shows the person `Pnumber`; what is looked for is text that nothing
/// else holds.
final class PortraitStudy: Sendable {
  let folder: String
  let study: AnnotationStudy
  let clock = TestClock()

  init(photos: Int = 3) throws {
    folder = NSTemporaryDirectory() + "portraits-\(UUID().uuidString)"
    let store = try StudyStore.create(folder, name: "Portraits")
    for number in 0..<photos { try Self.add(number, to: store) }
    try store.writeRegionsTable()
    try store.keepSheet(folder + "/sheet.jpg")
    try Self.write("a sheet with portrait-content-0", to: folder + "/sheet.jpg")
    try Self.write(
      "scene,attribute,better,worse\r\nGarden,details,\(Self.photo(1)),\(Self.photo(0))\r\n"
        + "Garden,details,\(Self.photo(1)),\(Self.photo(2))\r\n", to: folder + "/golden.csv")
    try Self.write(
      "scene,attribute,image\n"
        + (0..<photos).map { "Garden,details,\(Self.photo($0))\n" }.joined(),
      to: folder + "/cross-set.csv")
    try Self.write(
      "IMAGE\npiq/Details/\(Self.photo(0))\npiq/Details/kept.png\n", to: folder + "/missing.csv")
    // What killed imports left: half a file, and a whole one without a row.
    try Self.write("half of portrait-content-0", to: store.files.folder + "/.vernier-1.tmp")
    _ = try store.files.insert(Array("a stray region-content-0".utf8))
    try store.close()
    var settings = AnnotationSettings()
    settings.gate = .off
    settings.trainingPairs = 0
    (settings.repeatShare, settings.goldenShare) = (0, 0)
    study = try AnnotationStudy.open(folder, settings: settings, clock: { [clock] in clock.now })
  }

  deinit {
    try? study.close()
    try? FileManager.default.removeItem(atPath: folder)
  }

  static func photo(_ number: Int) -> String { "secret-portrait-\(number).png" }

  private static func write(_ text: String, to path: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: path))
  }

  private static func add(_ number: Int, to store: StudyStore) throws {
    let source = store.folder + "/source"
    defer { try? FileManager.default.removeItem(atPath: source) }
    try Laboratory.picture("portrait-content-\(number)", bytes: 900)
      .write(to: URL(fileURLWithPath: source))
    var metadata = PhotoMetadata()
    metadata.person = "P\(number)"
    metadata.consent = .given
    metadata.device = "camera-of-\(number)"
    metadata.notes = ["remark": "remark-about-\(number)"]
    let staged = try store.files.stage(source)
    let place = StudyCandidate(
      path: source, scene: "Garden", photo: PhotoID(photo(number)), metadata: metadata)
    let facts = PhotoFacts(
      sha256: staged.sha256, byteCount: staged.byteCount, format: "png", widthPixels: 40,
      heightPixels: 30)
    _ = try store.take(place, facts, staged: staged)
    let row = try #require(try store.photos().first { $0.photo.text == photo(number) })
    let region = Array(Laboratory.picture("region-content-\(number)", bytes: 800))
    let sha256 = try store.files.insert(region)
    try store.keep([
      StudyRegion(
        photo: row.id, attribute: .details, sha256: sha256, byteCount: region.count,
        widthPixels: 40, heightPixels: 30, origin: .rule, settings: "test",
        record: "{\"note\":\"record-of-\(number)\"}")
    ])
    try store.keep(
      FoundFaces(faces: [], pass: "pass-of-\(number)"), sha256: staged.sha256, detector: "test")
  }

  func test(
    _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
  ) async throws {
    _ = try await study.addOwnLists()
    try await AnnotationServer.application(study, settings: Laboratory.generous)
      .test(.router, body)
  }

  /// One observer judges everything there is.
  func vote(_ client: any TestClientProtocol) async throws {
    let visitor = try await Visitor.enter(client, try study.invite().token)
    for _ in 0..<4 {
      guard let session = try? await visitor.begin() else { return }
      while let lease = try await visitor.leases(session).leases.first {
        _ = try await visitor.vote(lease.id)
      }
    }
  }

  /// Sends the form of the audit page.
  func withdraw(_ visitor: Visitor, _ person: String, typed: String) async throws -> TestResponse {
    let typed = typed.replacingOccurrences(of: " ", with: "+")
    return try await visitor.send(
      .post, "/owner/withdrawals", "person=\(person)&typed=\(typed)&csrf=\(visitor.csrf)",
      headers: [.contentType: "application/x-www-form-urlencoded"])
  }

  /// Where in the study's folder something of the first person is left.
  func traces() throws -> [String] { try Self.traces(in: folder) }

  static func traces(in folder: String) throws -> [String] {
    try FolderBytes.traces(
      of: [
        "portrait-content-0", "region-content-0", photo(0), "camera-of-0", "remark-about-0",
        "record-of-0", "pass-of-0",
      ], in: folder)
  }

  /// What must hold after the first person's withdrawal: nothing is left, everything else is.
  func expectWithdrawn() throws {
    let store = study.store
    #expect(try store.status().withdrawn == 1)
    #expect(try store.people() == ["P1", "P2"])
    let verified = try store.verify()
    #expect(verified.damage == [] && verified.notes == [] && verified.files == 4)
    // Nothing is left of which regions could be made, and nothing is taken again.
    #expect(try store.photos().map(\.photo.text) == [Self.photo(1), Self.photo(2)])
    let picture = folder + ".png"
    defer { try? FileManager.default.removeItem(atPath: picture) }
    try Laboratory.picture("region-content-0", bytes: 800).write(to: URL(fileURLWithPath: picture))
    let region = AnnotationRegion(
      scene: "Elsewhere", photo: "other.png", attribute: .overall, file: picture)
    #expect(try study.add([region]).refused.count == 1)
    let copy = folder + "-copy"
    defer { try? FileManager.default.removeItem(atPath: copy) }
    #expect(try store.backUp(to: copy) == 4)
    #expect(try Self.traces(in: copy) == [])
    let golden = try String(contentsOfFile: folder + "/golden.csv", encoding: .utf8)
    #expect(
      golden == "scene,attribute,better,worse\r\n"
        + "Garden,details,\(Self.photo(1)),\(Self.photo(2))\r\n")
    let missing = try String(contentsOfFile: folder + "/missing.csv", encoding: .utf8)
    #expect(missing == "IMAGE\npiq/Details/kept.png\n")
    #expect(!FileManager.default.fileExists(atPath: folder + "/sheet.jpg"))
    // One pair is left in the scene and one across scenes; each was judged once.
    #expect(try study.judgements().count == 2)
  }
}
