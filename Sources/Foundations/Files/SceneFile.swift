internal import Domain
internal import Foundation

/// The scenes of photos, from a file `IMAGE,SCENE`.
public enum SceneFile {
  /// Reads the scenes by the photos' names; a name is the whole path or its last part.
  ///
  /// - Throws: `InputError` when a column is missing, or a photo stands under two scenes.
  public static func read(_ path: String) throws -> [String: String] {
    let table = try CSVTable(path: path)
    let columns = try table.columns(["IMAGE", "SCENE"])
    var scenes: [String: String] = [:]
    for row in table.rows {
      let (image, scene) = (try row.text(columns[0]), try row.text(columns[1]))
      if let known = scenes.updateValue(scene, forKey: image), known != scene {
        throw row.error("«\(image)» has two scenes", remedy: "keep one of the rows")
      }
    }
    return scenes
  }

  /// The scene of a photo.
  ///
  /// - Throws: `InputError` when the file doesn't name it.
  public static func scene(
    of photo: String, in scenes: [String: String], file: String
  ) throws -> String {
    if let scene = scenes[photo] ?? scenes[URL(fileURLWithPath: photo).lastPathComponent] {
      return scene
    }
    throw InputError(
      photo, "it isn't in \(file)", remedy: "add a row with its file name in IMAGE and its SCENE")
  }
}
