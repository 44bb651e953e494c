public import Domain
public import Files

/// A manifest: a CSV file that names photos and says what is known about them.
///
/// `image` (a path relative to the manifest) and `scene` are needed. Known are also `name` (the
/// photo's name; the file's own without it), `device`, `brand`, `lens`, `mode`, `iso`, `exposure`
/// (seconds, also 1/30), `condition`, `skin_type` (Fitzpatrick, 1-6 or I-VI), `lighting`,
/// `distance` (meters), `person`, `consent`, `purposes` (what the consent covers), `split` and
/// `reference`. Any other column is kept as a note. An empty field says nothing.
public enum StudyManifest {
  /// The columns with a meaning, in the order in which they are written.
  public static let columns = [
    "image", "scene", "name", "device", "brand", "lens", "mode", "iso", "exposure", "condition",
    "skin_type", "lighting", "distance", "person", "consent", "purposes", "split", "reference",
  ]

  /// Reads a manifest; rows that can't be used are refused one by one.
  ///
  /// - Throws: `InputError` when the file is not a table or lacks a needed column.
  public static func read(_ path: String) throws(InputError) -> CandidateList {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let folder = slash.map { String(path[..<$0]) } ?? "."
    return try parse(CSVTable(path: path), folder: folder.isEmpty ? "/" : folder)
  }

  /// Reads a manifest from a table; `folder` is what relative paths start from.
  ///
  /// - Throws: `InputError` when the table lacks a needed column.
  public static func parse(_ table: CSVTable, folder: String) throws(InputError) -> CandidateList {
    let needed = try table.columns(["image", "scene"])
    let others = table.columns.filter { !columns.contains($0) }
    var list = CandidateList()
    if !others.isEmpty {
      let names = others.map { CSVTable.quoted($0) }.joined(separator: ", ")
      list.notes.append(
        "kept as notes, because they are none of the columns \(columns.joined(separator: ", ")): "
          + names)
    }
    let noteColumns = others.compactMap { table.column(ifPresent: $0) }
    let name = table.column(ifPresent: "name")
    let fields = ManifestFields(table)
    for row in table.rows {
      do throws(InputError) {
        let image = try row.text(needed[0])
        let photo = name.map { row.rawText($0) } ?? ""
        let scene = row.rawText(needed[1])
        let own = lastPart(of: image)
        let title = photo.isEmpty ? own : photo
        let subject = "\(table.file), row \(row.number)"
        if let fault = CandidateList.fault(scene: scene, photo: title, subject: subject) {
          throw fault
        }
        if image.utf8.contains(0) {
          throw row.error(needed[0], "holds a NUL character", remedy: "name a file")
        }
        var metadata = try fields.read(row)
        for column in noteColumns where !row.rawText(column).isEmpty {
          metadata.notes[column.name] = row.rawText(column)
        }
        let isAbsolute = image.utf8.first == UInt8(ascii: "/")
        list.candidates.append(
          StudyCandidate(
            path: isAbsolute ? image : "\(folder)/\(image)", scene: SceneID(scene),
            photo: PhotoID(title), metadata: metadata))
      } catch {
        list.refused.append(error)
      }
    }
    return list
  }

  /// What stands behind the last slash.
  private static func lastPart(of path: String) -> String {
    guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
    return String(path[path.utf8.index(after: slash)...])
  }
}

/// Reads the metadata of a manifest's rows.
struct ManifestFields {
  private let columns: [String: CSVTable.Column]

  init(_ table: CSVTable) {
    var columns: [String: CSVTable.Column] = [:]
    for name in StudyManifest.columns { columns[name] = table.column(ifPresent: name) }
    self.columns = columns
  }

  func read(_ row: CSVRow) throws(InputError) -> PhotoMetadata {
    var data = PhotoMetadata()
    data.device = text(row, "device")
    data.brand = text(row, "brand")
    data.lens = text(row, "lens")
    data.mode = text(row, "mode")
    data.lighting = text(row, "lighting")
    data.person = text(row, "person")
    data.iso = try positive(row, "iso")
    data.exposureSeconds = try positive(row, "exposure")
    data.distanceMetres = try positive(row, "distance")
    data.condition = try choice(row, "condition", LightingCondition.allCases, \.rawValue)
    data.consent = try choice(row, "consent", ConsentStatus.allCases, \.rawValue)
    data.purposes = try purposes(row)
    data.part = try choice(row, "split", SplitPart.allCases, \.rawValue)
    data.skinType = try skinType(row)
    data.isReference = try flag(row)
    return data
  }

  private func text(_ row: CSVRow, _ name: String) -> String? {
    guard let column = columns[name] else { return nil }
    let text = row.rawText(column)
    return text.isEmpty ? nil : text
  }

  private func positive(_ row: CSVRow, _ name: String) throws(InputError) -> Double? {
    guard let column = columns[name], let text = text(row, name) else { return nil }
    guard let value = PhotoMetadata.fraction(try row.decimalText(column)), value > 0 else {
      throw row.error(
        column, "\(CSVTable.quoted(text)) is not a positive number",
        remedy: name == "exposure" ? "write seconds, such as 0.02 or 1/50" : "write a number")
    }
    return value
  }

  private func choice<Value>(
    _ row: CSVRow, _ name: String, _ values: [Value], _ spelling: (Value) -> String
  ) throws(InputError) -> Value? {
    guard let column = columns[name], let text = text(row, name) else { return nil }
    if let value = values.first(where: { spelling($0).lowercased() == text.lowercased() }) {
      return value
    }
    throw row.error(
      column, "\(CSVTable.quoted(text)) is not known",
      remedy: "write one of \(values.map(spelling).joined(separator: ", ")), or leave it empty")
  }

  /// Purposes between spaces or semicolons.
  private func purposes(_ row: CSVRow) throws(InputError) -> Set<ConsentPurpose>? {
    guard let column = columns["purposes"], let text = text(row, "purposes") else { return nil }
    var found: Set<ConsentPurpose> = []
    for name in text.split(whereSeparator: { $0 == " " || $0 == ";" }) {
      guard let purpose = ConsentPurpose(rawValue: name.lowercased()) else {
        let all = ConsentPurpose.allCases.map(\.rawValue).joined(separator: ", ")
        throw row.error(
          column, "\(CSVTable.quoted(String(name))) is not a purpose",
          remedy: "write some of \(all), or leave it empty for all but identification")
      }
      found.insert(purpose)
    }
    return found
  }

  private func skinType(_ row: CSVRow) throws(InputError) -> Int? {
    guard let column = columns["skin_type"], let text = text(row, "skin_type") else { return nil }
    let roman = ["I", "II", "III", "IV", "V", "VI"]
    if let index = roman.firstIndex(of: text.uppercased()) { return index + 1 }
    if let number = Int(text), (1...6).contains(number) { return number }
    throw row.error(
      column, "\(CSVTable.quoted(text)) is not a Fitzpatrick skin type",
      remedy: "write 1 to 6 or I to VI")
  }

  private func flag(_ row: CSVRow) throws(InputError) -> Bool? {
    guard let column = columns["reference"], let text = text(row, "reference") else { return nil }
    switch text.lowercased() {
    case "yes", "true", "1": return true
    case "no", "false", "0": return false
    default:
      throw row.error(
        column, "\(CSVTable.quoted(text)) is neither yes nor no", remedy: "write yes or no")
    }
  }
}
