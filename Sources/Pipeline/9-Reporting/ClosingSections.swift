import Documents
import Domain

/// The training's progress, one chart a quantity.
func learningSection(_ study: Study) -> ReportSection? {
  let curves = study.content.learningCurves
  guard !curves.isEmpty else { return nil }
  let quantities = Dictionary(grouping: curves, by: \.quantity)
  return ReportSection(
    "learning", "Learning",
    lead: "The model is kept from the epoch with the best validation value."
  ) {
    Markup.element(.div, .class("grid")) {
      for (index, quantity) in quantities.keys.sorted().enumerated() {
        let lines = quantities[quantity] ?? []
        LineChart(
          title: "\(quantity) over the epochs", xAxis: Axis("Epoch"),
          yAxis: Axis(quantity, unit: lines.first?.unit?.text),
          series: lines.map { .init($0.name, x: $0.epochs, y: $0.values) }
        ).figure(id: "learning-\(index)")
      }
    }
  }
}

/// The tables that were given.
func tableSection(_ study: Study) -> ReportSection? {
  let tables = study.content.tables
  guard !tables.isEmpty else { return nil }
  return ReportSection("tables", "Tables") {
    for table in tables { table.limited(to: 2000).html() }
  }
}

/// The charts that were given.
func chartSection(_ study: Study) -> ReportSection? {
  let charts = study.content.charts
  guard !charts.isEmpty else { return nil }
  return ReportSection("charts", "More charts") {
    Markup.element(.div, .class("grid")) {
      for (index, item) in charts.enumerated() {
        item.chart.figure(id: "charts-\(index)", caption: .text(item.caption))
      }
    }
  }
}

/// The report's words, for a camera engineer.
func readingSection(_ study: Study) -> ReportSection? {
  let conventions = study.conventions.isEmpty ? [.jod] : study.conventions
  return ReportSection("reading", "How to read this report") {
    Markup.element(.dl, .class("reading")) {
      if conventions.contains(.jod) {
        Markup.element(.dt) { "JOD" }
        Markup.element(.dd) {
          """
          One just-objectionable difference: when two photos are 1 JOD apart, three observers in four choose the \
          same one as better. At 0 JOD they are split evenly; at 3 JOD practically everyone agrees.
          """
        }
      }
      if conventions.contains(.piq23) {
        Markup.element(.dt) { "PIQ23 units" }
        Markup.element(.dd) {
          """
          The unit of the published PIQ23 files: each scene's scores are z-scored and multiplied by 1.4826. It is \
          not JOD, and one unit is another distance in every scene.
          """
        }
      }
      Markup.element(.dt) { "Interval" }
      Markup.element(.dd) {
        """
        With other observers from the same population the value would differ; the interval covers \
        the true one \(study.intervalLevel) of the time. Where two intervals overlap widely, don't \
        call one photo better.
        """
      }
      if !study.alignments.isEmpty {
        Markup.element(.dt) { "One scale" }
        Markup.element(.dd) {
          """
          Observers compare photos of one scene best, but each scene's scale has its own origin and stretch. Photos \
          of several scenes, judged against one another, tie the scales together.
          """
        }
      }
      if !study.content.predictions.isEmpty {
        Markup.element(.dt) { "Unseen scenes" }
        Markup.element(.dd) {
          """
          The model learned from other scenes only, so its error there is what to expect on a new \
          scene. A model that always predicts the same number is the baseline.
          """
        }
      }
      Markup.element(.dt) { "Every chart" }
      Markup.element(.dd) {
        "Hold the pointer over a mark for its name and numbers; open «Data» under a chart for all of them."
      }
    }
  }
}

/// The settings and the provenance.
func settingsSection(_ study: Study) -> ReportSection? {
  let groups = study.content.settings.filter { !$0.entries.isEmpty }
  guard !groups.isEmpty else { return nil }
  return ReportSection("settings", "Settings and provenance") {
    Markup.element(.div, .class("settings")) {
      for group in groups {
        Markup.element(.article) {
          Markup.element(.h3, text: group.title)
          Markup.element(.dl) {
            for entry in group.entries {
              Markup.element(.dt, text: entry.key)
              Markup.element(.dd, text: entry.value)
            }
          }
        }
      }
    }
  }
}
