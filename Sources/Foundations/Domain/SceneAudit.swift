/// One observer as the model with observers sees him or her.
public struct AuditedObserver: Hashable, Sendable, Codable {
  /// The observer.
  public let observer: ObserverID
  /// The number of votes.
  public let votes: Int
  /// How much better photo A looks because it is A, in JOD, shrunk towards the other observers'.
  public let sideBias: AuditMeasure
  /// How well the observer tells photos apart: 1 as most do, 0 not at all, negative the other way
  /// round; shrunk.
  public let sensitivity: AuditMeasure
  /// The share of blind answers, from this observer's votes alone.
  public let lapseRate: AuditMeasure
  /// The mean squared standardized residual of the votes, 1 as expected; surprising single answers
  /// raise it.
  public let outfit: Double
  /// The same weighted by information, 1 as expected.
  public let infit: Double

  /// Makes an observer.
  public init(
    observer: ObserverID, votes: Int, sideBias: AuditMeasure, sensitivity: AuditMeasure,
    lapseRate: AuditMeasure, outfit: Double, infit: Double
  ) {
    (self.observer, self.votes, self.sideBias) = (observer, votes, sideBias)
    (self.sensitivity, self.lapseRate) = (sensitivity, lapseRate)
    (self.outfit, self.infit) = (outfit, infit)
  }
}

/// One photo of an audited scene.
public struct AuditedPhoto: Hashable, Sendable, Codable {
  /// The photo.
  public let photo: PhotoID
  /// The number of votes that it took part in.
  public let comparisons: Int
  /// Its position when all observers are alike, in JOD.
  public let score: Double
  /// Its position with the observers in the model, in JOD.
  public let scoreWithObservers: Double
  /// The mean squared standardized residual of its votes, 1 as expected.
  public let outfit: Double
  /// The same weighted by information, 1 as expected.
  public let infit: Double
  /// The best rank that it may have, 1 for the best photo; holds for all photos of the scene at
  /// once.
  public let bestRank: Int
  /// The worst rank that it may have.
  public let worstRank: Int

  /// Makes a photo.
  public init(
    photo: PhotoID, comparisons: Int, score: Double, scoreWithObservers: Double, outfit: Double,
    infit: Double, ranks: ClosedRange<Int>
  ) {
    (self.photo, self.comparisons, self.score) = (photo, comparisons, score)
    (self.scoreWithObservers, self.outfit, self.infit) = (scoreWithObservers, outfit, infit)
    (bestRank, worstRank) = (ranks.lowerBound, ranks.upperBound)
  }
}

/// How a scale changes when observers enter the model.
public struct AuditedScaleChange: Hashable, Sendable, Codable {
  /// The slope of the scale with observers against the one without; above 1 poor answers had
  /// squeezed it.
  public let slope: Double
  /// The root mean square of the shifts, in JOD.
  public let rootMeanSquareShift: Double
  /// The largest shift, in JOD.
  public let largestShift: Double
  /// The photo that shifts most.
  public let photo: PhotoID
  /// The rank correlation of the two scales.
  public let spearman: Double

  /// Compares two scales of the same photos, both with mean 0.
  public init(
    slope: Double, rootMeanSquareShift: Double, largestShift: Double, photo: PhotoID,
    spearman: Double
  ) {
    (self.slope, self.rootMeanSquareShift) = (slope, rootMeanSquareShift)
    (self.largestShift, self.photo, self.spearman) = (largestShift, photo, spearman)
  }
}

/// The audit of one scene and attribute.
public struct SceneAudit: Hashable, Sendable, Codable {
  /// The scene.
  public let scene: SceneID
  /// The attribute.
  public let attribute: Attribute
  /// The number of votes.
  public let votes: Int
  /// What every probe found, in the order of ``AuditProbe``.
  public var findings: [AuditFinding]
  /// The observers, ascending by pseudonym.
  public let observers: [AuditedObserver]
  /// The photos, the best first.
  public let photos: [AuditedPhoto]
  /// The scale with observers in the model against the one without; nil with a single observer.
  public let scaleChange: AuditedScaleChange?
  /// The number of simulated replicates behind the p-values.
  public let replicates: Int
  /// What a reader must know beside, each in one sentence.
  public let notes: [String]

  /// Makes an audit.
  public init(
    scene: SceneID, attribute: Attribute, votes: Int, findings: [AuditFinding],
    observers: [AuditedObserver], photos: [AuditedPhoto], scaleChange: AuditedScaleChange?,
    replicates: Int, notes: [String]
  ) {
    (self.scene, self.attribute, self.votes) = (scene, attribute, votes)
    (self.findings, self.observers, self.photos) = (findings, observers, photos)
    (self.scaleChange, self.replicates, self.notes) = (scaleChange, replicates, notes)
  }

  /// The gravest verdict.
  public var verdict: AuditVerdict { findings.map(\.verdict).max() ?? .fine }
}
