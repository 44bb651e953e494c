import Documents
import Domain

/// One scene: its probes, the scale with and without observers, observers and photos.
func auditSection(_ audit: SceneAudit, _ index: Int) -> Markup {
  .element(.section, .id("scene-\(index)")) {
    Markup.element(.h2, text: "\(readable(audit.scene)), \(audit.attribute.text)")
    Markup.element(
      .p, .class("lead"),
      text: "\(counted(audit.votes, "vote", "votes")) of "
        + "\(counted(audit.observers.count, "observer", "observers")) on "
        + "\(counted(audit.photos.count, "photo", "photos")).")
    for note in audit.notes { Markup.element(.p, .class("notice"), text: note) }
    Markup.element(.div, .class("probes")) {
      for finding in audit.findings { probeCard(finding) }
    }
    if let change = audit.scaleChange { scaleChange(audit, change, index) }
    Markup.element(.h3, text: "Observers")
    observerTable(audit).html()
    Markup.element(.h3, text: "Photos and their possible ranks")
    rankChart(audit).figure(
      id: "ranks-\(index)",
      caption: "Bars are the ranks that each photo may have; all hold together with 95 %.")
    photoTable(audit).html()
  }
}

/// One probe: verdict, finding, what it points at, numbers.
func probeCard(_ finding: AuditFinding) -> Markup {
  .element(.article, .class("probe")) {
    Markup.element(.h3) {
      badge(finding.verdict)
      finding.probe.title
    }
    Markup.element(.p, text: finding.sentence)
    if !finding.items.isEmpty {
      Markup.element(.ul) {
        for item in finding.items {
          Markup.element(.li, text: item.sentence + (item.p.map { " p \(pText($0))." } ?? ""))
        }
      }
    }
    if !finding.measures.isEmpty || finding.p != nil {
      Markup.element(.dl) {
        for measure in finding.measures {
          Markup.element(.dt, text: measure.name)
          Markup.element(.dd, text: measureText(measure))
        }
        if let p = finding.p {
          Markup.element(.dt, text: "p")
          Markup.element(.dd, text: pText(p))
        }
      }
    }
  }
}

private func scaleChange(
  _ audit: SceneAudit, _ change: AuditedScaleChange, _ index: Int
) -> Markup {
  func number(_ value: Double, _ decimals: Int) -> String {
    NumberFormat.typeset(value, decimals: decimals)
  }
  let width = change.slope >= 1 ? "wider" : "narrower"
  let text = [
    "With side biases, lapses and sensitivities in the model the scale is",
    "\(number(abs(change.slope - 1) * 100, 1)) % \(width); photos move by",
    "\(number(change.rootMeanSquareShift, 2)) JOD on average (root mean square),",
    "\(change.photo) most, by \(number(change.largestShift, 2)) JOD.",
    "The rank correlation of both scales is \(number(change.spearman, 3)).",
  ].joined(separator: " ")
  let chart = ScatterChart(
    title: "Scores without and with observers in the model",
    xAxis: Axis("All observers alike", unit: "JOD"),
    yAxis: Axis("Observers in the model", unit: "JOD"),
    series: [
      .init(
        "Photos",
        points: audit.photos.map {
          .init($0.photo.text, x: $0.score, y: $0.scoreWithObservers)
        })
    ], references: [.identity(halfWidth: 0, label: "unchanged")])
  return .element(.div) {
    Markup.element(.h3, text: "The scale before and after")
    Markup.element(.p, .class("lead"), text: text)
    chart.figure(id: "change-\(index)")
  }
}

private func observerTable(_ audit: SceneAudit) -> TextTable {
  TextTable(
    caption: "95 % intervals; sensitivity 1 is usual, side bias in JOD in favor of photo A",
    columns: [
      "Observer", "Votes", "Sensitivity", "Side bias", "Blind answers", "Outfit", "Infit",
    ],
    rows: audit.observers.map { one in
      [
        one.observer.text, "\(one.votes)", intervalText(one.sensitivity),
        intervalText(one.sideBias), intervalText(one.lapseRate),
        NumberFormat.typeset(one.outfit, decimals: 2), NumberFormat.typeset(one.infit, decimals: 2),
      ]
    })
}

private func photoTable(_ audit: SceneAudit) -> TextTable {
  TextTable(
    caption: "Scores in JOD; ranks from 1, the best",
    columns: ["Photo", "Votes", "Score", "With observers", "Ranks", "Outfit", "Infit"],
    rows: audit.photos.map { one in
      [
        one.photo.text, "\(one.comparisons)", NumberFormat.typeset(one.score, decimals: 2),
        NumberFormat.typeset(one.scoreWithObservers, decimals: 2),
        one.bestRank == one.worstRank ? "\(one.bestRank)" : "\(one.bestRank)–\(one.worstRank)",
        NumberFormat.typeset(one.outfit, decimals: 2), NumberFormat.typeset(one.infit, decimals: 2),
      ]
    })
}

private func rankChart(_ audit: SceneAudit) -> IntervalChart {
  IntervalChart(
    title: "Possible ranks of the photos", axis: Axis("Rank, 1 the best"), itemsTitle: "Photos",
    items: audit.photos.enumerated().map { place, photo in
      .init(
        photo.photo.text, value: Double(place + 1),
        interval: Span(Double(photo.bestRank), Double(photo.worstRank)))
    }, size: .regular)
}

private func measureText(_ measure: AuditMeasure) -> String {
  var text = intervalText(measure)
  if let expected = measure.expected { text += ", expected \(compact(expected))" }
  return text
}

private func intervalText(_ measure: AuditMeasure) -> String {
  guard let low = measure.low, let high = measure.high else { return compact(measure.value) }
  return "\(compact(measure.value)) (\(compact(low)) to \(compact(high)))"
}

/// A number with as many decimals as it needs.
private func compact(_ value: Double) -> String {
  NumberFormat.typeset(value, decimals: value == value.rounded() || value.magnitude >= 100 ? 0 : 2)
}

private func pText(_ p: Double) -> String {
  p < 0.0001 ? "< 0.0001" : "= " + NumberFormat.fixed(p, p < 0.01 ? 4 : 2)
}

extension AuditProbe {
  /// The probe's name on the page.
  var title: String {
    switch self {
    case .connection: "Connected photos"
    case .pairChoice: "Choice of pairs"
    case .repeatedRows: "Rows entered twice"
    case .responseTimes: "Response times"
    case .sideBias: "Side bias"
    case .lapses: "Blind answers"
    case .surprises: "Surprising answers"
    case .turnedRows: "Rows turned round"
    case .fatigue: "Fatigue"
    case .sensitivity: "Sensitivity of observers"
    case .observerFit: "Fit of observers"
    case .photoFit: "Fit of photos"
    case .pairFit: "Fit of pairs"
    case .intransitivity: "Circles among photos"
    case .agreement: "Agreement of observers"
    case .reliability: "Reliability"
    }
  }
}
