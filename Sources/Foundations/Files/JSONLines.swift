public import Domain
internal import Foundation

/// JSON text that is the same for the same values: keys ascending, slashes plain.
public enum CanonicalJSON {
  /// One value on one line, without a line end.
  ///
  /// - Throws: `InputError` for a value that JSON can't hold, such as a number that isn't finite.
  public static func line(_ value: some Encodable) throws(InputError) -> String {
    try encode(value, formatting: [.sortedKeys, .withoutEscapingSlashes])
  }

  /// One value over several indented lines, with a line end.
  ///
  /// - Throws: `InputError` for a value that JSON can't hold, such as a number that isn't finite.
  public static func document(_ value: some Encodable) throws(InputError) -> String {
    try encode(value, formatting: [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]) + "\n"
  }

  private static func encode(
    _ value: some Encodable, formatting: JSONEncoder.OutputFormatting
  ) throws(InputError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw InputError(
        "JSON", "\(type(of: value)) holds a value that JSON can't (\(error))",
        remedy: "write finite numbers only")
    }
  }

  /// Reads one value from a file; `remedy` says what to do about a file of another shape.
  ///
  /// - Throws: `InputError` that names the file when it isn't JSON of that shape.
  public static func read<Value: Decodable>(
    _ type: Value.Type, from path: String, maximumBytes: Int = 16 << 20,
    remedy: String = "make it again with the command that wrote it"
  ) throws(InputError) -> Value {
    let bytes = try InputFile.read(path, maximumBytes: maximumBytes)
    do {
      return try JSONDecoder().decode(type, from: Data(bytes))
    } catch {
      throw InputError(
        path, "is not the JSON that was expected (\(fault(error)))", remedy: remedy)
    }
  }

  /// The decoder's error in a few words.
  private static func fault(_ error: any Error) -> String {
    func place(_ context: DecodingError.Context) -> String {
      let path = context.codingPath.map(\.stringValue).joined(separator: ".")
      return path.isEmpty ? "the top" : path
    }
    switch error as? DecodingError {
    case .keyNotFound(let key, let context):
      return "\(key.stringValue) is missing at \(place(context))"
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      return "another kind of value at \(place(context))"
    case .dataCorrupted(let context):
      return context.codingPath.isEmpty
        ? "broken JSON" : "an unknown value at \(place(context)): \(context.debugDescription)"
    default: return "broken JSON"
    }
  }
}

/// Files of JSON Lines: one value on each line.
public enum JSONLines {
  /// The text of the values, a line each.
  ///
  /// - Throws: `InputError` for a value that JSON can't hold, such as a number that isn't finite.
  public static func text(_ values: [some Encodable]) throws(InputError) -> String {
    var text = ""
    for value in values { text += try CanonicalJSON.line(value) + "\n" }
    return text
  }

  /// Writes the values, a line each; see ``AtomicFile``.
  public static func write(_ values: [some Encodable], to path: String) throws(InputError) {
    try AtomicFile.write(text(values), to: path)
  }

  /// Reads the values, a line each; blank lines are left out.
  ///
  /// - Throws: `InputError` that names the file and the line that isn't JSON of that shape.
  public static func read<Value: Decodable>(
    _ type: Value.Type, from path: String, maximumBytes: Int = 1 << 30
  ) throws(InputError) -> [Value] {
    let bytes = try InputFile.read(path, maximumBytes: maximumBytes)
    let decoder = JSONDecoder()
    var values: [Value] = []
    let lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() where !line.isEmpty {
      do {
        values.append(try decoder.decode(type, from: Data(line)))
      } catch {
        throw InputError(
          "\(path), line \(index + 1)", "is not the JSON that was expected",
          remedy: "make it again with the command that wrote it")
      }
    }
    return values
  }

  /// Reads the values of a file, a line each; none where there is no such file.
  ///
  /// - Throws: `InputError` that names the file and the line.
  public static func readIfPresent<Value: Decodable>(
    _ type: Value.Type, from path: String
  ) throws(InputError) -> [Value] {
    FileManager.default.fileExists(atPath: path) ? try read(type, from: path) : []
  }
}
