import Domain
import Files
import Scaling
import ScalingWorkflow
import Statistics
import Studies

/// The scale whose gaps are bridged: photos with jointly estimated positions.
struct BridgeScale {
  let attribute: Attribute
  let kind: RecordedGap.Scale
  let photos: [ScenePhoto]
  let estimates: Estimates
  /// The unit of the positions.
  let unit: ScoreUnit
  /// The files that it was read from.
  let inputs: [String]
}

extension BridgeScale {
  /// Reads the scale of a scene, or the one over all scenes.
  ///
  /// - Throws: `InputError` for a file that can't be read, a scene or an attribute that it lacks.
  init(_ plan: BridgePlan) throws {
    switch plan.source {
    case .scores(let path):
      let all = try ScoresFile.read(path)
      let scale = try Self.chosen(all, plan, in: path, { $0.scene }, { $0.attribute })
      let known = try CovariancesFile.read(beside: path)[scale.scene]?.matrix(of: scale.photos)
      self.init(
        attribute: scale.attribute, kind: .scene, scale.photos, covariance: known,
        unit: scale.unit, inputs: [path])
    case .unified(let path):
      let scale = try UnifiedScoresFile.read(path).scale
      if let wanted = plan.attribute, wanted != scale.attribute {
        throw InputError(
          Setting("attribute"),
          "«\(wanted)» has no scores in \(path), which holds \(scale.attribute)",
          remedy: "give its unified scores, or leave the attribute out")
      }
      self.init(
        attribute: scale.attribute, kind: .unified, scale.photos, covariance: nil,
        unit: scale.unit, inputs: [path])
    case .votes(let votes, let place):
      let scenes = SceneJudgements.grouping(votes)
      let judgements = try Self.chosen(scenes, plan, in: place, { $0.scene }, { $0.attribute })
      var scaling = ScalingPlan()
      // Estimates are the same with and without a bootstrap, which only takes time here.
      scaling.settings.bootstraps = 0
      let scaled = try scaling.scaled(judgements)
      self.init(
        attribute: judgements.attribute, kind: .scene,
        photos: judgements.photos.map { ScenePhoto(scene: judgements.scene, photo: $0) },
        estimates: scaled.estimates, unit: scaled.scale.unit, inputs: [])
    }
  }

  private init(
    attribute: Attribute, kind: RecordedGap.Scale, _ placed: [ScaledPhoto], covariance: [Double]?,
    unit: ScoreUnit, inputs: [String]
  ) {
    let count = placed.count
    var matrix = covariance ?? [Double](repeating: 0, count: count * count)
    if covariance == nil {
      // Without a covariance the errors count as independent.
      for (place, photo) in placed.enumerated() {
        matrix[place * count + place] = photo.standardDeviation * photo.standardDeviation
      }
    }
    self.init(
      attribute: attribute, kind: kind,
      photos: placed.map { ScenePhoto(scene: $0.scene, photo: $0.photo) },
      estimates: Estimates(
        positions: placed.map(\.score), information: matrix,
        comparisons: placed.map { Double($0.comparisons) }), unit: unit, inputs: inputs)
  }

  /// The one of the plan's scene and attribute.
  private static func chosen<Value>(
    _ all: [Value], _ plan: BridgePlan, in place: String, _ scene: (Value) -> SceneID,
    _ attribute: (Value) -> Attribute
  ) throws(InputError) -> Value {
    let own = all.filter { scene($0) == plan.scene }
    guard !own.isEmpty else {
      let known = Set(all.map { scene($0).text }).sorted()
      throw InputError(
        Setting("scene"), "«\(plan.scene)» has no scale in \(place)",
        remedy: known.isEmpty
          ? "collect votes first" : "give one of \(known.prefix(12).joined(separator: ", "))")
    }
    let names = own.map { attribute($0) }.sorted()
    let wanted = plan.attribute.map { [$0] } ?? names
    guard wanted.count == 1, let value = own.first(where: { attribute($0) == wanted[0] }) else {
      throw InputError(
        Setting("attribute"),
        plan.attribute.map { "«\($0)» has no scale of \(plan.scene) in \(place)" }
          ?? "\(place) holds several of \(plan.scene)",
        remedy: "give one of \(names.map(\.text).joined(separator: ", "))")
    }
    return value
  }
}
