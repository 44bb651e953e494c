public import Documents

/// What the demo found out.
public struct DemoResult {
  /// The tables, ready for a terminal.
  public let tables: [TextTable]
  /// The path of the report.
  public let report: String
  /// The study's folder, ready for the annotation application.
  public let study: String
  /// The verdict on two builds, in one sentence.
  public let verdict: String
  /// The path of the verdict's page.
  public let verdictPage: String
}
