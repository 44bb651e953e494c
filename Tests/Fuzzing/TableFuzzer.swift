import Domain
import Files
import Foundation

/// libFuzzer's entry: any bytes are a table or an error, never a crash, for every reader of CSV files.
///
/// The first byte chooses the reader. Built by `Scripts/fuzz-csv` together with the sources of Files and Studies that read tables.
@_cdecl("LLVMFuzzerTestOneInput")
public func tableFuzzer(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
  let bytes = Array(input.dropFirst())
  do throws(InputError) {
    switch (input.first ?? 0) % 14 {
    case 0: try roundTrip(bytes)
    case 1: try manifest(bytes)
    case 2:
      let table = try PIQLayout.readScores(bytes, file: "Scores_Details.csv", in: "piq")
      let rows = table.scores.map { $0.fields(table.attribute) }
      let again = try PIQLayout.readScores(
        table.shape.bytes(rows), file: "Scores_Details.csv", in: "piq")
      precondition(again.scores == table.scores, "what was written reads back")
    case 3:
      for (file, _) in PIQLayout.listColumns {
        let list = try? PIQLayout.readList(bytes, file: file, in: "piq")
        _ = list.map { $0.shape.bytes($0.entries.map { [$0.name, $0.value] }) }
      }
    case 4: try asFile(bytes) { path throws(InputError) in _ = try VotesFile.read(path) }
    case 5: try asFile(bytes) { path throws(InputError) in _ = try SplitFile.read(path) }
    case 6: try asFile(bytes) { path throws(InputError) in _ = try ScoresFile.read(path) }
    case 7: try asFile(bytes) { path throws(InputError) in _ = try TruthFile.read(path) }
    default: try foreign(bytes, kind: (input.first ?? 0) % 14)
    }
  } catch {
    precondition(!error.description.contains("\n"), "an error is one line")
  }
  return 0
}

/// A table that is written and read again is the same table.
private func roundTrip(_ bytes: [UInt8]) throws(InputError) {
  let table = try CSVTable(bytes: bytes, file: "fuzz")
  var writer = CSVWriter(columns: table.columns)
  let columns = table.columns.compactMap { table.column(ifPresent: $0) }
  for row in table.rows { writer.append(columns.map { row.rawText($0) }) }
  let again = try CSVTable(bytes: writer.bytes, file: "fuzz")
  precondition(again.columns == table.columns && again.rowCount == table.rowCount)
  for (old, new) in zip(table.rows, again.rows) {
    precondition(columns.allSatisfy { old.rawText($0) == new.rawText($0) })
  }
}

/// What a file of another program gives can be written, and reads back.
private func foreign(_ bytes: [UInt8], kind: UInt8) throws(InputError) {
  try asFile(bytes) { path throws(InputError) in
    let settings = ImportSettings()
    let opinions =
      switch kind {
      case 8: try ForeignTable.read(path, settings: settings)
      case 9: try CountMatrix.read(path, settings: settings)
      case 10: try RatingMatrix.read(path, settings: settings)
      case 11: try SurealFile.read(path, settings: settings)
      case 12: try AvrateFile.read(path, settings: settings)
      default: try ArenaFile.read(path, settings: settings)
      }
    precondition(!opinions.votes.isEmpty || !opinions.ratings.isEmpty, "something was read")
    precondition(opinions.votes.allSatisfy { $0.photoA != $0.photoB }, "two photos each")
    precondition(opinions.ratings.allSatisfy(\.value.isFinite), "ratings are numbers")
  }
}

/// What a manifest gives can be a study's: names that fit, numbers that are finite.
private func manifest(_ bytes: [UInt8]) throws(InputError) {
  let list = try StudyManifest.parse(CSVTable(bytes: bytes, file: "fuzz"), folder: "photos")
  for candidate in list.candidates {
    precondition((1...255).contains(candidate.scene.text.utf8.count))
    precondition((1...255).contains(candidate.photo.text.utf8.count))
    precondition(!candidate.path.utf8.contains(0))
    precondition(candidate.metadata.iso.map { $0.isFinite && $0 > 0 } ?? true)
    precondition(candidate.metadata.exposureSeconds.map { $0.isFinite && $0 > 0 } ?? true)
    _ = SceneFolders.fileSuffix(candidate.path)
    _ = PhotoMetadata(exif: candidate.metadata.notes)
  }
  for error in list.refused { precondition(!error.description.contains("\n")) }
}

/// Shows bytes to a reader that opens a path, without touching a disk.
private func asFile(
  _ bytes: [UInt8], _ read: (String) throws(InputError) -> Void
) throws(InputError) {
  var ends: [Int32] = [0, 0]
  guard pipe(&ends) == 0 else { return }
  defer { close(ends[0]) }
  // A pipe holds 64 KiB, more than an input has, so writing never waits.
  _ = bytes.withUnsafeBytes { write(ends[1], $0.baseAddress, $0.count) }
  close(ends[1])
  try read("/proc/self/fd/\(ends[0])")
}

/// Stands in for the library's digest, which the readers don't need.
enum FileDigest {
  static func sha256(_ path: String) throws(InputError) -> String { path }
}
