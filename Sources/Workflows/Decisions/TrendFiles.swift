public import Domain
public import Files
import Reporting

/// Where a trend is written; nil for nowhere.
public struct TrendFiles: Sendable, Hashable {
  /// One row a candidate and attribute.
  public var csv: String?
  /// One self-contained page.
  public var report: String?
  /// The page's title.
  public var title = "Trend"
  /// The margin that the page shows, in JOD.
  public var margin = 0.5
  /// The visible difference that the page shows, in JOD.
  public var visible = 1.0

  /// Writes nothing.
  public init() {}

  /// Writes what was asked for, with what it depends on beside it.
  ///
  /// - Throws: `InputError` when a file can't be written.
  public func write(_ trend: Trend, provenance: Provenance) throws(InputError) {
    if let csv {
      try Self.table(trend).write(to: csv)
      try provenance.write(beside: csv)
    }
    if let report {
      let page = TrendReport(trend, title: title, margin: margin, visible: visible)
      try AtomicFile.write(page.html(), to: report)
      try provenance.write(beside: report)
    }
  }

  /// The rows of all attributes.
  static func table(_ trend: Trend) -> CSVWriter {
    var table = CSVWriter(columns: [
      "candidate", "attribute", "difference_jod", "low", "high", "standard_error", "votes",
      "step_jod", "step_p", "change_point",
    ])
    for point in trend.points {
      table.append([
        point.candidate, point.attribute.text, CSVWriter.text(point.difference),
        CSVWriter.text(point.low), CSVWriter.text(point.high),
        CSVWriter.text(point.standardError), "\(point.votes)", CSVWriter.text(point.step),
        CSVWriter.text(point.stepP), point.isChange ? "yes" : "no",
      ])
    }
    return table
  }
}

extension Trend {
  /// The trend as a person reads it on a terminal.
  public var text: String { terminalText }
}
