import Documents
public import Domain

/// A page about one verdict, in one HTML file that needs no network and runs no script.
public struct VerdictReport: Sendable {
  /// How earlier candidates stood.
  public struct Past: Sendable, Hashable {
    /// The candidate.
    public var candidate: String
    /// The attribute.
    public var attribute: Attribute
    /// The difference to the baseline, in JOD.
    public var difference: Double
    /// The lower end of its interval.
    public var low: Double
    /// The upper end of its interval.
    public var high: Double
    /// Whether the difference changed from the candidate before.
    public var isChange: Bool

    /// Makes a point.
    public init(
      candidate: String, attribute: Attribute, difference: Double, low: Double, high: Double,
      isChange: Bool
    ) {
      (self.candidate, self.attribute) = (candidate, attribute)
      (self.difference, self.low, self.high) = (difference, low, high)
      self.isChange = isChange
    }
  }

  /// The verdict.
  public var verdict: Verdict
  /// The trend, the latest last; empty for none.
  public var trend: [Past]
  /// How many pairs were chosen to be asked next.
  public var nextPairs: Int

  /// Makes a page.
  public init(_ verdict: Verdict, trend: [Past] = [], nextPairs: Int = 0) {
    (self.verdict, self.trend, self.nextPairs) = (verdict, trend, nextPairs)
  }

  /// The text of the file.
  public func html() -> String {
    let worseSlices = verdict.slices.contains { $0.outcome == .worse }
    let slices = sliceSection
    let sections = [
      worseSlices ? slices : nil, attributeSection, worseSlices ? nil : slices, missingSection,
      sceneSection, trendSection, remarkSection, methodSection,
    ].compactMap { $0 }
    let body = Markup.fragment([
      ChartStyle.definitions,
      .element(.div, .class("page")) {
        head
        Markup.element(.main) { for section in sections { section.markup() } }
        Markup.element(.footer) {
          Markup.element(.p) {
            "Made by Vernier. This file is complete: it loads nothing and runs no script."
          }
        }
      },
    ])
    return HTMLPage(
      title: "\(verdict.candidate) against \(verdict.baseline): \(verdict.outcome.rawValue)",
      stylesheet: ChartStyle.page + ReportStyle.rules + Self.style, body: body
    ).rendered()
  }

  static let style = Stylesheet(
    """
    .badges{display:flex;flex-wrap:wrap;gap:10px;margin-top:26px}
    .badge{--c:var(--s6);border:2px solid var(--c);border-radius:999px;padding:5px 16px;font-weight:600;font-size:17px}
    .badge.solid{background:var(--c);color:var(--ground)}
    .badge.better,.badge.pass{--c:var(--s2)}.badge.worse,.badge.fail{--c:var(--s1)}.badge.equivalent{--c:var(--s0)}
    .list{margin:18px 0 0;padding:0 0 0 20px;max-width:76ch}.list li{margin-top:8px;overflow-wrap:anywhere}
    section{margin-top:64px}
    .answer{max-width:none}
    h1{max-width:none}
    @media (max-width:640px){.badge{font-size:15px}}
    @media print{.badge{border-width:1pt}}
    """)

  // MARK: The head

  private var head: Markup {
    .element(.header) {
      Markup.element(.p, .class("overline")) { "Vernier · verdict" }
      Markup.element(.h1, text: "\(verdict.candidate) against \(verdict.baseline)")
      Markup.element(.div, .class("badges")) {
        Markup.element(
          .span, .class("badge solid \(verdict.outcome.rawValue)"), text: verdict.outcome.rawValue)
        Markup.element(
          .span, .class("badge \(verdict.gateResult.rawValue)"),
          text: "gate \(verdict.gate.rawValue): \(verdict.gateResult.rawValue)")
        if let plan = verdict.plan {
          Markup.element(
            .span, .class("badge \(plan.isKept ? "pass" : "fail")"),
            text: plan.isKept ? "as planned" : "not as planned")
        }
      }
      Markup.element(.p, .class("answer"), text: verdict.sentence)
      for notice in notices {
        Markup.element(.p, .class("notice"), Markup.Attribute(.role, "note"), text: notice)
      }
      if verdict.attributes.count == 1, let only = verdict.attributes.first { figures(only) }
    }
  }

  private var notices: [String] {
    var notices = verdict.notices
    if let plan = verdict.plan, !plan.isKept { notices.append(plan.sentence) }
    return notices
  }

  private func figures(_ found: AttributeVerdict) -> Markup {
    guard let finding = found.finding else { return .empty }
    var figures = [
      ("\(NumberFormat.number(finding.difference)) JOD", "difference, candidate minus baseline"),
      (finding.intervalText, "\(verdict.level) interval, JOD"),
      (
        NumberFormat.percent(finding.probabilityVisible),
        "chance that the difference reaches \(NumberFormat.compact(verdict.visibleJOD, decimals: 2)) JOD"
      ),
      (NumberFormat.percent(finding.preference), "of observers choose the candidate"),
      ("\(found.scenesFor) : \(found.scenesAgainst)", "scenes for and against"),
    ]
    if let power = found.power {
      figures.append(
        (NumberFormat.percent(power.visibleDifference), "power to show a visible difference"))
    }
    return .element(.dl, .class("figures")) {
      for (value, label) in figures {
        Markup.element(.div) {
          Markup.element(.dt, text: label)
          Markup.element(.dd, text: value)
        }
      }
    }
  }
}

extension Outcome {
  /// The place in the palette.
  var paletteIndex: Int {
    switch self {
    case .better: 2
    case .worse: 1
    case .equivalent: 0
    case .inconclusive: 6
    }
  }
}
