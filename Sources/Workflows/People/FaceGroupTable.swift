import Domain
import Files
public import Studies

/// The proposal as a table that a person may edit: a row for each photo.
public enum FaceGroupTable {
  /// The columns.
  public static let columns = ["photo", "group", "distance", "on_record", "person", "note"]

  /// The rows: the photo as `SCENE/NAME`, its group, its mean distance to the others of the group,
  /// the pseudonym on record, the proposed one (empty where what is on record contradicts), and what
  /// to look at.
  ///
  /// - Throws: `InputError` when the study can't be read.
  public static func rows(_ study: StudyStore) throws -> [[String]] {
    let names = try study.proposedPseudonyms()
    return try study.faceGroups().flatMap { group in
      let note = note(on: group)
      return group.members.map { member in
        [
          member.place.crossName.text, "\(group.id)", CSVWriter.text(member.face.distance),
          member.person ?? "", names[group.id] ?? "", note,
        ]
      }
    }
  }

  /// What somebody should look at in a group; empty where nothing is.
  public static func note(on group: FaceGroup) -> String {
    var parts: [String] = []
    if group.recorded.count > 1 {
      parts.append("on record as \(group.recorded.joined(separator: " and "))")
    }
    for (person, groups) in group.elsewhere.sorted(by: { $0.key < $1.key }) {
      let list = groups.map(String.init).joined(separator: ", ")
      parts.append("\(person) is also in group \(list)")
    }
    if let near = group.likeness {
      parts.append("looks like group \(near.group) (\(CSVWriter.text(near.distance)))")
    }
    return parts.joined(separator: "; ")
  }

  /// Reads the persons of an edited table: the columns `photo` and `person` are needed, an empty
  /// person says nothing.
  ///
  /// - Returns: the pseudonym of each photo, by the number of its row.
  /// - Throws: `InputError` naming the first row that can't be used.
  public static func read(_ path: String, for study: StudyStore) throws -> [Int64: String] {
    let table = try CSVTable(path: path)
    let columns = try table.columns(["photo", "person"])
    var places: [ScenePhoto: Int64] = [:]
    for member in try study.faceGroups().flatMap(\.members) {
      places[member.place] = member.face.photo
    }
    var persons: [Int64: String] = [:]
    for row in table.rows {
      let (name, person) = (row.rawText(columns[0]), row.rawText(columns[1]))
      guard !person.isEmpty else { continue }
      guard let place = ScenePhoto(crossName: PhotoID(name)), let photo = places[place] else {
        throw row.error(
          columns[0], "\(CSVTable.quoted(name)) is in no group",
          remedy: "write SCENE/NAME as vernier study people --list shows them")
      }
      if let known = persons[photo], known != person {
        throw row.error(
          columns[0], "\(CSVTable.quoted(name)) is \(known) in an earlier row",
          remedy: "keep one of the rows")
      }
      persons[photo] = person
    }
    guard !persons.isEmpty else {
      throw InputError(path, "no row names a person", remedy: "fill the column person")
    }
    return persons
  }
}
