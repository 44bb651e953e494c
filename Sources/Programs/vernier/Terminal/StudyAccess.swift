import Domain
import Files
import Foundation
import Studies
import Synchronization

/// Opens studies for commands.
enum StudyAccess {
  /// Opens a study, keeps every other vernier from changing it, and runs the work.
  static func change<Value>(_ folder: String, _ work: (StudyStore) throws -> Value) throws -> Value
  {
    let study = try StudyStore.open(folder)
    let lock = try StudyLock(study)
    return try withExtendedLifetime(lock) {
      let value = try work(study)
      try study.close()
      return value
    }
  }

  /// Opens a study to look at it.
  static func read<Value>(_ folder: String, _ work: (StudyStore) throws -> Value) throws -> Value {
    let study = try StudyStore.open(folder)
    let value = try work(study)
    try study.close()
    return value
  }
}

/// A progress line that any thread may advance.
final class SharedProgress: Sendable {
  private let line: Mutex<ProgressLine>

  /// Starts a line about `total` steps.
  init(_ title: String, total: Int) { line = Mutex(ProgressLine(title, total: total)) }

  /// Draws the line after `done` steps.
  func update(_ done: Int) { line.withLock { $0.update(done) } }

  /// Prints a line of text above the progress.
  func say(_ text: String) {
    line.withLock {
      $0.clear()
      Messages.say(text)
    }
  }

  /// Ends the line.
  func finish() { line.withLock { $0.finish() } }
}

/// Rows for a person or a program: aligned on a terminal, CSV elsewhere.
enum TableOutput {
  /// Prints a table on standard output.
  static func show(columns: [String], rows: [[String]]) {
    guard isatty(STDOUT_FILENO) == 1 else {
      var table = CSVWriter(columns: columns)
      for row in rows { table.append(row) }
      return print(String(decoding: table.bytes, as: UTF8.self), terminator: "")
    }
    let all = ([columns] + rows).map { row in row.map(InputError.oneLine) }
    let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    for row in all {
      let cells = zip(row, widths).map { cell, width in
        cell + String(repeating: " ", count: width - cell.count)
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      print(line)
    }
  }

  /// A number of bytes with a unit.
  static func bytes(_ count: Int) -> String {
    let units = ["bytes", "kB", "MB", "GB", "TB"]
    var (value, unit) = (Double(count), 0)
    while value >= 1000, unit < units.count - 1 {
      value /= 1000
      unit += 1
    }
    return unit == 0 ? "\(count) bytes" : "\((value * 10).rounded() / 10) \(units[unit])"
  }
}
