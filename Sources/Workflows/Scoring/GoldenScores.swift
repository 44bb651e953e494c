public import Domain
import Files
import Foundation
public import Preparation

/// Scores that were written once and must come out again, bit for bit, after the program was
/// updated.
///
/// A golden file is what `vernier score --out golden.jsonl` writes. Beside it lies its provenance,
/// which holds the SHA-256 of every photo and what else scores depend on.
public struct GoldenScores: Sendable {
  /// A score that did not come out as it was.
  public struct Difference: Hashable, Sendable {
    /// The photo as the golden file names it.
    public let photo: String
    /// What differs, in one line.
    public let reason: String
  }

  /// The golden file.
  public let path: String
  /// The scores.
  public let records: [PhotoScore]
  private let provenance: Provenance?

  /// Reads a golden file.
  ///
  /// - Throws: `InputError` when it can't be read or holds no scores.
  public init(_ path: String) throws(InputError) {
    self.path = path
    records = try JSONLines.read(PhotoScore.self, from: path)
    provenance = try Provenance.read(beside: path)
    guard !records.isEmpty else {
      throw InputError(
        path, "holds no scores", remedy: "write it with vernier score PHOTO… --out \(path)")
    }
  }

  /// Scores every photo again and compares all that was written about it.
  ///
  /// - Parameters:
  ///   - pool: the model as this program has it.
  ///   - region: what to look at.
  ///   - onEvent: called after every photo with what differs, if anything.
  /// - Returns: the photos whose scores differ.
  /// - Throws: `InputError` when the golden file was made by another model or with other options:
  ///   then nothing can be told.
  public func verify(
    with pool: ScoringPool, region: RegionChoice, onEvent: (Difference?) -> Void = { _ in }
  ) async throws -> [Difference] {
    try await pool.withScorer { scorer in
      try checkModel(scorer)
      try checkSettings(of: scorer, region)
    }
    var differences: [Difference] = []
    let check = { @Sendable (scorer: any PhotoScorer, index: Int) -> String? in
      reason(records[index], scorer, region)
    }
    try await pool.inOrder(records.count, check) { index, reason in
      let difference = try reason.get().map {
        Difference(photo: records[index].photo, reason: $0)
      }
      if let difference { differences.append(difference) }
      onEvent(difference)
    }
    return differences
  }

  /// What differs about one photo; nil for nothing.
  private func reason(
    _ golden: PhotoScore, _ scorer: any PhotoScorer, _ region: RegionChoice
  ) -> String? {
    let photo = place(of: golden.photo)
    do {
      if let known = provenance?.inputs[golden.photo], try FileDigest.sha256(photo) != known {
        return "the photo is another one (its SHA-256 differs)"
      }
      let scene = golden.scene.flatMap { $0.source == .given ? $0.name : nil }
      var found = try scorer.score(
        PhotoRequest(photo: photo, scene: scene), region: region, wantsMap: false
      ).score
      // Names are those of folders, which may be others now.
      (found.photo, found.model) = (golden.photo, golden.model)
      return found == golden ? nil : "was \(text(golden)), is \(text(found))"
    } catch {
      return (error as? InputError)?.markedText ?? "\(error)"
    }
  }

  /// A photo's path as the golden file gives it, else from the golden file's folder.
  private func place(of photo: String) -> String {
    let files = FileManager.default
    guard !photo.hasPrefix("/"), !files.fileExists(atPath: photo) else { return photo }
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    let beside = "\(folder)/\(photo)"
    return files.fileExists(atPath: beside) ? beside : photo
  }

  /// Refuses another model than that of the golden file.
  private func checkModel(_ scorer: any PhotoScorer) throws {
    guard let now = try scorer.modelSHA256 else { return }
    for golden in Set(records.map(\.modelSHA256)) where golden != now {
      throw InputError(
        path,
        golden.map {
          "was made by another model (SHA-256 \($0.prefix(12))…, now \(now.prefix(12))…)"
        } ?? "does not say which model made it",
        remedy: "give that model with \(Setting("model")), or write the file anew")
    }
  }

  /// Refuses other options than those of the golden file, which would change scores for their own
  /// reasons.
  private func checkSettings(of scorer: any PhotoScorer, _ region: RegionChoice) throws {
    guard let provenance else { return }
    var now = try scorer.settings
    now["region"] = .text("\(region)")
    for name in ["crops", "small", "precision", "region", "reading"] {
      let (golden, own) = (provenance.settings[name], now[name])
      guard golden != own else { continue }
      throw InputError(
        path,
        "was made with \(name) «\(golden?.text ?? "the default")», not «\(own?.text ?? "the default")»",
        remedy: "give the same options")
    }
  }

  /// What a score says besides the photo's and the model's name.
  private func text(_ score: PhotoScore) -> String {
    var numbers = ["score \(score.score)"]
    for (name, value) in [("low", score.low), ("high", score.high), ("spread", score.spread)] {
      if let value { numbers.append("\(name) \(value)") }
    }
    if let novelty = score.novelty { numbers.append("novelty \(novelty)") }
    if let crops = score.crops { numbers.append("\(crops) crops") }
    if let remark = score.remark { numbers.append(remark) }
    return numbers.joined(separator: ", ")
  }
}
