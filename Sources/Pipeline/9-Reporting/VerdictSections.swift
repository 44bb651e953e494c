import Documents
import Domain

extension VerdictReport {
  private var difference: Axis { Axis("Candidate minus baseline", unit: "JOD", includes: [0]) }

  private var chartNote: Markup {
    let margin = NumberFormat.compact(verdict.marginJOD, decimals: 2)
    let visible = NumberFormat.compact(verdict.visibleJOD, decimals: 2)
    return
      "Bars: \(verdict.level) intervals. Gray: the margin of ±\(margin) JOD. Dashed: \(visible) JOD, a visible difference."
  }

  // MARK: Sections

  var attributeSection: ReportSection {
    ReportSection(
      "attributes", "By attribute",
      lead: "Right of 0 the candidate is better. \(verdict.gateSentence)"
    ) {
      DifferenceChart(
        title: "Differences by attribute", axis: difference, itemsTitle: "Attribute",
        items: verdict.attributes.compactMap { found in
          found.finding.map {
            DifferenceChart.Item(
              found.attribute.text, value: $0.difference, interval: Span($0.low, $0.high),
              paletteIndex: found.outcome.paletteIndex, isSummary: true)
          }
        }, margin: verdict.marginJOD, visible: verdict.visibleJOD
      ).figure(id: "chart-attributes", caption: chartNote)
      verdict.table.html(stacks: true)
      DecisionPage.list(verdict.attributes.map { "\($0.attribute.title): \($0.reason)" })
    }
  }

  var sliceSection: ReportSection? {
    guard let table = verdict.sliceTable else { return nil }
    let hasSkin = verdict.slices.contains { $0.field.lowercased().hasPrefix("skin") }
    let shownFirst = verdict.slices.contains { $0.outcome == .worse } ? " Worse ones first." : ""
    return ReportSection(
      "slices", hasSkin ? "Slices, and fairness by skin type" : "Slices",
      lead:
        "Parts of the photos, each shrunk towards the mean of its kind and tested with Holm's correction for their number.\(shownFirst)"
    ) {
      DifferenceChart(
        title: "Differences by slice", axis: difference, itemsTitle: "Slice",
        items: verdict.slices.map { slice in
          DifferenceChart.Item(
            verdict.attributes.count > 1
              ? "\(slice.attribute), \(slice.field) \(slice.value)"
              : "\(slice.field) \(slice.value)", value: slice.shrunken,
            interval: Span(slice.shrunkenLow, slice.shrunkenHigh),
            paletteIndex: slice.outcome.paletteIndex)
        }, margin: verdict.marginJOD, visible: verdict.visibleJOD
      ).figure(id: "chart-slices", caption: chartNote)
      DecisionPage.details("All numbers of the slices", table)
    }
  }

  var missingSection: ReportSection? {
    let sentences = verdict.missingSentences
    guard !sentences.isEmpty else { return nil }
    return ReportSection("missing", "What would decide it") {
      DecisionPage.list(
        sentences
          + (nextPairs > 0
            ? ["\(nextPairs) pairs that narrow the difference most are chosen to be asked next."]
            : []))
    }
  }

  var sceneSection: ReportSection? {
    let shown = verdict.attributes.filter { !$0.scenes.isEmpty }
    guard !shown.isEmpty else { return nil }
    return ReportSection(
      "scenes", "By scene",
      lead: verdict.scenesAre == .sample
        ? "The scenes are a sample of those that photos are taken of: how much they differ is part of the interval. A bar in color excludes 0."
        : "The answer holds for these scenes only. A bar in color excludes 0."
    ) {
      for found in shown {
        Markup.element(.h3, text: found.attribute.title)
        sceneChart(found).figure(
          id: "chart-scenes-\(found.attribute)",
          caption: found.heterogeneity.map { spread in
            "Scenes differ by \(NumberFormat.number(spread.tau)) JOD (tau; I² \(NumberFormat.percent(spread.share))). In a new scene the difference lies in \(NumberFormat.interval(spread.newSceneLow, spread.newSceneHigh)) JOD (\(verdict.level))."
          } ?? .empty)
      }
    }
  }

  private func sceneChart(_ found: AttributeVerdict) -> DifferenceChart {
    let order = found.scenes.sorted { $0.difference > $1.difference }
    var items = order.prefix(80).map { scene in
      DifferenceChart.Item(
        scene.scene.text, value: scene.difference, interval: Span(scene.low, scene.high),
        paletteIndex: scene.low > 0 ? 2 : scene.high < 0 ? 1 : 7)
    }
    if let finding = found.finding {
      items.append(
        DifferenceChart.Item(
          "All scenes", value: finding.difference, interval: Span(finding.low, finding.high),
          paletteIndex: found.outcome.paletteIndex, isSummary: true))
    }
    return DifferenceChart(
      title: "Differences by scene, \(found.attribute)", axis: difference, itemsTitle: "Scene",
      items: items, margin: verdict.marginJOD, visible: verdict.visibleJOD)
  }

  var trendSection: ReportSection? {
    let attributes = Set(trend.map(\.attribute)).sorted()
    guard trend.count > attributes.count else { return nil }
    return ReportSection("trend", "Trend", lead: .text(TrendReport.lead(verdict.baseline))) {
      for attribute in attributes {
        TrendReport.chart(trend, attribute, margin: verdict.marginJOD, visible: verdict.visibleJOD)
          .figure(id: "chart-trend-\(attribute)")
      }
    }
  }

  var remarkSection: ReportSection? {
    let plan = verdict.plan.map { [$0.sentence] } ?? []
    let pictures = missingPictures.map { [$0] } ?? []
    let lines = plan + verdict.notes + pictures
    guard !lines.isEmpty else { return nil }
    return ReportSection("remarks", "What to know") { DecisionPage.list(lines) }
  }

  var methodSection: ReportSection {
    let margin = NumberFormat.compact(verdict.marginJOD, decimals: 3)
    return ReportSection("method", "How it was decided") {
      DecisionPage.reading([
        ("better, worse", "The whole \(verdict.level) interval lies on one side of 0."),
        (
          "equivalent",
          "Two one-sided tests at 5 % place the difference within ±\(margin) JOD. It goes before better and worse: a difference within the margin makes none."
        ),
        ("not decided", "None of these is shown. That is no sign of equality."),
        (
          "JOD",
          "Two photos are 1 JOD apart when 75 % of the observers choose one as better than the other."
        ),
        (
          "Many tests",
          "p-values are corrected by Holm for the number of attributes, and of slices."
        ),
        (
          "Power",
          "What a study of this size can show whatever was found: \(verdict.attributes.compactMap(powerText).joined(separator: "; "))."
        ),
      ])
    }
  }

  private func powerText(_ found: AttributeVerdict) -> String? {
    found.power.map { power in
      "\(found.attribute) \(NumberFormat.percent(power.visibleDifference)) for a visible difference, "
        + "\(NumberFormat.percent(power.equivalence)) for equivalence, 80 % for "
        + "\(NumberFormat.number(power.detectableJOD)) JOD"
    }
  }
}
