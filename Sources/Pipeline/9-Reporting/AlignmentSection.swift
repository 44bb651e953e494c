import Documents
import Domain
import Statistics

/// How every scene's scale maps to the cross-scene scale (paper 2, figure 5).
func alignmentSection(_ study: Study) -> ReportSection? {
  let alignments = study.alignments.sorted { $0.scene < $1.scene }
  guard !alignments.isEmpty else { return nil }
  var lead = """
    Each scene's own scale x maps to the cross-scene scale by y = a·x + b. A scene at (1, 0) needs \
    no alignment; the distance from there is the error of unaligned scores. Bars are 95 % intervals.
    """
  if let scale = study.content.unifiedScale {
    lead += " The unit and the origin are those of \(readable(scale.referenceScene))"
    lead += scale.referenceReason.isEmpty ? "." : ": \(scale.referenceReason)"
  }
  let chart = ScatterChart(
    title: "Alignment coefficients of the scenes", xAxis: Axis("Slope a"),
    yAxis: Axis("Offset b", unit: study.unit.text),
    series: alignments.map { alignment in
      let reach = intervalFactor(alignment)
      return .init(
        readable(alignment.scene),
        points: [
          .init(
            readable(alignment.scene), x: alignment.a, y: alignment.b,
            xInterval: interval(alignment.a, reach * alignment.aStandardError),
            yInterval: interval(alignment.b, reach * alignment.bStandardError))
        ], paletteIndex: study.paletteIndex(alignment.scene))
    }, references: [.point(x: 1, y: 0, label: "ideal (1, 0)")], showsLabels: true)
  return ReportSection("alignment", "From scene scales to one scale", lead: .text(lead)) {
    chart.figure(id: "alignment-chart")
    alignmentTable(alignments, study).html()
  }
}

/// The half width of a 95 % interval in standard errors, as `vernier unify` takes it.
///
/// Student's for errors that were estimated from residuals, the normal one for those from the
/// votes' own covariances.
private func intervalFactor(_ alignment: SceneAlignment) -> Double {
  alignment.degreesOfFreedom.map { StudentT(degreesOfFreedom: Double($0)).quantile(0.975) }
    ?? StandardNormal.quantile(0.975)
}

private func interval(_ middle: Double, _ reach: Double) -> Span? {
  reach.isFinite ? Span(middle - reach, middle + reach) : nil
}

private func alignmentTable(_ alignments: [SceneAlignment], _ study: Study) -> TextTable {
  TextTable(
    caption: "y = a·x + b, with standard errors; b, residual and range in \(study.unit)",
    columns: ["Scene", "a", "± a", "b", "± b", "Shared photos", "Residual", "Range"],
    rows: alignments.map { alignment in
      let isReference = alignment.scene == study.content.unifiedScale?.referenceScene
      return [readable(alignment.scene) + (isReference ? " (reference)" : "")]
        + [
          alignment.a, alignment.aStandardError, alignment.b, alignment.bStandardError,
        ].map { NumberFormat.typeset($0, decimals: 3) } + [String(alignment.sharedPhotos)]
        + [alignment.residualStandardDeviation, alignment.sharedRange].map(quality)
    })
}

/// The photos of every scene along the unified scale (paper 2, figure 2).
func histogramSection(_ study: Study) -> ReportSection? {
  guard let scale = study.content.unifiedScale, !scale.photos.isEmpty else { return nil }
  let photos = Dictionary(grouping: scale.photos, by: \.scene)
  let chart = HistogramChart(
    title: "Photos along the unified scale, by scene",
    axis: Axis("Quality on the unified scale", unit: study.unit.text), countTitle: "Photos",
    series: study.scenes.map { scene in
      .init(readable(scene), values: photos[scene]?.map(\.score) ?? [])
    })
  return ReportSection(
    "histogram", "Distribution of the photos",
    lead: "The photos of all scenes on the one scale. A good set covers the scale without gaps."
  ) { chart.figure(id: "histogram-chart") }
}
