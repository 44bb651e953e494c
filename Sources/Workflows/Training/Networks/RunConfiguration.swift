import Domain
import Files
import Foundation
import Training

/// Everything that a network's run depends on: `config.json` in its folder.
struct RunConfiguration: Hashable, Sendable, Codable {
  /// The program's version.
  var version = VernierVersion.text
  /// How the network is trained, with scenes and the scores' mean and deviation.
  let settings: NetworkSettings
  /// What the scores mean.
  let attribute: String
  let unit: ScoreUnit
  let isUnified: Bool
  /// Where the network starts from, and the SHA-256 of that file.
  let start: String
  let startDigest: String
  /// The threads of one operation; another number can change the last digits.
  let threads: Int
  /// Where the network learns; nil for the CPU.
  let device: String?
  /// The SHA-256 over all photos: names, scenes, parts, scores and the files' content.
  let photosDigest: String
  /// The number of photos of each part.
  let photoCounts: [String: Int]

  /// The file in a run's folder.
  static func path(_ folder: String) -> String { "\(folder)/config.json" }

  /// Writes the configuration into a new run's folder, or checks that it is the same as before.
  ///
  /// - Throws: `InputError` that names the settings that changed.
  func settle(in folder: String) throws(InputError) {
    let path = Self.path(folder)
    guard FileManager.default.fileExists(atPath: path) else {
      if FileManager.default.fileExists(atPath: RunRecord.path(folder)) {
        throw InputError(
          folder, "another finished run is there", remedy: "choose another \(Setting("out"))")
      }
      try AtomicFile.makeFolder(folder)
      return try AtomicFile.write(CanonicalJSON.document(self), to: path)
    }
    let before = try CanonicalJSON.read(RunConfiguration.self, from: path)
    guard before != self else { return }
    let (old, new) = (try Self.flat(before), try Self.flat(self))
    let changed = Set(old.keys).union(new.keys).filter { old[$0] != new[$0] }.sorted()
    let list = changed.prefix(5).map { "\($0): \(old[$0] ?? "–") → \(new[$0] ?? "–")" }
    throw InputError(
      folder, "a run with other settings is there (\(list.joined(separator: "; ")))",
      remedy: "give the same settings to resume, or choose another \(Setting("out"))")
  }

  /// Every setting as text by its path.
  private static func flat(_ value: RunConfiguration) throws(InputError) -> [String: String] {
    let bytes = Array(try CanonicalJSON.line(value).utf8)
    guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) else { return [:] }
    var result: [String: String] = [:]
    func walk(_ value: Any, _ path: String) {
      if let object = value as? [String: Any] {
        for (key, inner) in object { walk(inner, path.isEmpty ? key : "\(path).\(key)") }
      } else if let list = value as? [Any] {
        result[path] = list.map { "\($0)" }.joined(separator: ", ")
      } else {
        result[path] = "\(value)"
      }
    }
    walk(object, "")
    return result
  }

  /// The digest over all photos.
  static func digest(_ photos: [TrainingPhoto], files: [String]) -> String {
    let lines = zip(photos, files).map {
      "\($0.photo)\t\($0.scene)\t\($0.part.rawValue)\t\($0.score)\t\($1)\n"
    }
    return FileDigest.sha256(Array(lines.joined().utf8))
  }
}
