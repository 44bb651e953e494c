import Domain
import Foundation
import Preparation

/// Reads the options that say which part of a photo is meant.
enum RegionOption {
  /// The region of `--region` or `--box`; the attribute's rule without them.
  static func choice(region: String?, box: String?) throws -> RegionChoice {
    guard region == nil || box == nil else {
      throw InputError("--box", "--region is given too", remedy: "give one of them")
    }
    if let box { return try RegionChoice.box(parsing: box) }
    return try region.map { try RegionChoice(parsing: $0) } ?? .automatic
  }
}

/// Turns the photos and folders of a command line into photos.
enum PhotoList {
  private static let suffixes: Set<String> = [
    "jpg", "jpeg", "png", "tif", "tiff", "webp", "heic", "heif", "avif",
  ]

  /// The photos, in order; a folder stands for the photos in it, ascending by name.
  ///
  /// - Throws: `InputError` when nothing is left.
  static func expand(_ paths: [String]) throws -> [String] {
    var photos: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
      else {
        photos.append(path)
        continue
      }
      guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
        throw InputError(path, "the folder can't be read", remedy: "check its permissions")
      }
      photos += names.sorted().filter {
        suffixes.contains(($0 as NSString).pathExtension.lowercased())
      }.map { "\(path)/\($0)" }
    }
    guard !photos.isEmpty else {
      throw InputError(
        paths.joined(separator: " "), "there are no photos",
        remedy: "give photos or folders that hold \(suffixes.sorted().joined(separator: ", "))")
    }
    return photos
  }
}
