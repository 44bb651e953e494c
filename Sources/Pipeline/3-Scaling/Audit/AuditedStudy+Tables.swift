import Domain
import Statistics

extension AuditedStudy {
  /// The audit with its tables of observers and photos.
  func audit(_ findings: [AuditFinding], scaled: ScaledScene, replicates: Int) -> SceneAudit {
    let order = AuditProbe.allCases
    let sorted = findings.sorted {
      (order.firstIndex(of: $0.probe) ?? 0) < (order.firstIndex(of: $1.probe) ?? 0)
    }
    return SceneAudit(
      scene: judgements.scene, attribute: judgements.attribute, votes: judgements.votes.count,
      findings: sorted, observers: observers(), photos: photos(scaled),
      scaleChange: model.flatMap { change(to: $0.fit.jod) }, replicates: replicates,
      notes: scaled.notes.filter { !$0.hasPrefix("Standard deviations") })
  }

  private func observers() -> [AuditedObserver] {
    judgements.observers.indices.map { index in
      let list = votes.layout.byObserver[index]
      let (outfit, infit) = votes.meanSquares(list)
      let lapses = Lapses(votes, list)
      let traits = model?.observers[index]
      func measure(_ name: String, _ value: Double?, _ error: Double?, _ usual: Double)
        -> AuditMeasure
      {
        let (value, reach) = (value ?? usual, 1.96 * (error ?? 0))
        return AuditMeasure(
          name, value, interval: error == nil ? nil : (value - reach, value + reach),
          expected: usual)
      }
      return AuditedObserver(
        observer: judgements.observers[index], votes: list.count,
        sideBias: measure("side bias, JOD", traits?.sideBias, traits?.sideBiasError, 0),
        sensitivity: measure("sensitivity", traits?.sensitivity, traits?.sensitivityError, 1),
        lapseRate: AuditMeasure(
          "lapse rate", lapses.rate, interval: lapses.interval, expected: 0),
        outfit: outfit, infit: infit)
    }
  }

  private func photos(_ scaled: ScaledScene) -> [AuditedPhoto] {
    let ranks = RankSets(
      scaled.estimates,
      generator: SeededGenerator(seed: scaled.settings.seed).stream(UInt64.max - 4)
    ).ranks
    let positions = scaled.estimates.positions
    let order = positions.indices.sorted { (positions[$1], $0) < (positions[$0], $1) }
    return order.map { index in
      let list = votes.layout.byPhoto[index]
      let (outfit, infit) = votes.meanSquares(list)
      return AuditedPhoto(
        photo: judgements.photos[index], comparisons: list.count, score: positions[index],
        scoreWithObservers: model?.fit.jod[index] ?? fit.jod[index], outfit: outfit,
        infit: infit, ranks: ranks[index])
    }
  }

  private func change(to after: [Double]) -> AuditedScaleChange? {
    let before = fit.jod
    let power = before.reduce(0) { $0 + $1 * $1 }
    let shifts = zip(before, after).map { $1 - $0 }
    guard power > 0, let worst = shifts.indices.max(by: { abs(shifts[$0]) < abs(shifts[$1]) })
    else { return nil }
    let squares = shifts.reduce(0) { $0 + $1 * $1 }
    return AuditedScaleChange(
      slope: zip(before, after).reduce(0) { $0 + $1.0 * $1.1 } / power,
      rootMeanSquareShift: (squares / Double(shifts.count)).squareRoot(),
      largestShift: shifts[worst], photo: judgements.photos[worst],
      spearman: Correlation.spearman(before, after))
  }
}
