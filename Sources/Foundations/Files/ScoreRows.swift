package import Domain

/// The 14 columns that the public data set's score files have, read and written by every file of
/// scores.
package struct ScoreRows {
  /// The columns in their order.
  package static let names = [
    "IMAGE PATH", "JOD", "JOD STD", "CI LOW", "CI HIGH", "CI RANGE", "QUALITY LEVEL", "CLUSTER",
    "TOTAL COMPARISONS", "IMAGE", "SCENE", "ATTRIBUTE", "SCENE IDX", "CONDITION",
  ]

  private let jod: CSVTable.Column
  private let deviation: CSVTable.Column
  private let low: CSVTable.Column
  private let high: CSVTable.Column
  private let comparisons: CSVTable.Column
  private let image: CSVTable.Column
  private let scene: CSVTable.Column
  private let attribute: CSVTable.Column
  private let level: CSVTable.Column?
  private let cluster: CSVTable.Column?
  private let condition: CSVTable.Column?

  /// Finds the columns; those that follow from others (`CI RANGE`, `IMAGE PATH`, `SCENE IDX`) may
  /// be absent, as may `QUALITY LEVEL`, `CLUSTER` and `CONDITION`.
  package init(_ table: CSVTable) throws(InputError) {
    let needed = try table.columns([
      "JOD", "JOD STD", "CI LOW", "CI HIGH", "TOTAL COMPARISONS", "IMAGE", "SCENE", "ATTRIBUTE",
    ])
    jod = needed[0]
    deviation = needed[1]
    low = needed[2]
    high = needed[3]
    comparisons = needed[4]
    image = needed[5]
    scene = needed[6]
    attribute = needed[7]
    level = table.column(ifPresent: "QUALITY LEVEL")
    cluster = table.column(ifPresent: "CLUSTER")
    condition = table.column(ifPresent: "CONDITION")
  }

  /// Reads a table's rows, in order; a photo given twice for one scene and attribute is an error.
  package func read(_ table: CSVTable) throws(InputError) -> [(
    attribute: Attribute, photo: ScaledPhoto
  )] {
    var result: [(attribute: Attribute, photo: ScaledPhoto)] = []
    result.reserveCapacity(table.rowCount)
    var once = OnceOnly<[String]>()
    for row in table.rows {
      let (attribute, photo) = try read(row)
      try once.check([attribute.text, photo.scene.text, photo.photo.text], row, image)
      result.append((attribute, photo))
    }
    guard !result.isEmpty else {
      throw InputError(table.file, "holds no scores", remedy: "add a row for each photo")
    }
    return result
  }

  private func read(_ row: CSVRow) throws(InputError) -> (Attribute, ScaledPhoto) {
    let ends = (try row.number(low), try row.number(high))
    if ends.0 > ends.1 {
      throw row.error(high, "is below CI LOW", remedy: "exchange the two")
    }
    let spread = try row.number(deviation)
    if spread < 0 { throw row.error(deviation, "is negative", remedy: "write 0 or more") }
    let photo = ScaledPhoto(
      photo: PhotoID(try row.text(image)), scene: SceneID(try row.text(scene)),
      score: try row.number(jod), standardDeviation: spread,
      interval: ConfidenceInterval(low: ends.0, high: ends.1),
      comparisons: try row.integer(comparisons, in: 0...(1 << 53)),
      level: try row.optionalInteger(level, in: 0...(1 << 31)),
      cluster: try row.optionalInteger(cluster, in: -1...(1 << 31)),
      condition: try readCondition(row))
    return (Attribute(try row.text(attribute)), photo)
  }

  private func readCondition(_ row: CSVRow) throws(InputError) -> LightingCondition? {
    guard let condition else { return nil }
    let text = row.rawText(condition)
    if text.isEmpty { return nil }
    let known = LightingCondition.allCases.first { $0.rawValue.lowercased() == text.lowercased() }
    guard let known else {
      let names = LightingCondition.allCases.map(\.rawValue).joined(separator: ", ")
      throw row.error(
        condition, "\(CSVTable.quoted(text)) is not a lighting condition",
        remedy: "write one of \(names), or leave it empty")
    }
    return known
  }

  /// The fields of one photo, in the order of ``names``.
  package static func row(_ photo: ScaledPhoto, attribute: Attribute, sceneIndex: Int) -> [String] {
    let interval = photo.interval
    return [
      "\(attribute.title)\\\(photo.photo.text)", CSVWriter.text(photo.score),
      CSVWriter.text(photo.standardDeviation), CSVWriter.text(interval.low),
      CSVWriter.text(interval.high), CSVWriter.text(interval.width),
      photo.level.map { "\($0)" } ?? "", CSVWriter.text(photo.cluster.map(Double.init)),
      CSVWriter.text(Double(photo.comparisons)), photo.photo.text, photo.scene.text,
      attribute.title, "\(sceneIndex)", photo.condition?.rawValue ?? "",
    ]
  }

  /// Refuses a number that a file can't hold.
  static func checkFinite(_ photo: ScaledPhoto, path: String) throws(InputError) {
    let numbers = [
      photo.score, photo.standardDeviation, photo.interval.low,
      photo.interval.high,
    ]
    guard numbers.allSatisfy(\.isFinite) else {
      throw InputError(
        path, "photo \(photo.photo) of scene \(photo.scene) has a score that is not finite",
        remedy: "scale with a prior, or leave the photo out")
    }
  }

  /// The kind of unit of a file and who judged: what its provenance says, else what its numbers
  /// show.
  ///
  /// - Throws: `InputError` when the provenance names a unit that no scale of comparisons has.
  package static func unit(
    of photos: [[ScaledPhoto]], beside path: String
  ) throws(InputError) -> (convention: ScaleConvention, origin: ScoreUnit.Origin) {
    guard let stated = try Provenance.read(beside: path)?.unit else {
      return (isStandardised(photos) ? .piq23 : .jod, .people)
    }
    guard let convention = ScaleConvention(stated) else {
      throw InputError(
        Provenance.path(beside: path), "its unit is \(stated), which no scale of comparisons has",
        remedy: "give the file that `vernier scale` wrote")
    }
    return (convention, stated.origin)
  }

  /// Whether every scene shows PIQ23's z-scored unit.
  package static func isStandardised(_ scenes: [[ScaledPhoto]]) -> Bool {
    scenes.allSatisfy(isStandardised)
  }

  /// Whether a scene's scores were z-scored and multiplied by 1.4826, as the published files are:
  /// their variance and the mean variance of the bootstraps then add up to 1.4826².
  private static func isStandardised(_ photos: [ScaledPhoto]) -> Bool {
    let count = Double(photos.count)
    let mean = photos.reduce(0) { $0 + $1.score } / count
    let total = photos.reduce(0) { sum, photo in
      let distance = photo.score - mean
      return sum + distance * distance + photo.standardDeviation * photo.standardDeviation
    }
    // The published files meet it within 5e-16; a chance agreement within 1e-9 in every scene is
    // out of question.
    return abs((total / count).squareRoot() - JOD.differenceSigma) < 1e-9
  }
}
