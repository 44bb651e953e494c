public import Domain
import Files
import Foundation

/// The forms that scores are written in.
public enum ScoreFormat: String, Hashable, Sendable, CaseIterable {
  /// One line a photo, for people.
  case text
  /// A table with a header.
  case csv
  /// One JSON object a line.
  case jsonl

  /// The format of a file by its suffix; CSV for other suffixes.
  public init(file: String) {
    let name = file.lowercased()
    self = name.hasSuffix(".jsonl") || name.hasSuffix(".ndjson") ? .jsonl : .csv
  }

  /// The line before the first record, without a line end; nil for none.
  public var header: String? { self == .csv ? Self.row(Self.columns) : nil }

  /// A record's line, without a line end.
  ///
  /// - Throws: `InputError` when JSON can't hold it.
  public func line(_ record: PhotoScore) throws -> String {
    switch self {
    case .text: ScoreText.line(record)
    case .csv: Self.row(Self.fields(record))
    case .jsonl: try CanonicalJSON.line(record)
    }
  }

  /// Writes a whole file, which appears only when it is complete.
  ///
  /// - Throws: `InputError` when it can't be written.
  public func write(_ records: [PhotoScore], to path: String) throws {
    var lines = header.map { [$0] } ?? []
    for record in records { lines.append(try line(record)) }
    try AtomicFile.write(lines.map { $0 + "\n" }.joined(), to: path)
  }

  /// The columns of a table of scores; `scene` is a scene that somebody gave, never a predicted
  /// one.
  static let columns = [
    "photo", "model", "attribute", "score", "low", "high", "unit", "scene", "predicted_scene",
    "scene_probability", "crops", "spread", "novelty", "outside", "remark",
    "model_sha256",
  ]

  /// The fields of ``columns``; empty where there is nothing.
  static func fields(_ score: PhotoScore) -> [String] {
    func text(_ number: Double?) -> String { number.map { "\($0)" } ?? "" }
    let scene = score.scene
    let (given, predicted) = scene?.source == .given ? (scene, nil) : (nil, scene)
    return [
      score.photo, score.model, score.attribute.text, text(score.score), text(score.low),
      text(score.high), score.unit?.text ?? "", given?.name ?? "", predicted?.name ?? "",
      text(predicted?.probability), score.crops.map(String.init) ?? "", text(score.spread),
      text(score.novelty), score.isOutside.map { $0 ? "yes" : "no" } ?? "", score.remark ?? "",
      score.modelSHA256 ?? "",
    ]
  }

  private static func row(_ fields: [String]) -> String {
    String(decoding: CSVWriter(columns: fields).bytes.dropLast(), as: UTF8.self)
  }
}
