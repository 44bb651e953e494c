import Domain
import Files
import Foundation
import Pixels
import Statistics
import Studies
import TestSupport

/// A study on disk with two builds in some scenes, and its photos.
struct StudyCampaign {
  let scratch: Scratch
  let study: StudyStore
  /// The scenes.
  static let scenes = (0..<5).map { SceneID("S\($0)") }

  /// Makes the study; the photos of build 2.0 are blurred and darker.
  ///
  /// - Parameter consent: what the people on all photos answered.
  /// - Throws: an error when the study can't be made.
  init(consent: ConsentStatus? = .given) throws {
    scratch = try Scratch()
    study = try StudyStore.create(scratch.file("study"), name: "Builds")
    for (index, scene) in Self.scenes.enumerated() {
      for photo in ["a1.jpg", "a2.jpg", "b1.jpg", "b2.jpg"] {
        try take(
          scene, PhotoID(photo), photo.hasPrefix("a") ? "1.9" : "2.0",
          seed: 10 * index + (photo.contains("1") ? 1 : 2), consent)
      }
    }
  }

  private func take(
    _ scene: SceneID, _ photo: PhotoID, _ build: String, seed: Int, _ consent: ConsentStatus?
  ) throws {
    var image = Self.texture(seed: UInt64(seed))
    if build == "2.0" { image = Self.darker(image.blurred(sigmaPixels: 1.5)) }
    let file = scratch.file("photo.png")
    try image.write(to: file, as: .png())
    let staged = try study.files.stage(file)
    defer { study.files.discard(staged) }
    var metadata = PhotoMetadata()
    (metadata.notes, metadata.person) = (["build": build], "P\(scene)")
    metadata.consent = consent
    _ = try study.take(
      StudyCandidate(path: "\(scene)/\(photo)", scene: scene, photo: photo, metadata: metadata),
      PhotoFacts(
        sha256: staged.sha256, byteCount: staged.byteCount, format: "png",
        widthPixels: image.widthPixels, heightPixels: image.heightPixels), staged: staged)
  }

  private static func texture(seed: UInt64) -> RasterImage {
    var random = SeededGenerator(seed: seed)
    var image = RasterImage(widthPixels: 200, heightPixels: 160, red: 0, green: 0, blue: 0)
    for index in image.samples.indices {
      image.samples[index] = UInt8(60 + random.index(below: 130))
    }
    return image
  }

  private static func darker(_ image: RasterImage) -> RasterImage {
    var image = image
    for index in image.samples.indices { image.samples[index] /= 2 }
    return image
  }

  /// Writes votes of 12 observers, `share` of whom prefer build 2.0 in every scene.
  func votes(share: Int) throws -> String {
    var votes: [Judgement] = []
    for (index, scene) in Self.scenes.enumerated() {
      for observer in 0..<12 {
        for (a, b) in [("a1.jpg", "b1.jpg"), ("b2.jpg", "a2.jpg"), ("a1.jpg", "b2.jpg")] {
          let candidateWins = (observer + 5 * index) % 12 < share
          votes.append(
            Judgement(
              observer: ObserverID("o\(observer)"), scene: scene, attribute: .details,
              photoA: PhotoID(a), photoB: PhotoID(b),
              choice: candidateWins == b.hasPrefix("b") ? .b : .a))
        }
        votes.append(
          Judgement(
            observer: ObserverID("o\(observer)"), scene: scene, attribute: .details,
            photoA: "a1.jpg", photoB: "a2.jpg", choice: observer.isMultiple(of: 2) ? .a : .b))
      }
    }
    let path = scratch.file("votes.csv")
    try VotesFile.write(votes, to: path)
    return path
  }

  /// Writes scores of one build, or of both, as a model gives them.
  func scores(
    _ builds: [String], model: String, to name: String, better: Double = 1
  ) throws -> String {
    var table = CSVWriter(columns: [
      "photo", "model", "attribute", "score", "low", "high", "unit", "model_sha256",
    ])
    for (index, scene) in Self.scenes.enumerated() {
      for photo in ["a1.jpg", "a2.jpg", "b1.jpg", "b2.jpg"] {
        let isNew = photo.hasPrefix("b")
        guard builds.contains(isNew ? "2.0" : "1.9") else { continue }
        let score = Double(index) + (isNew ? better : 0) + (photo.contains("1") ? 0.1 : 0)
        table.append([
          "in/\(scene)/\(photo)", "m", "details", "\(score)", "\(score - 0.1)", "\(score + 0.1)",
          "JOD", model,
        ])
      }
    }
    try table.write(to: scratch.file(name))
    return scratch.file(name)
  }
}
