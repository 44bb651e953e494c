import Domain
import Files
import Foundation
public import Scoring

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
  public var header: String? { self == .csv ? Self.row(ScoreRecord.columns) : nil }

  /// A record's line, without a line end.
  ///
  /// - Throws: `InputError` when JSON can't hold it.
  public func line(_ record: ScoreRecord) throws -> String {
    switch self {
    case .text: ScoreText.line(record)
    case .csv: Self.row(record.fields)
    case .jsonl: try CanonicalJSON.line(record)
    }
  }

  /// Writes a whole file, which appears only when it is complete.
  ///
  /// - Throws: `InputError` when it can't be written.
  public func write(_ records: [ScoreRecord], to path: String) throws {
    var lines = header.map { [$0] } ?? []
    for record in records { lines.append(try line(record)) }
    try AtomicFile.write(lines.map { $0 + "\n" }.joined(), to: path)
  }

  private static func row(_ fields: [String]) -> String {
    String(decoding: CSVWriter(columns: fields).bytes.dropLast(), as: UTF8.self)
  }
}
