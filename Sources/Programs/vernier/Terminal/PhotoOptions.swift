import ArgumentParser
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

/// Which part of photos is cut.
struct RegionOptions: ParsableArguments {
  @Option(help: "Override the attribute's rule: face or full.")
  var region: String?
  @Option(help: "Cut this rectangle instead, x,y,w,h in pixels of the upright photo.")
  var box: String?
  @Option(help: "The margin around the face, as a fraction of its side.")
  var margin = 0.3

  /// The region that was asked for.
  var choice: RegionChoice {
    get throws { try RegionOption.choice(region: region, box: box) }
  }
}

/// Turns the photos and folders of a command line into photos.
enum PhotoList {
  private static let suffixes: Set<String> = [
    "jpg", "jpeg", "png", "tif", "tiff", "webp", "heic", "heif", "avif",
  ]

  /// The folder that holds a file.
  static func folder(of file: String) -> String {
    URL(fileURLWithPath: file).deletingLastPathComponent().path
  }

  /// The photos, in order; a folder stands for the photos in it, ascending by name.
  ///
  /// Hidden files and links to folders inside folders are left out.
  ///
  /// - Throws: `InputError` when nothing is left.
  static func expand(_ paths: [String], recursive: Bool = false) throws -> [String] {
    var photos: [String] = []
    for path in paths {
      var isFolder: ObjCBool = false
      guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue
      else {
        photos.append(path)
        continue
      }
      photos += try inFolder(path, recursive: recursive)
    }
    guard !photos.isEmpty else {
      throw InputError(
        paths.joined(separator: " "), "there are no photos",
        remedy: "give photos or folders that hold \(suffixes.sorted().joined(separator: ", "))")
    }
    return photos
  }

  private static func inFolder(_ path: String, recursive: Bool) throws -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw InputError(path, "the folder can't be read", remedy: "check its permissions")
    }
    var photos: [String] = []
    for name in names.sorted() where !name.hasPrefix(".") {
      let inner = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
      if suffixes.contains((name as NSString).pathExtension.lowercased()) {
        photos.append(inner)
      } else if recursive,
        let kind = try? FileManager.default.attributesOfItem(atPath: inner)[.type],
        kind as? FileAttributeType == .typeDirectory
      {
        photos += try inFolder(inner, recursive: true)
      }
    }
    return photos
  }
}
