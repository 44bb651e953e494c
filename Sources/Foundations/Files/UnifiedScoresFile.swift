public import Domain

/// A unified scale, and beside it each photo's score on the scale of its own scene.
public struct UnifiedScores: Hashable, Sendable {
  /// The one scale.
  public let scale: UnifiedScale
  /// Each photo's score on its own scene's scale, in the order of the scale's photos.
  public let sceneScores: [Double]

  /// Pairs a unified scale with scores per scene, in the order of the scale's photos.
  ///
  /// - Throws: `InputError` when the counts differ.
  public init(scale: UnifiedScale, sceneScores: [Double]) throws(InputError) {
    guard scale.photos.count == sceneScores.count else {
      throw InputError(
        "unified scale",
        "\(scale.photos.count) photos but \(sceneScores.count) scores on the scenes' own scales",
        remedy: "give one for each photo")
    }
    self.scale = scale
    self.sceneScores = sceneScores
  }

  /// Looks up each photo's score on the scale of its scene.
  ///
  /// - Throws: `InputError` for a photo that no scene's scale holds.
  public init(scale: UnifiedScale, sceneScales: [SceneScale]) throws(InputError) {
    var scores: [SceneID: [PhotoID: Double]] = [:]
    for sceneScale in sceneScales where sceneScale.attribute == scale.attribute {
      for photo in sceneScale.photos {
        scores[sceneScale.scene, default: [:]][photo.photo] = photo.score
      }
    }
    var sceneScores: [Double] = []
    for photo in scale.photos {
      guard let score = scores[photo.scene]?[photo.photo] else {
        throw InputError(
          "unified scale", "photo \(photo.photo) has no score on the scale of scene \(photo.scene)",
          remedy: "give the scales that were unified")
      }
      sceneScores.append(score)
    }
    try self.init(scale: scale, sceneScores: sceneScores)
  }
}

/// The file of a unified scale, `Scores_Unified.csv`: the 14 columns, `SCENE JOD` and
/// `REFERENCE SCENE`.
///
/// `JOD` is on the unified scale, `SCENE JOD` on the scale of the photo's own scene.
/// `REFERENCE SCENE` marks the file.
public enum UnifiedScoresFile {
  private static let sceneScoreName = "SCENE JOD"
  private static let referenceName = "REFERENCE SCENE"
  private static let reasonSetting = "referenceReason"

  /// Whether a table holds a unified scale.
  public static func isUnified(_ table: CSVTable) -> Bool {
    table.column(ifPresent: referenceName) != nil
  }

  /// Reads the scale.
  ///
  /// The reason for the reference scene comes from the provenance beside the file, and is empty
  /// without it. The scenes' alignments stand in another file (see ``CoefficientsFile``).
  ///
  /// - Throws: `InputError` that names the file, the row and the column; also for a file of scores
  ///   per scene.
  public static func read(
    _ path: String, alignments: [SceneAlignment] = []
  ) throws(InputError) -> UnifiedScores {
    let table = try CSVTable(path: path)
    guard let referenceColumn = table.column(ifPresent: referenceName) else {
      throw InputError(
        path,
        "holds scores per scene or no scores: the column REFERENCE SCENE is missing, and scores of "
          + "different scenes can't be compared",
        remedy: "run `vernier unify` on it and give the Scores_Unified.csv that it writes")
    }
    let sceneScoreColumn = try table.column(sceneScoreName)
    let rows = try ScoreRows(table).read(table)
    let attribute = try rows.singleAttribute(of: path)
    var sceneScores: [Double] = []
    var reference: SceneID?
    for row in table.rows {
      sceneScores.append(try row.number(sceneScoreColumn))
      let scene = SceneID(try row.text(referenceColumn))
      if let reference, reference != scene {
        throw row.error(
          referenceColumn, "differs from \(CSVTable.quoted(reference.text)) in the rows above",
          remedy: "a unified scale has one reference scene: unify all scenes together")
      }
      reference = scene
    }
    let provenance = try Provenance.read(beside: path)
    let unit = try unit(provenance, beside: path)
    let scale = UnifiedScale(
      attribute: attribute, referenceScene: reference ?? "",
      referenceReason: provenance?.settings[reasonSetting]?.text ?? "", alignments: alignments,
      photos: rows.map(\.photo), convention: unit.convention, origin: unit.origin)
    return try UnifiedScores(scale: scale, sceneScores: sceneScores)
  }

  /// The unit that the provenance states; version 0.1.0 stated none and called every unified scale
  /// JOD.
  private static func unit(
    _ provenance: Provenance?, beside path: String
  ) throws(InputError) -> (convention: ScaleConvention, origin: ScoreUnit.Origin) {
    guard let unit = provenance?.unit else { return (.jod, .people) }
    guard let convention = ScaleConvention(unit) else {
      throw InputError(
        Provenance.path(beside: path), "its unit is \(unit), which no unified scale has",
        remedy: "run `vernier unify` again")
    }
    return (convention, unit.origin)
  }

  /// Writes the scale and, beside the file, its provenance with the unit and the reason for the
  /// reference scene.
  public static func write(
    _ scores: UnifiedScores, to path: String, provenance: Provenance = Provenance()
  ) throws(InputError) {
    let scale = scores.scale
    var table = CSVWriter(
      columns: ScoreRows.names + [sceneScoreName, referenceName], lineEnd: .carriageReturnLineFeed)
    let photos = zip(zip(scale.photos, scale.photos.sceneIndices), scores.sceneScores)
    for ((photo, index), sceneScore) in photos {
      try ScoreRows.checkFinite(photo, path: path)
      table.append(
        ScoreRows.row(photo, attribute: scale.attribute, sceneIndex: index)
          + [CSVWriter.text(sceneScore), scale.referenceScene.text])
    }
    var provenance = provenance
    provenance.settings[reasonSetting] = .text(scale.referenceReason)
    try provenance.with(unit: scale.unit).write(beside: path)
    try table.write(to: path)
  }
}
