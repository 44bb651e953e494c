import Domain
import Files
import Foundation
import Pixels
import Statistics
import Studies
import TestSupport

/// A study with one scene of phones and references, whose true qualities are known.
final class BridgeFixture {
  let scratch: Scratch
  let study: StudyStore
  /// The true qualities in JOD, by photo; pictures of a bridge get theirs from ``judge(losing:)``.
  var truth: [PhotoID: Double] = [:]
  private var votes: [Judgement] = []

  /// Phones every half JOD from 0 to 2, and references at the given qualities.
  init(references: [Double] = [6], cutsReferences: Bool = true) throws {
    scratch = try Scratch()
    study = try StudyStore.create(scratch.file("study"), name: "Bridge")
    for number in 0...4 { try take(PhotoID("phone\(number).png"), 0.5 * Double(number), nil) }
    for (number, quality) in references.enumerated() {
      try take(PhotoID("dslr\(number).png"), quality, "P1", isCut: cutsReferences)
    }
    try study.writeRegionsTable()
  }

  /// Adds photos without references in another scene.
  func take(_ qualities: [PhotoID: Double], in scene: SceneID) throws {
    for (photo, quality) in qualities.sorted(by: { $0.key < $1.key }) {
      try take(photo, quality, nil, scene: scene)
    }
    try study.writeRegionsTable()
  }

  private func take(
    _ photo: PhotoID, _ quality: Double, _ reference: String?, isCut: Bool = true,
    scene: SceneID = "A"
  ) throws {
    if scene == "A" { truth[photo] = quality }
    let image = Self.texture(seed: SeededGenerator.hash(photo.text))
    let file = scratch.file("photo.png")
    try image.write(to: file, as: .png())
    let staged = try study.files.stage(file)
    defer { study.files.discard(staged) }
    var data = PhotoMetadata()
    (data.person, data.consent) = (reference ?? "P-\(photo)", .given)
    data.isReference = reference != nil
    _ = try study.take(
      StudyCandidate(path: file, scene: scene, photo: photo, metadata: data),
      PhotoFacts(
        sha256: staged.sha256, byteCount: staged.byteCount, format: "png",
        widthPixels: image.widthPixels, heightPixels: image.heightPixels), staged: staged)
    guard isCut else { return }
    let row = try study.photos().first { $0.photo == photo }?.id ?? 0
    // The region is the photo turned dark, so that the two can be told apart.
    var region = image
    for index in region.samples.indices { region.samples[index] /= 2 }
    let bytes = try region.encoded(as: .png())
    try study.keep([
      StudyRegion(
        photo: row, attribute: .details, sha256: study.files.insert(bytes),
        byteCount: bytes.count, widthPixels: image.widthPixels,
        heightPixels: image.heightPixels, origin: .rule, settings: "test")
    ])
  }

  private static func texture(seed: UInt64) -> RasterImage {
    var random = SeededGenerator(seed: seed)
    var image = RasterImage(widthPixels: 64, heightPixels: 48, red: 0, green: 0, blue: 0)
    for index in image.samples.indices { image.samples[index] = UInt8(random.index(below: 256)) }
    return image
  }

  /// The scale as a score file says it, without errors of chance.
  func scores(
    deviation: Double = 0.1, also extra: [PhotoID: Double] = [:], without: Set<PhotoID> = []
  ) throws -> String {
    let photos = truth.merging(extra) { $1 }.filter { !without.contains($0.key) }
      .sorted { $0.key < $1.key }
    let path = scratch.file("Scores_Details.csv")
    let scale = SceneScale(
      scene: "A", attribute: .details, convention: .jod,
      photos: photos.map { photo, quality in
        ScaledPhoto(
          photo: photo, scene: "A", score: quality, standardDeviation: deviation,
          interval: ConfidenceInterval(low: quality - 2 * deviation, high: quality + 2 * deviation),
          comparisons: 100)
      })
    try ScoresFile.write([scale], to: path)
    return path
  }

  // Every pair of photos within 3.5 JOD is judged by 20 simulated observers; one that was judged
  // before, not again. `loss` is the true loss of a picture's recipe.
  func judge(losing loss: (DegradationRecipe) -> Double = { _ in 0 }) throws -> [Judgement] {
    let photos = try study.photos()
    let byID = Dictionary(uniqueKeysWithValues: photos.map { ($0.id, $0) })
    for lineage in try study.lineages().values {
      guard let photo = byID[lineage.photo], let source = byID[lineage.source] else { continue }
      truth[photo.photo] = (truth[source.photo] ?? 0) - loss(lineage.recipe)
    }
    let known = Set(votes.map { NamePair($0.photoA, $0.photoB) })
    let order = truth.sorted { ($0.value, $0.key) < ($1.value, $1.key) }
    for (place, one) in order.enumerated() {
      for (distance, other) in order.dropFirst(place + 1).enumerated() {
        let pair = NamePair(one.key, other.key)
        // The next one always, so that all photos hang together.
        guard distance == 0 || other.value - one.value < 3.5, !known.contains(pair) else {
          continue
        }
        var random = SeededGenerator(seed: 5).stream(named: "\(pair.first) \(pair.second)")
        for observer in 0..<20 {
          let noise = JOD.differenceSigma * random.normal()
          votes.append(
            Judgement(
              observer: ObserverID("O\(observer)"), scene: "A", attribute: .details,
              photoA: one.key, photoB: other.key,
              choice: one.value - other.value + noise > 0 ? .a : .b))
        }
      }
    }
    return votes
  }
}
