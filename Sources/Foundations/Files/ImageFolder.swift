public import Domain
internal import Foundation

/// A folder of photos or regions that score files point into.
public struct ImageFolder: Hashable, Sendable {
  /// The path of the folder.
  public let path: String

  /// Names a folder.
  public init(_ path: String) { self.path = path }

  /// The file that an `IMAGE PATH` such as `Details\33_Indoor_Scene_0.jpg` means.
  ///
  /// Backslashes count as slashes. The file need not exist.
  ///
  /// - Throws: `InputError` for a path that leads out of the folder: absolute, with a drive, or
  ///   through `..`.
  public func file(at imagePath: String) throws(InputError) -> String {
    // Bytes, not characters: a combining mark behind a slash would hide it.
    let parts = imagePath.utf8.split(omittingEmptySubsequences: false) {
      $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: "\\")
    }.map { String(decoding: $0, as: UTF8.self) }
    let kept = parts.filter { $0 != "." }
    let bad =
      kept.isEmpty || kept.contains("") || kept.contains("..") || imagePath.utf8.contains(0)
      || kept[0].utf8.count == 2 && kept[0].utf8.last == UInt8(ascii: ":")
    if bad {
      throw InputError(
        "image path \(CSVTable.quoted(imagePath))", "does not lie inside the image folder",
        remedy: "write it relative to \(path), without ..")
    }
    return ([path] + kept).joined(separator: "/")
  }

  /// The file of a photo: in the attribute's own folder, such as `Details`, or in the folder
  /// itself.
  ///
  /// - Throws: `InputError` that names both places when the photo is in neither.
  public func file(of photo: PhotoID, attribute: Attribute) throws(InputError) -> String {
    let places = [
      try file(at: "\(attribute.title)/\(photo.text)"), try file(at: photo.text),
    ]
    for place in places where access(place, F_OK) == 0 { return place }
    throw InputError(
      "photo \(photo)", "is neither \(places[0]) nor \(places[1])",
      remedy: "give the folder that holds the photos")
  }
}
