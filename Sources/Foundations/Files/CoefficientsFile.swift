public import Domain

/// The file of the scenes' alignments, `coefficients.csv`: `y = a·x + b` for each scene (paper 2,
/// figure 5).
///
/// Columns: `scene,a,b,a_se,b_se,ab_cov,shared,residual_sd,shared_range,df`. An error that is not
/// finite, for want of shared photos, is an empty field and reads back as NaN. `df` holds the
/// degrees of freedom of errors that were estimated from residuals, for Student's t; empty or
/// absent for errors that come from the votes' own covariances.
public enum CoefficientsFile {
  private static let names = [
    "scene", "a", "b", "a_se", "b_se", "ab_cov", "shared", "residual_sd", "shared_range",
  ]
  private static let freedomName = "df"

  /// Reads every alignment, in the order of the file.
  ///
  /// - Throws: `InputError` that names the file, the row and the column; a scene given twice is an
  ///   error.
  public static func read(_ path: String) throws(InputError) -> [SceneAlignment] {
    let table = try CSVTable(path: path)
    let column = try table.columns(names)
    let freedom = table.column(ifPresent: freedomName)
    var alignments: [SceneAlignment] = []
    var once = OnceOnly<String>()
    for row in table.rows {
      let scene = try row.text(column[0])
      try once.check(scene, row, column[0])
      alignments.append(
        SceneAlignment(
          scene: SceneID(scene), a: try row.number(column[1]), b: try row.number(column[2]),
          aStandardError: try row.optionalNumber(column[3]) ?? .nan,
          bStandardError: try row.optionalNumber(column[4]) ?? .nan,
          abCovariance: try row.optionalNumber(column[5]) ?? .nan,
          sharedPhotos: try row.integer(column[6], in: 0...(1 << 53)),
          residualStandardDeviation: try row.optionalNumber(column[7]) ?? .nan,
          sharedRange: try row.optionalNumber(column[8]) ?? .nan,
          degreesOfFreedom: try freedom.flatMap { column throws(InputError) in
            row.rawText(column).isEmpty ? nil : try row.integer(column, in: 1...(1 << 53))
          }))
    }
    guard !alignments.isEmpty else {
      throw InputError(table.file, "holds no scenes", remedy: "give the file of `vernier unify`")
    }
    return alignments
  }

  /// Writes alignments.
  public static func write(_ alignments: [SceneAlignment], to path: String) throws(InputError) {
    var table = CSVWriter(columns: names + [freedomName])
    for alignment in alignments {
      table.append([
        alignment.scene.text, CSVWriter.text(alignment.a), CSVWriter.text(alignment.b),
        CSVWriter.text(alignment.aStandardError), CSVWriter.text(alignment.bStandardError),
        CSVWriter.text(alignment.abCovariance), "\(alignment.sharedPhotos)",
        CSVWriter.text(alignment.residualStandardDeviation), CSVWriter.text(alignment.sharedRange),
        alignment.degreesOfFreedom.map { "\($0)" } ?? "",
      ])
    }
    try table.write(to: path)
  }
}
