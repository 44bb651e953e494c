public import Domain
import Files
import Foundation

/// What an import file holds: the rows that can be used, and one error for every row that can't.
public struct ReadRows<Value: Sendable>: Sendable {
  /// The usable rows.
  public var rows: [Value]
  /// One error per other row; each names the row.
  public var refused: [InputError]

  /// Holds rows.
  public init(rows: [Value] = [], refused: [InputError] = []) {
    self.rows = rows
    self.refused = refused
  }
}

/// A list of prepared regions, such as the `regions.csv` of a study folder.
///
/// Columns `SCENE`, `IMAGE`, `ATTRIBUTE`, `REGION` (the path of the picture, relative to the list),
/// and if you like `DEVICE`, `CONDITION`, `PERSON`; other columns are left alone.
public enum RegionsFile {
  /// Reads a list.
  ///
  /// - Returns: its regions, and one error for every row that can't be used.
  /// - Throws: `InputError` when the file is not a table or lacks a column.
  public static func read(_ path: String) throws(InputError) -> ReadRows<AnnotationRegion> {
    let table = try CSVTable(path: path)
    let names = try table.columns(["SCENE", "IMAGE", "ATTRIBUTE", "REGION"])
    let device = table.column(ifPresent: "DEVICE")
    let condition = table.column(ifPresent: "CONDITION")
    let person = table.column(ifPresent: "PERSON")
    var result = ReadRows<AnnotationRegion>()
    for row in table.rows {
      func optional(_ column: CSVTable.Column?) -> String? {
        column.map { row.rawText($0) }.flatMap { $0.isEmpty ? nil : $0 }
      }
      do throws(InputError) {
        let region = try row.text(names[3])
        var light: LightingCondition?
        if let condition, let text = optional(condition) {
          guard let known = LightingCondition(rawValue: text) else {
            let all = LightingCondition.allCases.map(\.rawValue).joined(separator: ", ")
            throw row.error(condition, "«\(text)» is not a condition", remedy: "write \(all)")
          }
          light = known
        }
        result.rows.append(
          AnnotationRegion(
            scene: SceneID(try row.text(names[0])), photo: PhotoID(try row.text(names[1])),
            device: optional(device), person: optional(person), condition: light,
            attribute: Attribute(try row.text(names[2])), file: resolve(region, beside: path),
            origin: "\(path), row \(row.number)"))
      } catch {
        result.refused.append(error)
      }
    }
    return result
  }

  /// A path relative to the folder of a list; an absolute one as it stands.
  private static func resolve(_ region: String, beside list: String) -> String {
    if region.hasPrefix("/") { return region }
    guard let slash = list.lastIndex(of: "/") else { return region }
    return list[...slash] + region
  }

  /// The pictures of a folder with one folder per scene: whole pictures, nothing is cut.
  ///
  /// - Parameters:
  ///   - folder: the folder.
  ///   - attribute: what will be judged.
  /// - Returns: one region per picture, by scene and name.
  /// - Throws: `InputError` when the folder can't be read or holds no picture.
  public static func pictures(
    ofFolder folder: String, attribute: Attribute
  ) throws(InputError) -> [AnnotationRegion] {
    var regions: [AnnotationRegion] = []
    for scene in try names(in: folder) where isFolder("\(folder)/\(scene)") {
      for photo in try names(in: "\(folder)/\(scene)") where isPicture(photo) {
        regions.append(
          AnnotationRegion(
            scene: SceneID(scene), photo: PhotoID(photo), attribute: attribute,
            file: "\(folder)/\(scene)/\(photo)"))
      }
    }
    guard !regions.isEmpty else {
      throw InputError(
        folder, "no folder in it holds a JPEG, PNG or WebP picture",
        remedy: "make one folder per scene with its pictures, or give a regions.csv")
    }
    return regions
  }

  private static func names(in folder: String) throws(InputError) -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: folder) else {
      throw InputError(folder, "the folder can't be read", remedy: "check the path")
    }
    return names.filter { !$0.hasPrefix(".") }.sorted()
  }

  private static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      && isFolder.boolValue
  }

  private static func isPicture(_ name: String) -> Bool {
    ["jpg", "jpeg", "png", "webp"].contains(
      (name.lowercased() as NSString).pathExtension)
  }
}
