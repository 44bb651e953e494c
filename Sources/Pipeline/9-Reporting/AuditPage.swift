import Documents
public import Domain

/// Writes an audit of votes as one HTML file that needs no network and runs no script.
///
/// - Parameters:
///   - audits: the audits of all scenes.
///   - observers: what observers show over all scenes of an attribute.
///   - file: the name of the votes' file.
/// - Returns: the text of the page.
public func renderAudit(
  _ audits: [SceneAudit], observers: [Attribute: [AuditFinding]] = [:], of file: String
) -> String {
  let body = Markup.fragment([
    ChartStyle.definitions,
    .element(.div, .class("page audit")) {
      auditHeader(audits, observers.values.flatMap { $0 }, of: file)
      Markup.element(.main) {
        if audits.count > 1 { auditOverview(audits) }
        for attribute in observers.keys.sorted() {
          Markup.element(.section) {
            Markup.element(.h2, text: "Observers over all scenes, \(attribute.text)")
            Markup.element(.div, .class("probes")) {
              for finding in observers[attribute] ?? [] { probeCard(finding) }
            }
          }
        }
        for (index, audit) in audits.enumerated() { auditSection(audit, index) }
        auditReading(replicates: audits.first?.replicates ?? 0)
      }
      Markup.element(.footer) {
        Markup.element(.p) {
          "Made by Vernier. This file is complete: it loads nothing and runs no script."
        }
      }
    },
  ])
  return HTMLPage(
    title: "Audit of \(file)",
    stylesheet: ChartStyle.page + ReportStyle.rules + AuditStyle.rules, body: body
  ).rendered()
}

private func auditHeader(
  _ audits: [SceneAudit], _ ofObservers: [AuditFinding], of file: String
) -> Markup {
  let findings = audits.flatMap(\.findings) + ofObservers
  let faults = findings.count { $0.verdict == .fault }
  let looks = findings.count { $0.verdict == .look }
  var answer =
    faults == 0
    ? "No fault was found"
    : "\(counted(faults, "probe", "probes")) found a fault"
  answer +=
    looks == 0
    ? "." : ", and \(counted(looks, "finding is", "findings are")) worth a look."
  let observers = Set(audits.flatMap { $0.observers.map(\.observer) }).count
  let figures = [
    ("Votes", NumberFormat.grouped(audits.reduce(0) { $0 + $1.votes })),
    ("Observers", "\(observers)"),
    ("Photos", "\(audits.reduce(0) { $0 + $1.photos.count })"),
    ("Scenes", "\(audits.count)"),
  ]
  return .element(.header) {
    Markup.element(.p, .class("overline")) { "Vernier · portrait quality laboratory" }
    Markup.element(.h1, text: "Audit of votes")
    Markup.element(.p, .class("measured"), text: file)
    Markup.element(.p, .class("answer"), text: answer)
    Markup.element(.dl, .class("figures")) {
      for (label, value) in figures {
        Markup.element(.div) {
          Markup.element(.dt, text: label)
          Markup.element(.dd, text: value)
        }
      }
    }
  }
}

/// Every scene with its gravest verdict.
private func auditOverview(_ audits: [SceneAudit]) -> Markup {
  .element(.section) {
    Markup.element(.h2, text: "Scenes")
    Markup.element(.ul, .class("overview")) {
      for (index, audit) in audits.enumerated() {
        Markup.element(.li) {
          badge(audit.verdict)
          Markup.element(
            .a, .link(toID: "scene-\(index)"),
            text: "\(readable(audit.scene)), \(audit.attribute.text)")
          Markup.element(.span, text: worst(audit))
        }
      }
    }
  }
}

private func worst(_ audit: SceneAudit) -> String {
  let found = audit.findings.filter { $0.verdict > .fine }.sorted { $0.verdict > $1.verdict }
  return found.map { $0.probe.title }.joined(separator: ", ")
}

/// How to read the page.
private func auditReading(replicates: Int) -> Markup {
  let entries = [
    (
      "Verdicts",
      "Fine: nothing beyond chance, or too little to matter. Look: less than 1 in 100 clean studies give "
        + "it by chance, for any one probe. Fault: less than 1 in 1,000, and large enough to move "
        + "results."
    ),
    (
      "Chance",
      "Every p-value compares the votes with \(replicates) simulated studies of the same observers, pairs, "
        + "sides and order, whose answers follow the scale. Inside a probe it is corrected for the "
        + "number of photos and observers, over the page for the number of scenes."
    ),
    (
      "Observers",
      "Sensitivity 1 is usual, 0 is clicking at random, below 0 is the other way round. Side bias says how "
        + "much better photo A looks because it is A. Both are shrunk towards the other observers."
    ),
    (
      "Outfit, infit",
      "Mean squared residuals, 1 as expected: outfit counts every answer alike, infit by its "
        + "information. Above 1 answers surprise more than they should."
    ),
    (
      "Ranks",
      "Each photo's set of ranks; with a probability of 95 % all of them hold at once. A photo is "
        + "«really third» when its set is 3 alone."
    ),
  ]
  return .element(.section) {
    Markup.element(.h2, text: "How to read this")
    Markup.element(.dl, .class("reading")) {
      for (term, text) in entries {
        Markup.element(.dt, text: term)
        Markup.element(.dd, text: text)
      }
    }
  }
}

/// The verdict as a label that does not rely on its color.
func badge(_ verdict: AuditVerdict) -> Markup {
  .element(.span, .class("verdict \(verdict.rawValue)"), text: verdict.rawValue)
}
