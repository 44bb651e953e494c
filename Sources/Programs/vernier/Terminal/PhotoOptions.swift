import ArgumentParser
import Domain
import Foundation
import Pixels
import Preparation
import Studies

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

/// How photos are read, for every command that reads them.
struct PhotoReadingOptions: ParsableArguments {
  /// What to do about an embedded profile that can't be used.
  enum Profile: String, ExpressibleByArgument, CaseIterable {
    case refuse
    case srgb
  }

  @Option(
    help: "An embedded color profile that can't be used: refuse the photo, or take it as srgb.")
  var profile = Profile.refuse
  @Option(help: "The most pixels that a photo may have.")
  var maxPixels = DecodingOptions().maximumPixels

  /// The options of decoding.
  func decoding() throws -> DecodingOptions {
    guard maxPixels > 0 else {
      throw InputError(
        "--max-pixels", "\(maxPixels) is out of range", remedy: "give 1 or more")
    }
    return DecodingOptions(
      maximumPixels: maxPixels, brokenProfile: profile == .srgb ? .assumeSRGB : .refuse)
  }
}

/// What a person is told once about many photos.
enum PhotoNotes {
  /// Says how many photos hold more than what is used of them.
  static func sayGainMaps(_ count: Int) {
    guard count > 0 else { return }
    Messages.say(
      "Note: \(count) \(count == 1 ? "photo holds" : "photos hold") a gain map (HDR); the base "
        + "image, of standard dynamic range, is what is used")
  }
}

/// Turns the photos and folders of a command line into photos.
enum PhotoList {
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
      var passed = PassedOver()
      photos += try inFolder(path, recursive: recursive, &passed)
      if let remark = passed.remark { Messages.say("Note: \(path): \(remark)") }
    }
    guard !photos.isEmpty else {
      throw InputError(
        paths.joined(separator: " "), "there are no photos",
        remedy: "give photos or folders that hold "
          + SceneFolders.suffixes.sorted().joined(separator: ", "))
    }
    return photos
  }

  private static func inFolder(
    _ path: String, recursive: Bool, _ passed: inout PassedOver
  ) throws -> [String] {
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw InputError(path, "the folder can't be read", remedy: "check its permissions")
    }
    var photos: [String] = []
    for name in names.sorted() where !name.hasPrefix(".") {
      let inner = path.hasSuffix("/") ? path + name : "\(path)/\(name)"
      let kind = try? FileManager.default.attributesOfItem(atPath: inner)[.type]
      if SceneFolders.suffixes.contains((name as NSString).pathExtension.lowercased()) {
        photos.append(inner)
      } else if kind as? FileAttributeType == .typeDirectory {
        if recursive {
          photos += try inFolder(inner, recursive: true, &passed)
        } else {
          passed.folders += 1
        }
      } else if (try? RasterImage.isPhoto(inner)) == true {
        // A photo under another name, recognized by its content.
        photos.append(inner)
      } else {
        passed.add(file: name)
      }
    }
    return photos
  }
}

/// What a folder holds beside photos.
struct PassedOver {
  /// The number of folders that were not entered.
  var folders = 0
  private var files: [String: Int] = [:]

  /// Counts a file that is no photo.
  mutating func add(file name: String) {
    let suffix = SceneFolders.fileSuffix(name)
    files[suffix, default: 0] += 1
  }

  /// How many were passed over and why; nil when there were none.
  var remark: String? {
    let kinds = files.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.map { suffix, count in
      let name = suffix.isEmpty ? "without a suffix" : ".\(suffix)"
      return "\(count) \(name)"
    }
    let count = files.values.reduce(0, +)
    var parts: [String] = []
    if count > 0 {
      let shown = kinds.prefix(8).joined(separator: ", ") + (kinds.count > 8 ? ", …" : "")
      let noun = count == 1 ? "file" : "files"
      parts.append("\(count) \(noun) passed over that can't be read as photos: \(shown)")
    }
    if folders > 0 {
      parts.append("\(folders) \(folders == 1 ? "folder" : "folders") not entered")
    }
    return parts.isEmpty ? nil : parts.joined(separator: "; ")
  }
}
