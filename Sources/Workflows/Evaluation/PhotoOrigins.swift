public import Documents
public import Domain
public import Evaluation
import Files
import Foundation

/// Reads what splits are drawn from, and writes what comes out.
public enum PhotoOrigins {
  /// The photos of score files, each once, with what is known about them.
  ///
  /// - Parameters:
  ///   - scores: per-scene or unified score files; the same photo may stand in several, once for
  ///     each attribute.
  ///   - devices: `Image,Device`.
  ///   - persons: `IMAGE,PERSON` or `SCENE,PERSON`.
  ///   - images: the folder of the photos; every file is then read for its content.
  /// - Returns: ascending by scene and photo.
  /// - Throws: `InputError` that names the file or the photo.
  public static func read(
    scores: [String], devices: String?, persons: String?, images: String?
  ) throws(InputError) -> [PhotoOrigin] {
    var places: [ScenePhoto: Attribute] = [:]
    for path in scores {
      let file = try TrainingScores(path: path)
      for photo in file.photos {
        places[ScenePhoto(scene: photo.scene, photo: photo.photo)] = file.attribute
      }
    }
    var cameras: [PhotoID: String] = [:]
    var people: (photos: [PhotoID: String], scenes: [SceneID: String]) = ([:], [:])
    if let devices { cameras = try OriginFile.devices(devices) }
    if let persons { people = try OriginFile.persons(persons) }
    var origins: [PhotoOrigin] = []
    for (place, attribute) in places.sorted(by: { $0.key < $1.key }) {
      var content: String?
      if let images {
        content = try FileDigest.sha256(
          ImageFolder(images).file(of: place.photo, attribute: attribute))
      }
      origins.append(
        PhotoOrigin(
          place, device: cameras[place.photo],
          person: people.photos[place.photo] ?? people.scenes[place.scene], content: content))
    }
    return origins
  }

  /// The part of each photo in a split file.
  ///
  /// - Throws: `InputError` for a photo that the file lacks, and for names in the file that no
  ///   photo has.
  public static func parts(
    of photos: [PhotoOrigin], in path: String
  ) throws(InputError) -> [SplitPart] {
    let split = try SplitFile.read(path)
    let unused: [String]
    switch split {
    case .scenes(let parts):
      let known = Set(photos.map(\.photo.scene))
      unused = parts.keys.filter { !known.contains($0) }.map(\.text)
    case .photos(let parts):
      let known = Set(photos.map(\.photo.photo))
      unused = parts.keys.filter { !known.contains($0) }.map(\.text)
    }
    var parts: [SplitPart] = []
    for photo in photos {
      guard let part = split.part(of: photo.photo.photo, in: photo.photo.scene) else {
        throw InputError(
          path, "photo \(photo.photo.photo) of scene \(photo.photo.scene) is in no part",
          remedy: unused.sorted().first.map {
            "names are compared letter by letter; the split has \($0), which no score has"
          } ?? "add it")
      }
      parts.append(part)
    }
    return parts
  }

  /// What the parts share, as a table.
  public static func table(
    _ photos: [PhotoOrigin], parts: [SplitPart], apart: Set<SplitUnit>
  ) -> TextTable {
    let overlaps = splitOverlaps(photos, parts: parts)
    let order: [SplitPart] = [.train, .valid, .test]
    let counts = Dictionary(grouping: parts, by: \.self).mapValues(\.count)
    let photosRow = ["photos"] + order.map { "\(counts[$0, default: 0])" } + ["", ""]
    return TextTable(
      caption: "The parts of the split, and what they share.",
      columns: ["Unit", "Train", "Valid", "Test", "In several parts", "Verdict"],
      rows: [photosRow]
        + overlaps.map { overlap in
          let verdict =
            overlap.shared.isEmpty
            ? "apart" : apart.contains(overlap.unit) ? "LEAK" : "shared, as this split allows"
          let unknown = overlap.unknown > 0 ? ", \(overlap.unknown) photos unknown" : ""
          return ["\(overlap.unit.rawValue)s"]
            + order.map { "\(overlap.counts[$0, default: 0])" }
            + ["\(overlap.shared.count)", verdict + unknown]
        })
  }

  /// Writes a split: by scenes where scenes are kept apart, else by photos.
  ///
  /// - Throws: `InputError` when a split by photos would have one name in two parts.
  public static func write(
    _ photos: [PhotoOrigin], parts: [SplitPart], apart: Set<SplitUnit>, to path: String
  ) throws(InputError) {
    if apart.contains(.scene) {
      var scenes: [SceneID: SplitPart] = [:]
      var counts: [SceneID: Int] = [:]
      for (photo, part) in zip(photos, parts) {
        scenes[photo.photo.scene] = part
        counts[photo.photo.scene, default: 0] += 1
      }
      try SplitFile.write(.scenes(scenes), imageCounts: counts, to: path)
      return
    }
    var names: [PhotoID: SplitPart] = [:]
    for (photo, part) in zip(photos, parts) {
      if let known = names.updateValue(part, forKey: photo.photo.photo), known != part {
        throw InputError(
          "photo \(photo.photo.photo)",
          "scenes share this name, and a split file knows names alone",
          remedy: "name the photos so that no two scenes share a name")
      }
    }
    try SplitFile.write(.photos(names), to: path)
  }
}
