public import Domain
import Files
import Foundation
import Studies

/// A pair whose better photo is known: it measures observers and never enters the scale.
public struct GoldenPair: Hashable, Sendable {
  /// The scene of both photos.
  public let scene: SceneID
  /// What is judged.
  public let attribute: Attribute
  /// The better photo.
  public let better: PhotoID
  /// The worse photo.
  public let worse: PhotoID
  /// Whether it is for practice, else for checks; nil where the list doesn't say.
  public let isPractice: Bool?
  /// Where it was listed, for errors.
  let origin: String
}

/// A photo that is compared across scenes.
public struct CrossScenePhoto: Hashable, Sendable {
  /// Its own scene.
  public let scene: SceneID
  /// What is judged.
  public let attribute: Attribute
  /// The photo.
  public let photo: PhotoID
}

/// The lists beside a study's regions: pairs with a known answer, and photos to be compared across
/// scenes.
public enum StudyLists {
  /// Reads pairs with a known answer; columns `scene`, `attribute`, `better`, `worse`, and if you
  /// like `use` (`training` or `check`).
  ///
  /// - Throws: `InputError` when the file is not a table or lacks a column.
  public static func goldenPairs(_ path: String) throws(InputError) -> ReadRows<GoldenPair> {
    let table = try CSVTable(path: path)
    let names = try table.columns(["scene", "attribute", "better", "worse"])
    let use = table.column(ifPresent: "use")
    var result = ReadRows<GoldenPair>()
    for row in table.rows {
      do throws(InputError) {
        let purpose = use.map { row.rawText($0) } ?? ""
        guard purpose.isEmpty || GoldenPurpose(rawValue: purpose) != nil else {
          throw InputError(
            "\(path), row \(row.number)", "«\(purpose)» is not a use",
            remedy: "write training or check, or leave it empty")
        }
        result.rows.append(
          GoldenPair(
            scene: SceneID(try row.text(names[0])), attribute: Attribute(try row.text(names[1])),
            better: PhotoID(try row.text(names[2])), worse: PhotoID(try row.text(names[3])),
            isPractice: purpose.isEmpty ? nil : purpose == GoldenPurpose.training.rawValue,
            origin: "\(path), row \(row.number)"))
      } catch {
        result.refused.append(error)
      }
    }
    return result
  }

  /// Reads what `vernier cross-set` prints; columns `scene`, `attribute`, `image`.
  ///
  /// - Throws: `InputError` when the file is not a table or lacks a column.
  public static func crossSet(_ path: String) throws(InputError) -> ReadRows<CrossScenePhoto> {
    let table = try CSVTable(path: path)
    let names = try table.columns(["scene", "attribute", "image"])
    var result = ReadRows<CrossScenePhoto>()
    for row in table.rows {
      do throws(InputError) {
        result.rows.append(
          CrossScenePhoto(
            scene: SceneID(try row.text(names[0])), attribute: Attribute(try row.text(names[1])),
            photo: PhotoID(try row.text(names[2]))))
      } catch {
        result.refused.append(error)
      }
    }
    return result
  }
}

extension AnnotationStudy {
  /// The lists that a study folder may hold; they are taken whenever the study is served.
  public enum List: String, CaseIterable, Sendable {
    /// Prepared regions; see ``RegionsFile``.
    case regions = "regions.csv"
    /// Pairs with a known answer.
    case golden = "golden.csv"
    /// Photos to be compared across scenes.
    case crossSet = "cross-set.csv"
    /// Pairs to be asked before all others, such as those of `vernier verdict --next-pairs`.
    case pairs = "pairs.csv"
  }

  /// Whether a folder holds a list of regions, so that it can be annotated though it is not a study
  /// yet.
  public static func holdsList(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(List.regions.rawValue)")
  }

  /// The path of one of the folder's lists, if it is there.
  public func path(of list: List) -> String? {
    let path = "\(folder)/\(list.rawValue)"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }

  /// Brings the folder's own lists into the study.
  ///
  /// - Returns: what was taken, and one error for every row that was not, and for every list that
  ///   is not a table.
  public func addOwnLists() async throws -> AnnotationImportReport {
    var report = AnnotationImportReport()
    if let list = path(of: .regions) {
      do {
        let read = try RegionsFile.read(list)
        report = try await addInBackground(read.rows)
        report.refused = read.refused + report.refused
      } catch let error as InputError {
        report.refused.append(error)
      }
    }
    let others: [(List, (String) throws -> [InputError])] = [
      (.golden, { try self.addGoldenPairs($0) }), (.crossSet, { try self.addCrossSet($0) }),
      (.pairs, { try self.ask($0).refused }),
    ]
    for (list, add) in others {
      guard let path = path(of: list) else { continue }
      do {
        report.refused += try add(path)
      } catch let error as InputError {
        report.refused.append(error)
      }
    }
    return report
  }

  /// Adds the pairs of a file of known answers; gives one error for every row that can't be used.
  public func addGoldenPairs(_ path: String) throws -> [InputError] {
    let read = try StudyLists.goldenPairs(path)
    var refused = read.refused
    for pair in read.rows {
      do {
        try addGoldenPair(
          scene: pair.scene, attribute: pair.attribute, better: pair.better, worse: pair.worse,
          isPractice: pair.isPractice)
      } catch let error as InputError {
        refused.append(error.named(pair.origin))
      }
    }
    return refused
  }

  /// Makes or extends the cross-scene task `name` of every attribute in a file of
  /// `vernier cross-set`.
  ///
  /// - Returns: one error for every row or attribute that can't be used.
  public func addCrossSet(_ path: String, name: String = "CrossScenes") throws -> [InputError] {
    let read = try StudyLists.crossSet(path)
    var refused = read.refused
    for (attribute, photos) in Dictionary(grouping: read.rows, by: \.attribute)
      .sorted(by: { $0.key < $1.key })
    {
      do {
        try addCrossSceneTask(
          name, attribute: attribute, photos: photos.map { ($0.scene, $0.photo) })
      } catch let error as InputError {
        refused.append(error.named(path))
      }
    }
    return refused
  }
}
