import Documents
public import Domain

/// A page about one verdict, in one HTML file that needs no network and runs no script.
public struct VerdictReport: Sendable {
  /// The verdict.
  public var verdict: Verdict
  /// How earlier candidates stood, the latest last; empty for none.
  public var trend: [TrendPoint]
  /// How many pairs were chosen to be asked next.
  public var nextPairs: Int
  /// The photos of the scenes that decide.
  public var pictures: [VerdictPicture]
  /// Why there are no pictures; nil where there are, or where they make no sense.
  public var missingPictures: String?

  /// Makes a page.
  public init(
    _ verdict: Verdict, trend: [TrendPoint] = [], nextPairs: Int = 0,
    pictures: [VerdictPicture] = [], missingPictures: String? = nil
  ) {
    (self.verdict, self.trend, self.nextPairs) = (verdict, trend, nextPairs)
    (self.pictures, self.missingPictures) = (pictures, missingPictures)
  }

  /// The text of the file.
  public func html() -> String {
    let worseSlices = verdict.slices.contains { $0.outcome == .worse }
    let slices = sliceSection
    let sections = [
      worseSlices ? slices : nil, attributeSection, worseSlices ? nil : slices, missingSection,
      sceneSection, pictureSection, trendSection, remarkSection, methodSection,
    ].compactMap { $0 }
    return DecisionPage(
      title: "\(verdict.candidate) against \(verdict.baseline): \(verdict.outcome.label)",
      head: head, sections: sections
    ).html()
  }

  // MARK: The head

  private var head: Markup {
    .element(.header) {
      Markup.element(.p, .class("overline")) { "Vernier · verdict" }
      Markup.element(.h1, text: "\(verdict.candidate) against \(verdict.baseline)")
      Markup.element(.div, .class("badges")) {
        Markup.element(
          .span, .class("badge solid \(verdict.outcome.rawValue)"), text: verdict.outcome.label)
        Markup.element(
          .span, .class("badge \(verdict.gateResult.rawValue)"),
          text: "gate \(verdict.gate.rawValue): \(verdict.gateResult.rawValue)")
        if let plan = verdict.plan {
          Markup.element(
            .span, .class("badge \(plan.isKept ? "pass" : "fail")"),
            text: plan.isKept ? "as planned" : "not as planned")
        }
      }
      Markup.element(.p, .class("answer"), text: verdict.headline)
      for notice in notices {
        Markup.element(.p, .class("notice"), Markup.Attribute(.role, "note"), text: notice)
      }
      if verdict.attributes.count == 1, let only = verdict.attributes.first {
        figures(only)
      } else {
        Markup.element(.div, .class("cards")) {
          for found in verdict.attributes { card(found) }
        }
      }
    }
  }

  private var notices: [String] {
    var notices = verdict.notices
    if let plan = verdict.plan, !plan.isKept { notices.append(plan.sentence) }
    return notices
  }

  private func card(_ found: AttributeVerdict) -> Markup {
    .element(.article, .class("card \(found.outcome.rawValue)")) {
      Markup.element(.h2, text: found.attribute.title)
      Markup.element(.p, .class("outcome"), text: found.outcome.label)
      if let finding = found.finding {
        Markup.element(.p, .class("value"), text: "\(NumberFormat.signed(finding.difference)) JOD")
        Markup.element(.p, text: "\(finding.intervalText), \(verdict.level) interval")
        Markup.element(
          .p, text: "\(NumberFormat.percent(finding.preference)) choose the candidate")
      }
      Markup.element(
        .p, text: "scenes for and against: \(found.scenesFor) : \(found.scenesAgainst)")
    }
  }

  private func figures(_ found: AttributeVerdict) -> Markup {
    guard let finding = found.finding else { return .empty }
    let visible = NumberFormat.compact(verdict.visibleJOD, decimals: 2)
    var figures = [
      (
        "\(NumberFormat.signed(finding.difference)) JOD",
        "difference in \(found.attribute), candidate minus baseline"
      ),
      (finding.intervalText, "\(verdict.level) interval, JOD"),
      (
        NumberFormat.percent(finding.probabilityVisible),
        "chance that the difference reaches \(visible) JOD"
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

extension Verdict {
  /// The answer without numbers: the outcome, and which attributes have another one.
  var headline: String {
    let head =
      switch outcome {
      case .better: "\(candidate) is better than \(baseline)"
      case .worse: "\(candidate) is worse than \(baseline)"
      case .equivalent: "\(candidate) is equivalent to \(baseline)"
      case .inconclusive: "It is not decided whether \(candidate) is better than \(baseline)"
      }
    let outcomes: [(Outcome, String)] = [
      (outcome, ""), (.worse, "worse"), (.better, "better"), (.equivalent, "equivalent"),
      (.inconclusive, "not decided"),
    ]
    var seen: Set<Outcome> = []
    let parts = outcomes.compactMap { kind, word -> String? in
      let own = attributes.filter { $0.outcome == kind }.map(\.attribute.text)
      guard !own.isEmpty, own.count < attributes.count, seen.insert(kind).inserted else {
        return nil
      }
      return (word.isEmpty ? "" : "\(word) ") + "in \(own.joined(separator: " and "))"
    }
    guard let first = parts.first else { return head + "." }
    return ([head + " " + first] + parts.dropFirst()).joined(separator: ", ") + "."
  }
}

extension Outcome {
  /// The outcome in words.
  var label: String { self == .inconclusive ? "not decided" : rawValue }

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
