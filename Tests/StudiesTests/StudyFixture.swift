import Domain
import Files
import Studies
import TestSupport

/// A study in a folder of its own, with photos that are only bytes.
struct StudyFixture {
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
