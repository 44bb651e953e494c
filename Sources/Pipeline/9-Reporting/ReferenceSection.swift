import Documents
public import Domain

/// How far groups of photos, such as devices, stand below the references of their scenes, such as
/// DSLR photos.
public struct ReportReferences: Hashable, Sendable {
  /// The attribute.
  public var attribute: Attribute
  /// The unit of the differences.
  public var unit: String
  /// The probability that an interval covers the true difference.
  public var level: Double
  /// The groups, in the order that they are shown in.
  public var groups: [Leaderboard.BelowReference]

  /// Makes a comparison.
  public init(
    attribute: Attribute, unit: String, level: Double, groups: [Leaderboard.BelowReference]
  ) {
    (self.attribute, self.unit) = (attribute, unit)
    (self.level, self.groups) = (level, groups)
  }

  /// The comparison of a leaderboard's groups.
  init(_ board: Leaderboard.Board, level: Double) {
    self.init(
      attribute: board.attribute, unit: "JOD", level: level, groups: board.belowReferences)
  }

  /// The numbers.
  var table: TextTable {
    TextTable(
      columns: [
        "Group", "Below the reference, \(unit)", "\(NumberFormat.percent(level)) interval",
        "Scenes",
      ],
      rows: groups.map { row in
        [
          row.group, NumberFormat.number(row.difference), NumberFormat.interval(row.low, row.high),
          "\(row.scenes)",
        ]
      })
  }

  /// A chart and the numbers; nil without groups.
  ///
  /// - Parameter number: tells the sections of one page apart.
  /// - Returns: the section.
  func section(_ number: Int) -> ReportSection? {
    guard !groups.isEmpty else { return nil }
    return ReportSection(
      "references-\(number)", "\(attribute.title) below the reference",
      lead:
        "How much better the references of the same scenes are, such as DSLR photos. 0 is the reference."
    ) {
      DifferenceChart(
        title: "Quality against the reference, \(attribute)",
        axis: Axis("Quality against the reference", unit: unit, includes: [0]),
        itemsTitle: "Group",
        // Better stands at the right, as in every chart of quality.
        items: groups.map {
          DifferenceChart.Item(
            $0.group, value: -$0.difference, interval: Span(-$0.high, -$0.low), paletteIndex: 0)
        }, size: .regular
      ).figure(
        id: "below-\(number)", caption: .text("Bars: \(NumberFormat.percent(level)) intervals."))
      table.html(stacks: true)
    }
  }
}

/// What a study's photos differ in, and what is rare or missing.
func coverageSection(_ study: Study) -> ReportSection? {
  guard let table = study.content.coverage else { return nil }
  return ReportSection("coverage", "What the study covers", lead: .text(table.caption)) {
    TextTable(columns: table.columns, rows: table.rows, alignments: table.alignments)
      .limited(to: 400).html(stacks: true)
  }
}
