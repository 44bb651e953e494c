import Domain
import Files
import Studies

/// Refuses scores of different models or units: their difference would be one of the models, not of
/// the photos.
struct OneModel {
  private struct Known {
    let place: String
    let name: String?
    let sha256: String?
    let unit: ScoreUnit?

    var text: String {
      let digest = sha256.map { " (SHA-256 \($0.prefix(12))…)" } ?? ""
      return (name ?? "a model without a name") + digest
    }

    /// Whether two scores are certainly of different models; digests tell more than names, which
    /// are those of folders.
    func differs(from other: Self) -> Bool {
      if let sha256, let second = other.sha256 { return sha256 != second }
      if let name, let second = other.name { return name != second }
      return false
    }
  }

  private var known: [Attribute: Known] = [:]

  /// Takes the next score of a file.
  ///
  /// - Throws: `InputError` when another model made the scores before.
  mutating func check(
    _ row: ModelScoreRow, _ attribute: Attribute, in file: String
  ) throws(InputError) {
    let found = Known(
      place: "\(file), row \(row.row)", name: row.model, sha256: row.modelSHA256, unit: row.unit)
    guard let first = known[attribute] else {
      known[attribute] = found
      return
    }
    try Self.checkUnits(found, first, "in \(first.place)")
    guard found.differs(from: first) else { return }
    throw InputError(
      found.place,
      "\(attribute) was scored by \(found.text), and by \(first.text) in \(first.place)",
      remedy: "score both sides with one model")
  }

  /// Takes the scores of an attribute that a study keeps of a baseline.
  ///
  /// - Throws: `InputError` when another model made them.
  func check(_ baseline: StudyBaseline, _ attribute: Attribute) throws(InputError) {
    guard let model = baseline.model, let first = known[attribute] else { return }
    let unit = baseline.scores.first { $0.score.attribute == attribute }?.score.unit
    let kept = Known(place: "", name: model.name, sha256: model.sha256, unit: unit)
    try Self.checkUnits(first, kept, "in the baseline «\(baseline.name)»")
    guard kept.differs(from: first) else { return }
    throw InputError(
      first.place,
      "\(attribute) was scored by \(first.text), and the baseline «\(baseline.name)» by \(kept.text)",
      remedy: "score the baseline again: vernier baseline rescore \(baseline.name)")
  }

  private static func checkUnits(
    _ found: Known, _ other: Known, _ place: String
  ) throws(InputError) {
    guard let unit = found.unit, let second = other.unit, unit != second else { return }
    throw InputError(
      found.place, "its unit is \(unit), and \(second) \(place)",
      remedy: "give scores of one unit")
  }
}
