public import Domain

extension CSVTable {
  /// The unit of a column of scores: what the file's provenance states, what its layout tells, else
  /// the column's name.
  ///
  /// - Throws: `InputError` when the provenance beside the file can't be read.
  public func unit(of column: String) throws(InputError) -> ScoreUnit {
    if let unit = try Provenance.read(beside: file)?.unit { return unit }
    guard column == "JOD", let rows = try? ScoreRows(self).read(self) else {
      return ScoreUnit(text: column)
    }
    if UnifiedScoresFile.isUnified(self) { return try UnifiedScoresFile.read(file).scale.unit }
    let scenes = Dictionary(grouping: rows.map(\.photo), by: \.scene).values
    let convention: ScaleConvention = ScoreRows.isStandardised(Array(scenes)) ? .piq23 : .jod
    return convention.unit(of: .eachScene)
  }
}
