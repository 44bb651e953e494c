import Domain
import Files
import Foundation
import Studies

/// The comparisons that place a bridge's pictures, and the list in which the annotation application
/// finds them.
struct BridgePairs {
  private(set) var pairs: [NamePair] = []
  let scene: SceneID
  let attribute: Attribute

  init(scene: SceneID, attribute: Attribute) { (self.scene, self.attribute) = (scene, attribute) }

  /// Adds a picture's comparisons: with the photos on both sides of where it is expected, and with
  /// its source.
  mutating func add(
    _ picture: PhotoID, between sides: (lower: StudyPhoto?, upper: StudyPhoto?), source: StudyPhoto
  ) {
    for other in [sides.lower, sides.upper, source].compactMap({ $0?.photo }) {
      add(picture, other)
    }
  }

  /// Adds one comparison.
  mutating func add(_ one: PhotoID, _ other: PhotoID) {
    let pair = NamePair(one, other)
    if one != other, !pairs.contains(pair) { pairs.append(pair) }
  }

  /// The comparisons as a list, as `vernier next-pairs` writes it, but for a criterion.
  var table: CSVWriter {
    var table = CSVWriter(columns: Self.columns)
    for pair in ordered { table.append(row(pair)) }
    return table
  }

  // By name: the order doesn't tell in how many runs the pictures were made.
  private var ordered: [NamePair] {
    pairs.sorted { ($0.first, $0.second) < ($1.first, $1.second) }
  }

  private static let columns = ["scene", "attribute", "image_a", "image_b", "criterion", "batch"]

  // The pairs follow from where photos stand, not from single answers: they have no criterion.
  private func row(_ pair: NamePair) -> [String] {
    [scene.text, attribute.text, pair.first.text, pair.second.text, "", ""]
  }

  /// Leaves out what was asked.
  mutating func remove(_ asked: Set<NamePair>) { pairs.removeAll(where: asked.contains) }

  /// Writes the comparisons into the study's `pairs.csv`, which the annotation application takes by
  /// itself.
  ///
  /// Rows of others stay until the application has taken them; a comparison that stands there is
  /// not written twice.
  ///
  /// - Returns: the number of new rows.
  /// - Throws: `InputError` when the list is there and is no list of pairs.
  func write(into study: StudyStore) throws -> Int {
    let path = "\(study.folder)/pairs.csv"
    var rows: [[String]] = []
    var known: Set<NamePair> = []
    if FileManager.default.fileExists(atPath: path) {
      let list = try CSVTable(path: path)
      let names = try list.columns(Array(Self.columns.prefix(4)))
      let origin = Self.columns.suffix(2).map { list.column(ifPresent: $0) }
      for row in list.rows {
        let fields = names.map { row.rawText($0) }
        if fields[0] == scene.text, Attribute(fields[1]) == attribute {
          known.insert(NamePair(PhotoID(fields[2]), PhotoID(fields[3])))
        }
        rows.append(fields + origin.map { $0.map { row.rawText($0) } ?? "" })
      }
      // What was taken would be asked once more in a list of another content.
      if try study.tookPairs(sha256: FileDigest.sha256(path)) { rows = [] }
    }
    let new = ordered.filter { !known.contains($0) }
    guard !new.isEmpty else { return 0 }
    var table = CSVWriter(columns: Self.columns)
    for row in rows + new.map(row) { table.append(row) }
    try AtomicFile.write(table.bytes, to: path, temporaryPrefix: ".study-")
    return new.count
  }
}
