public import Domain
internal import Files

/// The file names of regions.
public enum RegionNames {
  /// The name of a photo's region without its suffix, such as `IMG_1_details`.
  ///
  /// The photo's own name is kept, without its suffix, but for control characters, which become
  /// `_`, and for its length: file systems end at 255 bytes.
  ///
  /// - Parameters:
  ///   - photo: the photo's path.
  ///   - attribute: the attribute that the region serves.
  ///   - distinction: a text that distinguishes photos of one name, such as eight digits of the
  ///     content's hash.
  /// - Returns: the name, without folder and suffix.
  public static func name(
    photo: String, attribute: Attribute, distinction: String? = nil
  ) -> String {
    var stem = String(photo.split(separator: "/").last ?? "photo")
    if let dot = stem.lastIndex(of: "."), dot != stem.startIndex { stem = String(stem[..<dot]) }
    var clean = ""
    for scalar in stem.unicodeScalars {
      clean.unicodeScalars.append(scalar.isControl ? "_" : scalar)
    }
    while clean.utf8.count > 160 { clean.removeLast() }
    // A name that starts with a dot would be hidden, one with a dash read as an option.
    if clean.isEmpty || clean.hasPrefix(".") || clean.hasPrefix("-") { clean = "photo" + clean }
    return "\(clean)\(distinction.map { "-\($0)" } ?? "")_\(attribute.text)"
  }

  /// Names for a batch: photos of equal names, also but for case, are distinguished by their
  /// content.
  ///
  /// - Parameters:
  ///   - photos: the photos' paths.
  ///   - attribute: the attribute that the regions serve.
  /// - Returns: a name for each photo, in order; equal only for photos of equal names and contents.
  public static func names(photos: [String], attribute: Attribute) -> [String] {
    let plain = photos.map { name(photo: $0, attribute: attribute) }
    var counts: [String: Int] = [:]
    for name in plain { counts[name.lowercased(), default: 0] += 1 }
    return zip(photos, plain).map { photo, plainName in
      guard counts[plainName.lowercased(), default: 0] > 1,
        let hash = try? FileDigest.sha256(photo)
      else { return plainName }
      return name(photo: photo, attribute: attribute, distinction: String(hash.prefix(8)))
    }
  }
}
