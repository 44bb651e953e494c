internal import Domain

/// The list of photos of the NTIRE portrait-quality challenge: `IMAGE,CLASS,CONDITION`, written back with `SCORE`.
///
/// Only `IMAGE` must be there. All other columns, the rows, their order and the line ends stay as they are; a `SCORE` that is
/// there already is replaced in its place.
public struct ChallengeFile {
  /// The column with the photos' names.
  public static let imageColumn = "IMAGE"
  /// The column with the scores.
  public static let scoreColumn = "SCORE"

  private let table: CSVTable
  private let lineEnd: CSVWriter.LineEnd
  /// The names in the column IMAGE, row by row.
  public let images: [String]
  /// The scenes in the column SCENE, row by row; nil where there is no such column or no name.
  public let scenes: [String?]

  /// Reads a list.
  ///
  /// - Throws: `InputError` when it isn't a table with a column IMAGE, or a row names no photo.
  public init(path: String) throws {
    let bytes = try InputFile.read(path)
    table = try CSVTable(bytes: bytes, file: path)
    let column = try table.column(Self.imageColumn)
    images = try table.rows.map { try $0.text(column) }
    let scene = table.column(ifPresent: "SCENE")
    scenes = table.rows.map { row in
      scene.map { row.rawText($0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    let end = bytes.firstIndex(of: UInt8(ascii: "\n")) ?? bytes.startIndex
    let isDouble = end > bytes.startIndex && bytes[end - 1] == UInt8(ascii: "\r")
    lineEnd = isDouble ? .carriageReturnLineFeed : .lineFeed
  }

  /// The paths of the photos, in the folder `images` or beside the list.
  ///
  /// - Throws: `InputError` for a name that leads out of the folder.
  public func photos(in folder: ImageFolder) throws -> [String] {
    try images.map { try folder.file(at: $0) }
  }

  /// Writes the list with the scores; photos without one keep an empty field.
  ///
  /// - Throws: `InputError` when it can't be written.
  public func write(scores: [Double?], to path: String) throws {
    let place = table.columns.firstIndex(of: Self.scoreColumn)
    let columns = try table.columns(table.columns)
    var written = CSVWriter(
      columns: table.columns + (place == nil ? [Self.scoreColumn] : []), lineEnd: lineEnd)
    for (row, score) in zip(table.rows, scores) {
      var fields = columns.map { row.portableText($0) }
      if let place {
        fields[place] = CSVWriter.text(score)
      } else {
        fields.append(CSVWriter.text(score))
      }
      written.append(fields)
    }
    try written.write(to: path)
  }
}
