import Domain
import Statistics

/// The scale of a scene with its observers in the model.
///
/// Intervals come from the information that observers' traits leave, and from the spread over
/// observers; they are symmetric. A correction for pairs that earlier answers chose takes the
/// stretch of the plain scale. There are no replicates.
func scaleWithObservers(
  _ judgements: SceneJudgements, fit: ScaleFit, notes: [String], settings: ScalingSettings,
  simulation: StudySimulation?, progress: ScalingProgress
) throws -> ScaledScene {
  let ridge = PairFitter(settings).ridge
  let model =
    settings.model == .bradleyTerry
    ? try ObserverModel(judgements, fit: fit, ridge: ridge, link: LogisticLink.self)
    : try ObserverModel(judgements, fit: fit, ridge: ridge, link: ThurstoneLink.self)
  let observers = judgements.observers.count
  var influences = ObserverInfluences(
    observers: judgements.observers, slopes: model.slopes, covariance: model.fit.covariance,
    count: judgements.photos.count)
  let enough = observers >= settings.minimumObservers
  let comparisons = ComparisonMatrix(judgements).comparisonsPerPhoto
  var estimates = Estimates(
    positions: model.fit.jod, information: model.fit.covariance,
    spread: enough ? influences.covariance(count: judgements.photos.count) : nil,
    units: enough ? observers : nil, comparisons: comparisons)
  var notes = notes
  notes.append(model.note)
  let correction = try corrected(
    estimates, judgements, fit: model.fit, simulation: simulation, settings: settings,
    progress: progress)
  if let correction, correction.mismatch == nil {
    estimates = correction.estimates
    influences = influences.scaled(by: 1 / correction.stretch)
  }
  let choice = correction?.choice ?? (simulation == nil ? .beforehand : .uncorrected)
  if let note = choiceNote(choice, settings: settings) { notes.append(note) }
  let places = Placement(
    estimates, deviations: model.fit.standardDeviations.map { $0 / choice.stretch },
    bootstrap: nil, settings: settings)
  let photos = judgements.photos.indices.map { photo in
    ScaledPhoto(
      photo: judgements.photos[photo], scene: judgements.scene, score: places.center[photo],
      standardDeviation: places.deviation[photo],
      interval: ConfidenceInterval(
        low: places.low[photo], high: places.high[photo], level: settings.confidenceLevel),
      comparisons: Int(comparisons[photo].rounded()))
  }
  return ScaledScene(
    scale: SceneScale(
      scene: judgements.scene, attribute: judgements.attribute, convention: settings.convention,
      photos: photos),
    estimates: estimates, influences: influences, fit: model.fit, bootstrap: nil,
    intervals: .observedInformation, choice: choice, settings: settings, notes: notes)
}

extension ObserverModel {
  /// What the model found, in one sentence.
  var note: String {
    let least = observers.map(\.sensitivity).min() ?? 1
    return "Observers are in the model: side bias \(AuditText.number(sideBias)) JOD, lapse rate "
      + "\(AuditText.percent(lapseRate)), least sensitivity \(AuditText.number(least)); "
      + "intervals are symmetric, and no replicates were drawn."
  }
}

extension ObserverInfluences {
  /// The influences of observers whose votes have these gradients.
  init(
    observers: [ObserverID], slopes: [[Double]], covariance: [Double], count: Int
  ) {
    var slopes = slopes
    for photo in 0..<count {
      let mean = slopes.reduce(0) { $0 + $1[photo] } / Double(max(1, observers.count))
      for observer in slopes.indices { slopes[observer][photo] -= mean }
    }
    self.init(
      observers: observers,
      vectors: slopes.map { slope in
        (0..<count).map { i in
          var sum = 0.0
          for j in 0..<count { sum += covariance[i * count + j] * slope[j] }
          return sum
        }
      })
  }
}
