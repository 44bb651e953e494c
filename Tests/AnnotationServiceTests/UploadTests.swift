import AnnotationService
import Domain
import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import NIOCore
import Pixels
import Studies
import StudyImportWorkflow
import TestSupport
import Testing

/// Photos that the owner's browser sends get into the study as `study add` takes them.
@Suite struct UploadTests {
  static let address = "/api/v1/admin/photos"

  /// Two scenes with two photos each, a broken photo, a text file and a file without a scene.
  private func folder(in scratch: Scratch) throws -> String {
    let root = scratch.file("Trip")
    for (index, place) in ["B/1.png", "A/2.png", "A/10.png", "B/é ü+&=.png"].enumerated() {
      let path = "\(root)/\(place)"
      try FileManager.default.createDirectory(
        atPath: (path as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
      var image = RasterImage(widthPixels: 320, heightPixels: 240, red: 90, green: 90, blue: 90)
      image.samples[index] = 200
      try image.write(to: path, as: .png())
    }
    try Data("GIF89a is not a PNG".utf8).write(to: URL(fileURLWithPath: "\(root)/B/broken.png"))
    try Data("a note".utf8).write(to: URL(fileURLWithPath: "\(root)/B/note.txt"))
    try Data("lost".utf8).write(to: URL(fileURLWithPath: "\(root)/lost.png"))
    return root
  }

  /// The files of a folder as a browser names them, in no order of ours.
  private func dropped(_ root: String) throws -> [(path: String, bytes: Data)] {
    let name = (root as NSString).lastPathComponent
    let all = try FileManager.default.subpathsOfDirectory(atPath: root).sorted { $0 > $1 }
    return try all.compactMap { path in
      var isFolder: ObjCBool = false
      let full = "\(root)/\(path)"
      guard FileManager.default.fileExists(atPath: full, isDirectory: &isFolder),
        !isFolder.boolValue
      else { return nil }
      return ("\(name)/\(path)", try Data(contentsOf: URL(fileURLWithPath: full)))
    }
  }

  /// Every row of the photos, column by column.
  private func rows(_ study: StudyStore) throws -> [String] {
    try study.pool.read { db in
      try Row.fetchAll(db, sql: "SELECT * FROM study_photo ORDER BY id").map { "\($0)" }
    }
  }

  private func unfinished(_ lab: Laboratory) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: lab.folder + "/.incoming")) ?? []
  }

  struct Sender: Sendable {
    let visitor: Visitor

    static func enter(_ client: any TestClientProtocol, _ lab: Laboratory) async throws -> Sender {
      let token = try lab.study.invite(isOwner: true).token
      return Sender(visitor: try await Visitor.enter(client, token, page: "/owner"))
    }

    func plan(
      _ files: [(path: String, bytes: Data)], scene: String = "",
      manifest: (path: String, text: String)? = nil
    ) async throws -> TestResponse {
      var wish: [String: Any] = [
        "files": files.map { ["path": $0.path, "bytes": $0.bytes.count] as [String: Any] },
        "scene": scene,
      ]
      if let manifest { wish["manifest"] = ["path": manifest.path, "text": manifest.text] }
      let body = try JSONSerialization.data(withJSONObject: wish)
      return try await visitor.send(
        .post, UploadTests.address + "/plan", String(decoding: body, as: UTF8.self))
    }

    func put(_ plan: String, _ place: Int, _ bytes: Data) async throws -> TestResponse {
      try await visitor.client.execute(
        uri: "\(UploadTests.address)/\(plan)/\(place)", method: .put,
        headers: [
          .cookie: visitor.cookie, .contentType: "application/octet-stream",
          .origin: "http://localhost", Visitor.csrfHeader: visitor.csrf,
        ], body: ByteBuffer(bytes: bytes))
    }

    /// Does what the page does; gives every line of refusal and the outcomes.
    func all(
      _ files: [(path: String, bytes: Data)], manifest: (path: String, text: String)? = nil
    ) async throws -> (refused: [String], outcomes: [String]) {
      let plan = parsed(try await plan(files, manifest: manifest))
      var refused = plan["refused"] as? [String] ?? []
      var outcomes: [String] = []
      let id = plan["plan"] as? String ?? ""
      for (place, item) in (plan["items"] as? [[String: Any]] ?? []).enumerated() {
        let bytes = files[item["file"] as? Int ?? 0].bytes
        var answer: TestResponse
        if let sha256 = item["sha256"] as? String {
          answer = try await visitor.send(
            .post, "\(UploadTests.address)/\(id)/\(place)/known", #"{"sha256":"\#(sha256)"}"#)
        } else {
          answer = try await put(id, place, bytes)
        }
        let result = parsed(answer)
        outcomes.append(result["outcome"] as? String ?? "\(answer.status)")
        if let line = result["line"] as? String { refused.append(line) }
      }
      return (refused, outcomes)
    }

    func parsed(_ answer: TestResponse) -> [String: Any] {
      let value = try? JSONSerialization.jsonObject(with: Data(answer.body.readableBytesView))
      return value as? [String: Any] ?? [:]
    }
  }

  @Test func aFolderComesInAsStudyAddTakesIt() async throws {
    let scratch = try Scratch()
    let root = try folder(in: scratch)
    let reference = try StudyStore.create(scratch.file("reference"), name: "Reference")
    let report = try StudyImport.run(SceneFolders.list(root), into: reference)
    #expect(report.added == 4 && report.refused.count == 2 && report.leftAlone.count == 1)
    let lab = try Laboratory(photos: 0)
    let files = try dropped(root)
    try await lab.test { client in
      let sender = try await Sender.enter(client, lab)
      let (refused, outcomes) = try await sender.all(files)
      #expect(outcomes.sorted() == ["added", "added", "added", "added", "passed", "refused"])
      // The importer's own lines, with the names that the owner knows.
      #expect(refused.count == 2)
      #expect(refused.contains { $0.hasPrefix("Trip/lost.png: lies beside the scenes' folders") })
      let own = report.refused.first { $0.contains("broken.png") }?
        .replacingOccurrences(of: root, with: "Trip")
      #expect(own != nil && refused.contains { $0 == own })
      #expect(try rows(lab.study.store) == rows(reference))
      #expect(try lab.study.store.files.content() == reference.files.content())
      #expect(unfinished(lab).isEmpty)
      // Once more: nothing is sent, nothing is new.
      #expect(try await sender.all(files).outcomes.filter { $0 == "known" }.count == 4)
      #expect(try rows(lab.study.store) == rows(reference))
      let page = String(buffer: try await sender.visitor.send(.get, "/owner/photos").body)
      #expect(page.contains("vernier study regions") && page.contains("name=A\">A</a>"))
      let trail = try await lab.study.pool.read { db in
        try String.fetchAll(
          db, sql: "SELECT detail FROM annotation_audit WHERE action = 'photo-import'")
      }
      #expect(trail.contains(#"{"files":"7","photos":"6","refused":"1"}"#))
      #expect(trail.filter { $0 == #"{"outcome":"added"}"# }.count == 4)
    }
    #expect(try lab.study.verify() == [])
  }

  @Test func aManifestIsReadAsStudyAddReadsIt() async throws {
    let scratch = try Scratch()
    let root = try folder(in: scratch)
    let text = """
      image,scene,name,device,person,note
      A/10.png,Garden,first.png,Phone 1,P1,x
      ./B/../B/1.png,Garden,,Phone 2,,
      A/2.png,,third.png,,,
      A/none.png,Garden,,,,

      """
    try Data(text.utf8).write(to: URL(fileURLWithPath: root + "/list.csv"))
    let reference = try StudyStore.create(scratch.file("reference"), name: "Reference")
    let report = try StudyImport.run(StudyManifest.read(root + "/list.csv"), into: reference)
    #expect(report.added == 2 && report.refused.count == 2)
    let lab = try Laboratory(photos: 0)
    let files = try dropped(root).filter { !$0.path.hasSuffix(".csv") }
    try await lab.test { client in
      let sender = try await Sender.enter(client, lab)
      let (refused, outcomes) = try await sender.all(files, manifest: ("Trip/list.csv", text))
      #expect(outcomes == ["added", "added"])
      #expect(refused.count == 2)
      #expect(refused.contains { $0.hasPrefix("Trip/list.csv, row 4") })
      #expect(refused.contains { $0.hasPrefix("Trip/A/none.png: is named by the manifest") })
      #expect(try rows(lab.study.store) == rows(reference))
      // A changed manifest needs no photo a second time.
      let changed = text.replacingOccurrences(of: "Phone 2", with: "Phone 3")
      let again = try await sender.all(files, manifest: ("Trip/list.csv", changed))
      #expect(again.outcomes == ["known", "updated"])
      #expect(try lab.study.store.photos().map(\.metadata.device) == ["Phone 3", "Phone 1"])
      // Paths out of the folder, and a list that is none.
      for image in ["../../etc/passwd", "/etc/passwd", "A/../../x.png"] {
        let away = "image,scene\n\(image),Garden\n"
        let answer = try await sender.plan(files, manifest: ("Trip/list.csv", away))
        let plan = sender.parsed(answer)
        #expect((plan["items"] as? [Any])?.isEmpty == true, "\(image)")
        #expect((plan["refused"] as? [String])?.count == 1, "\(image)")
      }
      let none = try await sender.plan(files, manifest: ("Trip/list.csv", "a,b\n1,2\n"))
      #expect(none.status.code == 422)
      #expect(String(buffer: none.body).contains("image"))
    }
  }

  @Test func noNameLeadsAnywhere() async throws {
    let lab = try Laboratory(photos: 0)
    let bad = [
      "../A/1.png", "A/../../1.png", "/etc/passwd", "A/./1.png", "A//1.png", "", "A/", "A/\0.png",
      "A/.hidden.png", ".ssh/key.png", "A/\u{1B}[31m.png", "A/line\nbreak.png", "A\\..\\1.png",
      "A/" + String(repeating: "x", count: 256) + ".png", "T/A/B/1.png",
      String(repeating: "a/", count: 3000) + "1.png",
    ]
    try await lab.test { client in
      let sender = try await Sender.enter(client, lab)
      let before = try FileManager.default.subpathsOfDirectory(atPath: lab.folder).sorted()
      for path in bad {
        let plan = sender.parsed(try await sender.plan([(path, Data([1]))]))
        #expect((plan["items"] as? [Any])?.isEmpty == true, "\(path.debugDescription)")
        let lines = plan["refused"] as? [String] ?? []
        #expect(lines.count == 1, "\(path.debugDescription)")
        let isOneLine = lines.allSatisfy { line in
          line.utf8.count < 800 && line.unicodeScalars.allSatisfy { $0.value >= 0x20 }
        }
        #expect(isOneLine, "\(lines)")
      }
      for scene in ["..", "a/b", ".x", "x\u{7}"] {
        let plan = sender.parsed(try await sender.plan([("A/1.png", Data([1]))], scene: scene))
        #expect((plan["items"] as? [Any])?.isEmpty == true, "\(scene)")
      }
      #expect(try FileManager.default.subpathsOfDirectory(atPath: lab.folder).sorted() == before)
    }
  }

  @Test func onlyTheOwnersPageMaySendAndOnlySoMuch() async throws {
    let scratch = try Scratch()
    let files = try dropped(folder(in: scratch))
    let lab = try Laboratory(photos: 2)
    let observer = try lab.study.invite().token
    try await lab.test { client in
      let sender = try await Sender.enter(client, lab)
      let plan = sender.parsed(try await sender.plan(files))["plan"] as? String ?? ""
      let place = "\(Self.address)/\(plan)/0"
      // Others.
      #expect(try await client.execute(uri: place, method: .put).status == .forbidden)
      let nobody = try await client.execute(
        uri: place, method: .put, headers: [.origin: "http://localhost"])
      #expect(nobody.status == .unauthorized)
      let other = Sender(visitor: try await Visitor.enter(client, observer))
      #expect(try await other.put(plan, 0, Data([1])).status == .forbidden)
      #expect(try await other.plan(files).status == .forbidden)
      var stranger = sender.visitor
      stranger.origin = "http://evil.example"
      #expect(try await stranger.send(.put, place, "x").status == .forbidden)
      let noToken = try await client.execute(
        uri: place, method: .put,
        headers: [.cookie: sender.visitor.cookie, .origin: "http://localhost"])
      #expect(noToken.status == .forbidden)
      // Wrong kinds, places and sizes.
      #expect(try await sender.visitor.send(.put, place, "{}").status == .unsupportedMediaType)
      for wrong in ["\(plan)/99", "\(plan)/-1", "\(plan)/x", "none/0", "..%2F..%2Fetc/0"] {
        let answer = try await sender.visitor.send(
          .put, "\(Self.address)/\(wrong)", "x", headers: [.contentType: "application/octet-stream"]
        )
        #expect(answer.status == .notFound, "\(wrong)")
      }
      for size in [0, 3, 5_000_000] {
        let answer = try await sender.put(plan, 0, Data(count: size))
        #expect(sender.parsed(answer)["outcome"] as? String == "refused", "\(size)")
      }
      let large = try await sender.visitor.send(
        .post, Self.address + "/plan", String(repeating: "x", count: 9 << 20))
      #expect(large.status == .contentTooLarge)
      #expect(String(buffer: large.body).contains("8 MB"))
      let many = (0...10_000).map { (path: "A/\($0).png", bytes: Data()) }
      let refused = try await sender.plan(many)
      #expect(refused.status == .contentTooLarge)
      #expect(String(buffer: refused.body).contains("at most 10000"))
      #expect(try lab.study.store.photos().isEmpty)
      #expect(unfinished(lab).isEmpty)
    }
  }

  @Test func aRestartForgetsListsAndRemovesParts() async throws {
    let scratch = try Scratch()
    let files = try dropped(folder(in: scratch)).filter { $0.path.contains("/A/") }
    let lab = try Laboratory(photos: 0)
    let owner = try lab.study.invite(isOwner: true).token
    try await lab.test { client in
      let sender = Sender(visitor: try await Visitor.enter(client, owner, page: "/owner"))
      let plan = sender.parsed(try await sender.plan(files))["plan"] as? String ?? ""
      let second = try #require(files.first { $0.path.hasSuffix("10.png") })
      let first = sender.parsed(try await sender.put(plan, 0, second.bytes))
      #expect(first["outcome"] as? String == "added")
    }
    let part = lab.folder + "/.incoming/abc.part"
    try Data("half".utf8).write(to: URL(fileURLWithPath: part))
    try await lab.test { client in
      #expect(unfinished(lab).isEmpty)
      let sender = try await Sender.enter(client, lab)
      let items = sender.parsed(try await sender.plan(files))["items"] as? [[String: Any]] ?? []
      #expect(items.map { $0["sha256"] is String } == [true, false])
      #expect(try await sender.put("forgotten", 1, Data([1])).status == .notFound)
      #expect(try await sender.all(files).outcomes == ["known", "added"])
    }
    #expect(try lab.study.store.photos().count == 2)
  }

  @Test func aCommandThatChangesTheStudyIsWaitedFor() async throws {
    let scratch = try Scratch()
    let files = try dropped(folder(in: scratch)).filter { $0.path.contains("/A/") }
    let lab = try Laboratory(photos: 0)
    try await lab.test { client in
      let sender = try await Sender.enter(client, lab)
      let plan = sender.parsed(try await sender.plan(files))["plan"] as? String ?? ""
      let first = try #require(files.first { $0.path.hasSuffix("10.png") })
      let lock = try StudyLock(lab.study.store)
      let busy = try await sender.put(plan, 0, first.bytes)
      withExtendedLifetime(lock) {}
      #expect(busy.status.code == 423)
      #expect(String(buffer: busy.body).contains("another vernier is changing this study"))
    }
    #expect(unfinished(lab).isEmpty)
  }

  @Test func sceneAndDeviceChangeWhereNothingRestsOnThem() async throws {
    let scratch = try Scratch()
    let root = try folder(in: scratch)
    let files = try dropped(root).filter { $0.path.contains("/A/") || $0.path.contains("/1.png") }
    let lab = try Laboratory(photos: 0)
    try await lab.test { client in
      let sender = try await Sender.enter(client, lab)
      let text = "image,scene,person\nA/2.png,A,P2\nA/10.png,A,\nB/1.png,B,\n"
      _ = try await sender.all(files, manifest: ("Trip/list.csv", text))
      let photos = try lab.study.store.photos()
      #expect(photos.map { "\($0.scene)/\($0.photo)" } == ["A/10.png", "A/2.png", "B/1.png"])
      let (free, person) = (photos[0], photos[1])
      @Sendable func change(_ id: Int64, _ fields: String) async throws -> TestResponse {
        try await client.execute(
          uri: "/owner/photos/\(id)", method: .post,
          headers: [
            .cookie: sender.visitor.cookie, .origin: "http://localhost",
            .contentType: "application/x-www-form-urlencoded",
          ], body: ByteBuffer(string: "csrf=\(sender.visitor.csrf)&before=A&" + fields))
      }
      // A small picture, asked for again each time.
      let picture = "/owner/photos/\(person.id)/thumbnail"
      let answer = try await sender.visitor.send(.get, picture)
      #expect(answer.status == .ok && answer.headers[.contentType] == "image/jpeg")
      let header = try RasterImage.probe(
        bytes: Array(answer.body.readableBytesView), name: "thumbnail")
      #expect(max(header.widthPixels, header.heightPixels) == 192)
      let tag = try #require(answer.headers[.eTag])
      let again = try await sender.visitor.send(.get, picture, headers: [.ifNoneMatch: tag])
      #expect(again.status == .notModified)
      #expect(try await client.execute(uri: picture, method: .get).status == .unauthorized)
      // Scene and device.
      #expect(try await change(free.id, "scene=Garden+2&device=Phone+9").status == .seeOther)
      let moved = try #require(try lab.study.store.photos().first { $0.id == free.id })
      #expect(moved.scene == "Garden 2" && moved.metadata.device == "Phone 9")
      for bad in ["scene=..&device=", "scene=&device=", "scene=a%2Fb&device=", "scene=%00&device="]
      {
        let page = String(buffer: try await change(free.id, bad).body)
        #expect(page.contains("role=\"alert\""), "\(bad)")
      }
      #expect(try await change(free.id, "csrf=x&scene=B&device=").status == .forbidden)
      // Observers judge a photo: its scene is fixed, its device is not.
      try await lab.study.pool.write { db in
        try db.execute(
          sql: "INSERT INTO annotation_image (scene, photo) VALUES ('B', '1.png')")
      }
      let judged = photos[2].id
      let refused = String(buffer: try await change(judged, "scene=C&device=").body)
      #expect(refused.contains("observers judge it in its scene"))
      #expect(try await change(judged, "scene=B&device=Phone+1").status == .seeOther)
      let list = String(
        buffer: try await sender.visitor.send(.get, "/owner/photos/scene?name=B").body)
      #expect(list.contains("The scene is fixed") && list.contains("readonly"))
      let trail = try await lab.study.pool.read { db in
        try String.fetchAll(
          db, sql: "SELECT detail FROM annotation_audit WHERE action = 'photo-change'")
      }
      #expect(trail.first == #"{"changed":"scene device","photo":"\#(free.id)"}"#)
      #expect(trail.count == 2)
      // A withdrawn photo is gone from here at once.
      try lab.study.withdraw(person: "P2")
      let gone = try await sender.visitor.send(.get, picture, headers: [.ifNoneMatch: tag])
      #expect(gone.status == .notFound)
      let refusedAgain = try await sender.all(files)
      #expect(refusedAgain.refused.contains { $0.contains("withdrew") })
    }
  }

  @Test func oneScenesFolderAndLooseFiles() {
    let files = ["S/b.png", "S/a.png", "S/10.png", "S/2.png"].map {
      DroppedFile(path: $0, byteCount: 1)
    }
    let list = DroppedFiles.list(files)
    #expect(list.items.map(\.candidate.photo) == ["10.png", "2.png", "a.png", "b.png"])
    #expect(list.items.allSatisfy { $0.candidate.scene == "S" && $0.candidate.path.isEmpty })
    #expect(list.items.map(\.file) == [2, 3, 1, 0])
    let loose = DroppedFiles.list([DroppedFile(path: "a.png", byteCount: 1)])
    #expect(loose.items.isEmpty && loose.refused.count == 1)
    let one = DroppedFiles.list([DroppedFile(path: "a.png", byteCount: 1)], scene: "Garden")
    #expect(one.items.map(\.candidate.scene) == ["Garden"])
  }
}
