import Domain
import Files
import Foundation
import GRDB
import Hummingbird
import NIOConcurrencyHelpers
import NIOCore
import Pixels
import Studies
import StudyImportWorkflow

/// Photos that the owner's browser sends.
///
/// The browser first tells the names and sizes of what was dropped and gets a plan; what it sends
/// then is one place of the plan, so that no name of a file is in an address. The bytes of one file
/// stream into a file with a random name in the study's folder, and go through the import of
/// `vernier study add`, one after the other.
final class PhotoInbox: Sendable {
  /// Where the calls are.
  static let address = "/api/v1/admin/photos"
  /// The largest photo in bytes.
  static let fileLimit = 512 << 20
  /// The most files of one drop.
  static let countLimit = 10_000
  /// The largest list of names, with a manifest, in bytes.
  static let planLimit = 8 << 20

  /// One file of a plan.
  struct Planned: Sendable {
    let candidate: StudyCandidate
    let byteCount: Int
  }

  /// What became of a file.
  enum Outcome: Sendable {
    case added
    case known
    case updated
    /// Not a photo.
    case passed
    case refused(String)
  }

  /// Another program changes the study; the text says so.
  struct Busy: Error { let text: String }

  private let study: AnnotationStudy
  private let plans = NIOLockedValueBox<[(id: String, items: [Planned])]>([])
  /// Photos are decoded beside the requests of observers, one at a time.
  private let imports = DispatchQueue(label: "vernier.photos", qos: .utility)
  private let views = DispatchQueue(label: "vernier.thumbnails", qos: .utility)
  /// How long an import waits for a command that changes the study, in seconds.
  private let patience: Double

  init(_ study: AnnotationStudy, patience: Double = 3) {
    self.study = study
    self.patience = patience
  }

  private static func folder(_ study: AnnotationStudy) -> String { "\(study.folder)/.incoming" }

  /// Removes what a killed server had received in part; no other server may be running.
  static func clear(_ study: AnnotationStudy) {
    let folder = folder(study)
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    for name in names where name.hasSuffix(".part") { unlink("\(folder)/\(name)") }
  }

  /// Keeps a list for the files that follow; the newest eight are kept.
  func keep(_ items: [Planned]) -> String {
    let id = Token.random(bytes: 12)
    plans.withLockedValue { plans in
      plans.append((id, items))
      if plans.count > 8 { plans.removeFirst() }
    }
    return id
  }

  /// One file of a plan; nil when the plan is forgotten, as after a restart, or has no such file.
  func planned(_ plan: String, _ place: Int) -> Planned? {
    plans.withLockedValue { plans in
      guard let items = plans.first(where: { $0.id == plan })?.items,
        items.indices.contains(place)
      else { return nil }
      return items[place]
    }
  }

  /// Writes a body to a file of its own and takes that; no more than a chunk is ever in memory.
  ///
  /// - Throws: `InputError` when the file can't be written, `Busy` while another program changes the
  ///   study, and whatever the connection throws; the file is gone then.
  func receive(_ body: RequestBody, as planned: Planned, actor: String) async throws -> Outcome? {
    let folder = Self.folder(study)
    try AtomicFile.makeFolder(folder)
    let path = "\(folder)/\(String(UInt64.random(in: .min ... .max), radix: 16)).part"
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw FileFault.writing(folder, code: errno) }
    defer { unlink(path) }
    var count = 0
    do {
      defer { close(descriptor) }
      for try await part in body {
        count += part.readableBytes
        guard count <= planned.byteCount else { break }
        let fault = part.withUnsafeReadableBytes { AtomicFile.put($0, into: descriptor) }
        guard fault == 0 else { throw FileFault.writing(folder, code: fault) }
      }
    }
    guard count == planned.byteCount else {
      return .refused(
        InputError(
          planned.candidate.subject, "didn't arrive as it was announced: its size is another",
          remedy: "leave the file alone while it is sent, and send it again"
        ).description)
    }
    var candidate = planned.candidate
    candidate.path = path
    let list = candidate
    return try await change(actor) { store in
      var candidates = CandidateList()
      candidates.candidates = [list]
      return try StudyImport.run(candidates, into: store, threads: 1)
    }
  }

  /// Takes what a manifest says about a photo that the study has; nil when it has another content.
  func describe(_ planned: Planned, sha256: String, actor: String) async throws -> Outcome? {
    var candidate = planned.candidate
    candidate.path = candidate.subject
    let said = candidate
    return try await change(actor) { store in
      try StudyImport.describe(said, sha256: sha256, in: store)
    }
  }

  /// Corrects a photo's scene and device.
  ///
  /// - Throws: `InputError` when that can't be, `Busy` while another program changes the study.
  func correct(photo: Int64, scene: SceneID, device: String?, actor: String) async throws {
    let now = study.clock()
    try await holdingLock { store in
      let isChanged = try store.correct(
        photo: photo, scene: scene, device: device, actor: actor, at: now)
      if isChanged { try store.refreshRegionsTable() }
    }
  }

  /// Changes the study on the importer's queue, holding its lock; nil where there is nothing to
  /// change.
  private func change(
    _ actor: String, _ body: @escaping @Sendable (StudyStore) throws -> StudyImportReport?
  ) async throws -> Outcome? {
    let study = study
    return try await holdingLock { store in
      guard let report = try body(store) else { return nil }
      if report.updated > 0 { try store.refreshRegionsTable() }
      let outcome = Self.outcome(report)
      try study.pool.write { db in
        try AuditTrail.append(
          db, study.now, actor: actor, .photoImport, ["outcome": Self.name(outcome)])
      }
      return outcome
    }
  }

  /// Runs work on the importer's queue, holding the study's lock.
  ///
  /// - Throws: `Busy` while another program changes the study, and what the work throws.
  func holdingLock<Value: Sendable>(
    _ body: @escaping @Sendable (StudyStore) throws -> Value
  ) async throws -> Value {
    try await Self.work(on: imports) { [self] in
      let lock = try waitForLock()
      return try withExtendedLifetime(lock) { try body(study.store) }
    }
  }

  private func waitForLock() throws -> StudyLock {
    var waited = 0.0
    while true {
      do throws(InputError) {
        return try StudyLock(study.store)
      } catch {
        guard waited < patience else { throw Busy(text: error.description) }
      }
      Thread.sleep(forTimeInterval: 0.25)
      waited += 0.25
    }
  }

  private static func outcome(_ report: StudyImportReport) -> Outcome {
    if let line = report.refused.first { return .refused(line) }
    if report.added > 0 { return .added }
    if report.updated > 0 { return .updated }
    return report.known > 0 ? .known : .passed
  }

  /// The outcome's name for programs.
  static func name(_ outcome: Outcome) -> String {
    switch outcome {
    case .added: "added"
    case .known: "known"
    case .updated: "updated"
    case .passed: "passed"
    case .refused: "refused"
    }
  }

  /// A photo as a small JPEG, its longer side 192 pixels.
  func thumbnail(of sha256: String) async throws -> [UInt8] {
    let path = study.filePath(sha256)
    return try await Self.work(on: views) {
      try RasterImage.decodeShrunk(path, longSide: 192).image.encoded(as: .jpeg(quality: 80))
    }
  }

  /// A face with some of its surroundings as a small JPEG.
  func face(_ face: AnnotationStudy.ShownFace) async throws -> [UInt8] {
    let path = study.filePath(face.sha256)
    return try await Self.work(on: views) {
      let side = max(1, max(face.box.width, face.box.height))
      let long = Double(max(face.widthPixels, face.heightPixels))
      let image = try RasterImage.decodeShrunk(
        path, longSide: Int(min(long, long * 150 / side).rounded(.up))
      ).image
      let scale = Double(image.widthPixels) / Double(max(1, face.widthPixels))
      let around = PixelRectangle(
        x: Int((face.box.x + face.box.width / 2 - 0.8 * side) * scale),
        y: Int((face.box.y + face.box.height / 2 - 0.8 * side) * scale),
        width: Int(1.6 * side * scale), height: Int(1.6 * side * scale))
      let area = around.clipped(width: image.widthPixels, height: image.heightPixels)
      return try (area.flatMap { image.cropped(to: $0) } ?? image)
        .encoded(as: .jpeg(quality: 80))
    }
  }

  /// Runs slow work on a queue of its own, so that it holds up no connection.
  private static func work<Value: Sendable>(
    on queue: DispatchQueue, _ body: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result { try body() }) }
    }
  }
}

extension AnnotationStudy {
  /// The content that the study holds under each name, for plans.
  func contents() async throws -> [ScenePhoto: (sha256: String, bytes: Int)] {
    try await pool.read { db in
      let rows = try Row.fetchCursor(
        db, sql: "SELECT scene, name, sha256, bytes FROM study_photo WHERE sha256 IS NOT NULL")
      var found: [ScenePhoto: (sha256: String, bytes: Int)] = [:]
      while let row = try rows.next() {
        let photo = ScenePhoto(scene: SceneID(row["scene"]), photo: PhotoID(row["name"]))
        found[photo] = (row["sha256"], row["bytes"] ?? 0)
      }
      return found
    }
  }

  /// Writes down that photos were announced.
  func recordPlan(files: Int, photos: Int, refused: Int, actor: String) async throws {
    try await pool.write { db in
      try AuditTrail.append(
        db, self.now, actor: actor, .photoImport,
        ["files": "\(files)", "photos": "\(photos)", "refused": "\(refused)"])
    }
  }

  /// A scene's name and how many photos it has.
  func scenes() async throws -> [(name: String, photos: Int)] {
    try await pool.read { db in
      try Row.fetchAll(
        db, sql: "SELECT scene, count(*) AS photos FROM study_photo GROUP BY scene ORDER BY scene"
      ).map { (name: $0["scene"] as String, photos: $0["photos"] as Int) }
    }
  }

  /// A photo as its page shows it.
  struct ListedPhoto: Sendable {
    let id: Int64
    let name: String
    let device: String
    let facts: String
    let hasFile: Bool
    let binding: SceneBinding?
  }

  /// Some photos of a scene, ascending by name.
  func listed(scene: String, from start: Int, count: Int) async throws -> [ListedPhoto] {
    try await pool.read { db in
      try Row.fetchAll(
        db, sql: "SELECT * FROM study_photo WHERE scene = ? ORDER BY name LIMIT ? OFFSET ?",
        arguments: [scene, count, start]
      ).map { row in
        let (width, height): (Int?, Int?) = (row["width"], row["height"])
        let format: String = row["format"] ?? ""
        let size = width.flatMap { width in height.map { "\(width) × \($0)" } } ?? ""
        return ListedPhoto(
          id: row["id"], name: row["name"], device: row["device"] ?? "",
          facts: "\(size) \(format)".trimmingCharacters(in: .whitespaces),
          hasFile: row["sha256"] != nil, binding: try StudyStore.binding(db, photo: row["id"]))
      }
    }
  }

  /// A face of a proposal, as its page shows it.
  struct ShownFace: Sendable {
    let sha256: String
    let box: FaceBox
    let widthPixels: Int
    let heightPixels: Int
  }

  /// The face of a photo while a proposal holds it; nil when none does.
  func face(ofPhoto id: Int64) async throws -> ShownFace? {
    try await pool.read { db in
      try Row.fetchOne(
        db,
        sql: """
          SELECT f.*, p.sha256, p.width AS photo_width, p.height AS photo_height
          FROM study_face f JOIN study_photo p ON p.id = f.photo
          WHERE f.photo = ? AND p.sha256 IS NOT NULL
          """, arguments: [id]
      ).map { row in
        ShownFace(
          sha256: row["sha256"],
          box: FaceBox(
            x: row["x"], y: row["y"], width: row["width"], height: row["height"], score: 1),
          widthPixels: row["photo_width"] ?? 0, heightPixels: row["photo_height"] ?? 0)
      }
    }
  }

  /// The content of a photo; nil when the study has no such photo, or not any more.
  func content(ofPhoto id: Int64) async throws -> String? {
    try await pool.read { db in
      try String.fetchOne(db, sql: "SELECT sha256 FROM study_photo WHERE id = ?", arguments: [id])
    }
  }
}
