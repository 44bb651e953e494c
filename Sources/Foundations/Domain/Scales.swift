/// Whether a photo was taken under daylight or less: the data set's `CONDITION` column.
public enum LightingCondition: String, Hashable, Sendable, Codable, CaseIterable {
  /// Outdoors by day.
  case outdoor = "Outdoor"
  /// Indoors, well lit.
  case indoor = "Indoor"
  /// Indoors, badly lit.
  case lowlight = "Lowlight"
  /// Outdoors by night.
  case night = "Night"
}

/// A photo with its place on a scale.
public struct ScaledPhoto: Hashable, Sendable, Codable {
  /// The photo.
  public let photo: PhotoID
  /// The scene that it shows.
  public let scene: SceneID
  /// Its quality, in the unit of the scale that holds it.
  public let score: Double
  /// The standard deviation of the quality, in the same unit.
  public let standardDeviation: Double
  /// The interval of the quality, in the same unit.
  public let interval: ConfidenceInterval
  /// The number of judgements that the photo took part in.
  public let comparisons: Int
  /// The quality level, 0 the worst, if levels were separated.
  public let level: Int?
  /// The final cluster, −1 for a photo alone, if clusters were separated.
  public let cluster: Int?
  /// The lighting condition, if known.
  public let condition: LightingCondition?

  /// Makes a photo with its place on a scale.
  public init(
    photo: PhotoID, scene: SceneID, score: Double, standardDeviation: Double,
    interval: ConfidenceInterval, comparisons: Int, level: Int? = nil, cluster: Int? = nil,
    condition: LightingCondition? = nil
  ) {
    self.photo = photo
    self.scene = scene
    self.score = score
    self.standardDeviation = standardDeviation
    self.interval = interval
    self.comparisons = comparisons
    self.level = level
    self.cluster = cluster
    self.condition = condition
  }

  /// The same photo with its level and cluster.
  public func with(level: Int?, cluster: Int?) -> Self {
    Self(
      photo: photo, scene: scene, score: score, standardDeviation: standardDeviation,
      interval: interval, comparisons: comparisons, level: level, cluster: cluster,
      condition: condition)
  }
}

/// The quality scale of one scene and one attribute.
///
/// Its origin means nothing outside the scene.
///
/// It shares no protocol with ``UnifiedScale``: nothing that needs one scale can be handed
/// per-scene scores by mistake.
public struct SceneScale: Hashable, Sendable, Codable {
  /// The scene.
  public let scene: SceneID
  /// The attribute.
  public let attribute: Attribute
  /// The kind of unit.
  public let convention: ScaleConvention
  /// Who judged.
  public let origin: ScoreUnit.Origin
  /// The photos with their places.
  public let photos: [ScaledPhoto]

  /// Makes the scale of one scene.
  public init(
    scene: SceneID, attribute: Attribute, convention: ScaleConvention,
    origin: ScoreUnit.Origin = .people, photos: [ScaledPhoto]
  ) {
    self.scene = scene
    self.attribute = attribute
    self.convention = convention
    self.origin = origin
    self.photos = photos
  }

  /// The unit of the photos' scores.
  public var unit: ScoreUnit { convention.unit(of: .scene(scene), origin: origin) }
}

/// The scale of the cross-scene set: photos of several scenes, judged against one another (paper
/// 2).
public struct CrossScale: Hashable, Sendable, Codable {
  /// The attribute.
  public let attribute: Attribute
  /// The kind of unit.
  public let convention: ScaleConvention
  /// Who judged.
  public let origin: ScoreUnit.Origin
  /// The photos with their places; each carries its scene.
  public let photos: [ScaledPhoto]

  /// Makes the scale of a cross-scene set.
  public init(
    attribute: Attribute, convention: ScaleConvention, origin: ScoreUnit.Origin = .people,
    photos: [ScaledPhoto]
  ) {
    self.attribute = attribute
    self.convention = convention
    self.origin = origin
    self.photos = photos
  }

  /// The unit of the photos' scores.
  public var unit: ScoreUnit { convention.unit(of: .crossScenes, origin: origin) }

  /// Takes scaled photos that are named `scene/photo`, as ``ScenePhoto/crossName`` writes; others
  /// are left out.
  public init(
    attribute: Attribute, convention: ScaleConvention, origin: ScoreUnit.Origin = .people,
    crossNamed photos: [ScaledPhoto]
  ) {
    self.init(
      attribute: attribute, convention: convention, origin: origin,
      photos: photos.compactMap { photo in
        ScenePhoto(crossName: photo.photo).map {
          ScaledPhoto(
            photo: $0.photo, scene: $0.scene, score: photo.score,
            standardDeviation: photo.standardDeviation, interval: photo.interval,
            comparisons: photo.comparisons)
        }
      })
  }
}

/// How one scene's scale maps to the cross-scene scale: `y = a·x + b` (paper 2, equation 1).
public struct SceneAlignment: Hashable, Sendable, Codable {
  /// The scene.
  public let scene: SceneID
  /// The slope.
  public let a: Double
  /// The offset, in JOD of the cross-scene scale.
  public let b: Double
  /// The standard error of the slope; not finite with fewer than 3 shared photos.
  public let aStandardError: Double
  /// The standard error of the offset.
  public let bStandardError: Double
  /// The covariance of slope and offset.
  public let abCovariance: Double
  /// The number of photos with both scores.
  public let sharedPhotos: Int
  /// The root mean square of the residuals, in JOD of the cross-scene scale.
  public let residualStandardDeviation: Double
  /// The range of `x` over the shared photos, in JOD of the scene's scale.
  public let sharedRange: Double
  /// The degrees of freedom behind the errors; nil for errors that were not estimated from
  /// residuals.
  public let degreesOfFreedom: Int?

  /// Makes an alignment.
  public init(
    scene: SceneID, a: Double, b: Double, aStandardError: Double, bStandardError: Double,
    abCovariance: Double, sharedPhotos: Int, residualStandardDeviation: Double,
    sharedRange: Double, degreesOfFreedom: Int? = nil
  ) {
    self.degreesOfFreedom = degreesOfFreedom
    self.scene = scene
    self.a = a
    self.b = b
    self.aStandardError = aStandardError
    self.bStandardError = bStandardError
    self.abCovariance = abCovariance
    self.sharedPhotos = sharedPhotos
    self.residualStandardDeviation = residualStandardDeviation
    self.sharedRange = sharedRange
  }
}

/// One quality scale over several scenes (paper 2): scores of different scenes can be compared.
public struct UnifiedScale: Hashable, Sendable, Codable {
  /// The attribute.
  public let attribute: Attribute
  /// The scene whose scale is the unit and the origin.
  public let referenceScene: SceneID
  /// Why that scene is the reference, in one sentence.
  public let referenceReason: String
  /// How each scene's own scale maps to the cross-scene scale, ascending by scene.
  public let alignments: [SceneAlignment]
  /// Every photo of every scene, in the unit of the reference scene's scale.
  public let photos: [ScaledPhoto]
  /// The kind of unit: that of the reference scene's scale.
  public let convention: ScaleConvention
  /// Who judged.
  public let origin: ScoreUnit.Origin

  /// Makes a unified scale.
  public init(
    attribute: Attribute, referenceScene: SceneID, referenceReason: String,
    alignments: [SceneAlignment], photos: [ScaledPhoto], convention: ScaleConvention = .jod,
    origin: ScoreUnit.Origin = .people
  ) {
    self.attribute = attribute
    self.referenceScene = referenceScene
    self.referenceReason = referenceReason
    self.alignments = alignments
    self.photos = photos
    self.convention = convention
    self.origin = origin
  }

  /// The unit of the photos' scores: that of the reference scene's scale.
  public var unit: ScoreUnit { convention.unit(of: .scene(referenceScene), origin: origin) }
}
