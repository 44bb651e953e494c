import Documents

/// Writes a report as one HTML file that needs no network and runs no script.
///
/// - Parameter content: the results; what is missing is left out.
/// - Returns: the text of the file.
public func renderReport(_ content: ReportContent) -> String {
  let study = Study(content)
  let results = [
    unifiedStripSection(study), sceneSection(study), alignmentSection(study),
    histogramSection(study),
  ]
  let others = [
    predictionSection(study), scoreSection(study), learningSection(study), tableSection(study),
    statisticsSection(study), coverageSection(study), chartSection(study), readingSection(study),
    settingsSection(study),
  ]
  let references = content.references.enumerated().map { $1.section($0) }
  let sections = (results + references + others).compactMap { $0 }
  let body = Markup.fragment([
    ChartStyle.definitions,
    .element(.div, .class("page")) {
      headline(study)
      if sections.count > 2 { contents(sections) }
      Markup.element(.main) {
        for section in sections { section.markup() }
      }
      Markup.element(.footer) {
        Markup.element(.p) {
          "Made by Vernier. This file is complete: it loads nothing and runs no script."
        }
      }
    },
  ])
  return HTMLPage(
    title: content.title, stylesheet: ChartStyle.page + ReportStyle.rules, body: body
  ).rendered()
}

/// One section of a report.
struct ReportSection {
  let id: String
  let title: String
  let lead: Markup
  let body: Markup

  init(
    _ id: String, _ title: String, lead: Markup = .empty, @MarkupBuilder body: () -> Markup
  ) {
    self.id = id
    self.title = title
    self.lead = lead
    self.body = body()
  }

  func markup() -> Markup {
    .element(.section, .id(id), Markup.Attribute(.ariaLabelledBy, id + "-title")) {
      Markup.element(.h2, .id(id + "-title"), text: title)
      if !lead.isEmpty { Markup.element(.p, .class("lead")) { lead } }
      body
    }
  }
}

private func contents(_ sections: [ReportSection]) -> Markup {
  .element(.nav, Markup.Attribute(.ariaLabel, "Contents")) {
    Markup.element(.ol) {
      for section in sections {
        Markup.element(.li) { Markup.element(.a, .link(toID: section.id), text: section.title) }
      }
    }
  }
}
