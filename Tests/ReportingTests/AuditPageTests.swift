import Domain
import Reporting
import Testing

@Suite struct AuditPageTests {
  private func audit(_ name: String, verdict: AuditVerdict) -> SceneAudit {
    SceneAudit(
      scene: SceneID(name), attribute: .details, votes: 1234,
      findings: AuditProbe.allCases.map {
        AuditFinding(
          $0, verdict, "Found in \(name).", p: 1e-7,
          measures: [AuditMeasure("rate", 0.25, interval: (0.1, 0.4), expected: 0)],
          items: [AuditItem(name, p: 0.003, "\(name) stands out.")])
      },
      observers: [
        AuditedObserver(
          observer: ObserverID(name), votes: 40,
          sideBias: AuditMeasure("side bias", 0.5, interval: (0.1, 0.9)),
          sensitivity: AuditMeasure("sensitivity", -1), lapseRate: AuditMeasure("lapses", 0),
          outfit: 1.2, infit: 0.9)
      ],
      photos: [
        AuditedPhoto(
          photo: PhotoID(name), comparisons: 12, score: 1, scoreWithObservers: 1.5, outfit: 1,
          infit: 1, ranks: 2...3)
      ],
      scaleChange: AuditedScaleChange(
        slope: 0.9, rootMeanSquareShift: 0.1, largestShift: -0.3, photo: PhotoID(name),
        spearman: 0.99), replicates: 400, notes: [])
  }

  @Test func everythingStandsOnThePageAndNothingRuns() {
    let page = renderAudit(
      [audit("Indoor_1", verdict: .fault), audit("<script>x</script>", verdict: .look)],
      of: "votes <1>.csv")
    #expect(!page.contains("<script"))
    #expect(page.contains("16 probes found a fault, and 16 findings are worth a look."))
    for text in [
      "Side bias", "Circles among photos", "10.0 % narrower", "2–3", "&lt; 0.0001",
      "0.25 (0.10 to 0.40), expected 0",
    ] {
      #expect(page.contains(text), "\(text)")
    }
  }

  @Test func oneProbeIsNamedInTheSingular() {
    var one = audit("S", verdict: .fine)
    one.findings = [
      AuditFinding(.lapses, .fault, "Blind."), AuditFinding(.fatigue, .look, "Tired."),
    ]
    #expect(
      renderAudit([one], of: "v.csv")
        .contains("1 probe found a fault, and 1 finding is worth a look."))
  }
}
