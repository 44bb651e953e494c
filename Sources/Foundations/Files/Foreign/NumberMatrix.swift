internal import Domain

/// A matrix of numbers in a text file, as `numpy.savetxt`, `writematrix` or a spreadsheet write it, with or without names.
///
/// Numbers are separated by commas, semicolons, tabs or spaces, rows by line ends; brackets as in MATLAB and Python sources
/// are read, too. A first row or column that holds no number is names. Empty fields and `nan` are missing.
struct NumberMatrix: Hashable {
  /// The numbers row by row; nil where one is missing.
  private(set) var rows: [[Double?]] = []
  /// The names in a first row, without the corner.
  private(set) var columnNames: [String]?
  /// The names in a first column.
  private(set) var rowNames: [String]?
  private let file: String

  /// The number of columns.
  var width: Int { rows.first?.count ?? 0 }

  /// Reads a file.
  ///
  /// - Throws: `InputError` for text that is no matrix, and for rows of different lengths.
  init(path: String) throws(InputError) {
    try self.init(bytes: InputFile.read(path), file: path)
  }

  /// Reads a matrix from memory; `file` is the name that errors use.
  init(bytes: [UInt8], file: String) throws(InputError) {
    self.file = file
    guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
      throw InputError(
        file, "is no text", remedy: "save the matrix as text, with numpy.savetxt or writematrix")
    }
    let lines = try Self.lines(text, file: file)
    guard !lines.isEmpty else {
      throw InputError(file, "is empty", remedy: "give a matrix of numbers")
    }
    var body = lines[...]
    if let first = lines.first, first.fields.dropFirst().contains(where: Self.isName) {
      columnNames = first.fields
      body = body.dropFirst()
    }
    let isNamed = body.allSatisfy { $0.fields.first.map(Self.isName) ?? false }
    if isNamed {
      rowNames = body.map { $0.fields.first ?? "" }
    }
    for line in body { rows.append(try numbers(line, from: isNamed ? 1 : 0)) }
    try checkShape(lines)
    if let names = columnNames, names.count == width + 1 { columnNames = Array(names.dropFirst()) }
  }

  private struct Line: Hashable {
    let number: Int
    let fields: [String]
  }

  /// The non-empty lines and their fields.
  private static func lines(_ text: String, file: String) throws(InputError) -> [Line] {
    let isLiteral = text.contains("[")
    var lines: [Line] = []
    for (index, raw) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      var line = String(raw)
      if index == 0, line.unicodeScalars.first == "\u{FEFF}" { line.unicodeScalars.removeFirst() }
      guard isLiteral else {
        if let fields = fields(line) { lines.append(Line(number: index + 1, fields: fields)) }
        continue
      }
      if let bracket = line.firstIndex(of: "[") { line = String(line[bracket...]) }
      for part in line.replacing("],", with: "];").split(separator: ";") {
        var plain = String(part)
        plain.removeAll { "[]()".contains($0) }
        while plain.last == "," || plain.last == " " { plain.removeLast() }
        if let fields = fields(plain) { lines.append(Line(number: index + 1, fields: fields)) }
      }
    }
    return lines
  }

  /// A line's fields; nil for a line without any.
  private static func fields(_ line: String) -> [String]? {
    let candidates: [Character] = [";", "\t", ","]
    let separator = candidates.first { line.contains($0) }
    func plain(_ field: Substring) -> String {
      var field = field.drop { $0 == " " || $0 == "\"" }
      while let last = field.last, last == " " || last == "\"" { field.removeLast() }
      let text = String(field)
      return separator == ";" ? text.replacing(",", with: ".") : text
    }
    let fields =
      separator.map { line.split(separator: $0, omittingEmptySubsequences: false).map(plain) }
      ?? line.split(separator: " ").map(plain)
    return fields.allSatisfy(\.isEmpty) ? nil : fields
  }

  private static func isMissing(_ field: String) -> Bool {
    ["", "nan", "na", "null", "none"].contains(field.lowercased())
  }

  private static func isName(_ field: String) -> Bool {
    !isMissing(field) && CSVRow.number(field) == nil
  }

  private func numbers(_ line: Line, from start: Int) throws(InputError) -> [Double?] {
    var numbers: [Double?] = []
    for (place, field) in line.fields.enumerated().dropFirst(start) {
      if Self.isMissing(field) {
        numbers.append(nil)
      } else if let number = CSVRow.number(field) {
        numbers.append(number)
      } else {
        throw InputError(
          "\(file), row \(line.number), column \(place + 1)",
          "\(CSVTable.quoted(field)) is no number", remedy: "write a number, or nan for none")
      }
    }
    return numbers
  }

  private func checkShape(_ lines: [Line]) throws(InputError) {
    for (row, line) in zip(rows, lines.suffix(rows.count)) where row.count != width {
      throw InputError(
        "\(file), row \(line.number)", "has \(row.count) numbers where the first row has \(width)",
        remedy: "make all rows equally long")
    }
    guard width > 0 else {
      throw InputError(file, "holds no numbers", remedy: "give a matrix of numbers")
    }
  }
}
