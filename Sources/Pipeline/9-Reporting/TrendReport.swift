import Documents
public import Domain

/// A page with the differences of several candidates to one baseline, in one HTML file.
public struct TrendReport: Sendable {
  /// The trend.
  public var trend: Trend
  /// The title on top.
  public var title: String
  /// The margin, in JOD; 0 for none.
  public var margin: Double
  /// The difference that counts as visible, in JOD.
  public var visible: Double

  /// Makes a page.
  public init(_ trend: Trend, title: String, margin: Double, visible: Double) {
    (self.trend, self.title) = (trend, title)
    (self.margin, self.visible) = (margin, visible)
  }

  /// The text of the file.
  public func html() -> String {
    let attributes = Set(trend.points.map(\.attribute)).sorted()
    let sections = attributes.map { attribute in
      ReportSection("trend-\(attribute)", attribute.title) {
        Self.chart(trend.points, attribute, margin: margin, visible: visible)
          .figure(
            id: "chart-\(attribute)",
            caption:
              "Bars: \(NumberFormat.percent(trend.confidenceLevel)) intervals of the difference to \(trend.baseline). Gray: the margin. Dashed: a visible difference."
          )
        DecisionPage.details("All numbers of \(attribute)", trend.table(attribute))
      }
    }
    let notes =
      trend.notes.isEmpty
      ? [] : [ReportSection("remarks", "What to know") { DecisionPage.list(trend.notes) }]
    let head = Markup.element(.header) {
      Markup.element(.p, .class("overline")) { "Vernier · trend" }
      Markup.element(.h1, text: title)
      for attribute in attributes {
        Markup.element(.p, .class("answer"), text: trend.sentence(attribute))
      }
      for notice in trend.notices {
        Markup.element(.p, .class("notice"), Markup.Attribute(.role, "note"), text: notice)
      }
    }
    return DecisionPage(title: title, head: head, sections: sections + notes + [method]).html()
  }

  private var method: ReportSection {
    ReportSection("method", "How to read it") {
      DecisionPage.reading([
        ("Difference", "Quality of a candidate minus that of \(trend.baseline), in JOD."),
        ("◆", Self.rule),
        (
          "JOD",
          "Two photos are 1 JOD apart when 75 % of the observers choose one as better than the other."
        ),
      ])
    }
  }

  /// When a candidate is marked.
  static let rule =
    "A change point: the candidate differs from the mean of those since the last change point. All marks of an attribute together are false with a chance of at most 5 %."

  /// What a chart of a trend shows.
  static func lead(_ baseline: String) -> String {
    "Candidates against \(baseline), the latest last. ◆ marks a change point: the candidate differs from the mean of those since the last one."
  }

  /// The candidates of one attribute, the oldest on top.
  static func chart(
    _ points: [TrendPoint], _ attribute: Attribute, margin: Double, visible: Double
  ) -> DifferenceChart {
    DifferenceChart(
      title: "Trend, \(attribute)",
      axis: Axis("Candidate minus baseline", unit: "JOD", includes: [0]), itemsTitle: "Candidate",
      items: points.filter { $0.attribute == attribute }.map { point in
        DifferenceChart.Item(
          point.isChange ? "◆ \(point.candidate)" : point.candidate, value: point.difference,
          interval: Span(point.low, point.high),
          paletteIndex: point.isChange ? ((point.step ?? 0) > 0 ? 2 : 1) : 0,
          isSummary: point.isChange)
      }, margin: margin, visible: visible)
  }
}

extension Trend {
  /// The candidates of one attribute in numbers.
  func table(_ attribute: Attribute) -> TextTable {
    TextTable(
      columns: [
        "Candidate", "Difference, JOD", "\(NumberFormat.percent(confidenceLevel)) interval",
        "Step, JOD", "p", "Change point",
      ],
      rows: points.filter { $0.attribute == attribute }.map { point in
        [
          point.candidate, NumberFormat.signed(point.difference),
          NumberFormat.interval(point.low, point.high),
          point.step.map { NumberFormat.signed($0) } ?? "–", NumberFormat.p(point.stepP),
          point.isChange ? "yes" : "no",
        ]
      })
  }

  /// Where an attribute changed, in a sentence.
  func sentence(_ attribute: Attribute) -> String {
    let marks = points.filter { $0.attribute == attribute && $0.isChange }
    guard !marks.isEmpty else { return "\(attribute.title): no change point." }
    let parts = marks.map { "\($0.candidate) (\(NumberFormat.signed($0.step ?? 0)) JOD)" }
    return "\(attribute.title) changed at \(parts.joined(separator: ", "))."
  }

  /// The trend for a terminal.
  public var terminalText: String {
    let attributes = Set(points.map(\.attribute)).sorted()
    let tables = attributes.map { "\($0)\n" + table($0).terminalText() }
    let lines = notices + attributes.map { sentence($0) } + notes
    return tables.joined(separator: "\n") + "\n" + lines.map { $0 + "\n" }.joined()
  }
}
