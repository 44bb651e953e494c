public import Documents
public import Domain

/// A table of a report.
public typealias ReportTable = TextTable

/// Everything that a report can show; each part may be missing, and its section is left out then.
///
/// The texts may come from users: they are escaped wherever they are written.
public struct ReportContent: Sendable {
  /// The title, such as `Face details of five portraits`.
  public var title: String
  /// What was measured and how, in one or two sentences.
  public var measured: String
  /// The answer in one sentence; made from the results when `nil`.
  public var answer: String?
  /// What every reader must know before the numbers, such as that the observers were simulated.
  public var notices: [String]
  /// Numbers for the head of the report, after those made from the results.
  public var keyFigures: [ReportKeyFigure]
  /// The scales of single scenes.
  public var sceneScales: [SceneScale]
  /// The scale of the cross-scene set.
  public var crossScale: CrossScale?
  /// The scale over all scenes.
  public var unifiedScale: UnifiedScale?
  /// How scenes map to the cross-scene scale; the unified scale's own when empty.
  public var alignments: [SceneAlignment]
  /// How far devices stand below the references of their scenes, one for each attribute.
  public var references: [ReportReferences]
  /// What the study's photos differ in; its caption is a sentence above the table.
  public var coverage: ReportTable?
  /// Small pictures of photos.
  public var samples: [ReportSample]
  /// Predictions of photos whose quality was measured.
  public var predictions: [ReportPrediction]
  /// The progress of trainings.
  public var learningCurves: [ReportCurve]
  /// Scores of photos without judgements.
  public var scores: [PhotoScore]
  /// Tables, such as metrics.
  public var tables: [ReportTable]
  /// More charts with their captions.
  public var charts: [ReportChart]
  /// Settings and provenance: versions, seeds, input hashes.
  public var settings: [ReportSettings]

  /// Makes a content without results; set what there is.
  public init(title: String, measured: String = "") {
    self.title = title
    self.measured = measured
    answer = nil
    notices = []
    keyFigures = []
    sceneScales = []
    crossScale = nil
    unifiedScale = nil
    alignments = []
    references = []
    coverage = nil
    samples = []
    predictions = []
    learningCurves = []
    scores = []
    tables = []
    charts = []
    settings = []
  }
}

/// A big number at the head of a report.
public struct ReportKeyFigure: Hashable, Sendable {
  /// The number with its unit, such as `9.8 JOD`.
  public var value: String
  /// What it is, such as `range of the unified scale`.
  public var label: String

  /// Makes a key figure.
  public init(_ value: String, _ label: String) {
    self.value = value
    self.label = label
  }
}

/// A small picture of a photo.
public struct ReportSample: Hashable, Sendable {
  /// The scene; `nil` for a photo that belongs to none.
  public var scene: SceneID?
  /// The photo: its file name in the scene, or the path that its score carries.
  public var photo: PhotoID
  /// The bytes of a JPEG, PNG or WebP file, best 200 to 300 pixels wide.
  public var image: [UInt8]

  /// Makes a sample.
  public init(scene: SceneID?, photo: PhotoID, image: [UInt8]) {
    self.scene = scene
    self.photo = photo
    self.image = image
  }
}

extension SplitPart {
  /// The name in legends.
  var legend: String {
    switch self {
    case .train: "Training scenes"
    case .valid: "Validation scenes"
    case .test: "Unseen test scenes"
    }
  }
}

/// A photo's measured quality with a model's prediction of it.
public struct ReportPrediction: Hashable, Sendable {
  /// The model.
  public var model: String
  /// The scene.
  public var scene: SceneID
  /// The photo.
  public var photo: PhotoID
  /// The part of the split.
  public var part: SplitPart
  /// The measured quality.
  public var measured: Double
  /// The interval of the measured quality, if known.
  public var interval: ConfidenceInterval?
  /// The predicted quality, in the same unit.
  public var predicted: Double

  /// Makes a prediction.
  public init(
    model: String, scene: SceneID, photo: PhotoID, part: SplitPart, measured: Double,
    interval: ConfidenceInterval? = nil, predicted: Double
  ) {
    self.model = model
    self.scene = scene
    self.photo = photo
    self.part = part
    self.measured = measured
    self.interval = interval
    self.predicted = predicted
  }
}

/// A value followed over the epochs of a training.
public struct ReportCurve: Hashable, Sendable {
  /// The name of the line, such as `unified scale, validation`.
  public var name: String
  /// What is followed, such as `Mean squared error`; lines of the same quantity share a chart.
  public var quantity: String
  /// The unit of the quantity, if it has one.
  public var unit: ScoreUnit?
  /// The epochs.
  public var epochs: [Double]
  /// The values, one an epoch.
  public var values: [Double]

  /// Makes a curve.
  public init(
    _ name: String, quantity: String, unit: ScoreUnit? = nil, epochs: [Double], values: [Double]
  ) {
    self.name = name
    self.quantity = quantity
    self.unit = unit
    self.epochs = epochs
    self.values = values
  }
}

/// A chart that the caller made, with its caption.
public struct ReportChart: Sendable {
  /// The chart.
  public var chart: any Chart
  /// What to see in it.
  public var caption: String

  /// Makes a chart of a report.
  public init(_ chart: any Chart, caption: String) {
    self.chart = chart
    self.caption = caption
  }
}

/// Settings that belong together.
public struct ReportSettings: Hashable, Sendable {
  /// One setting.
  public struct Entry: Hashable, Sendable {
    /// The name.
    public var key: String
    /// The value.
    public var value: String

    /// Makes a setting.
    public init(_ key: String, _ value: String) {
      self.key = key
      self.value = value
    }
  }

  /// What the settings are of, such as `Training`.
  public var title: String
  /// The settings.
  public var entries: [Entry]

  /// Makes a group of settings.
  public init(_ title: String, _ entries: [Entry]) {
    self.title = title
    self.entries = entries
  }
}
