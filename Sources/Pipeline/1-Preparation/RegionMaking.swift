public import Domain
internal import Pixels

/// A region's file in memory, with everything that is known about how it was made.
public struct EncodedRegion: Sendable {
  /// The bytes of the file.
  public let bytes: [UInt8]
  /// How it was made; the path of the region is the caller's matter.
  public let record: RegionRecord
}

extension PhotoPreparer {
  /// Looks for the faces of a photo; see ``FaceSearch``.
  public func faces(in photo: String) throws -> FoundFaces {
    try FaceSearch(detector, options: settings.decoding).faces(in: photo).found
  }

  /// Makes a region in memory from a photo whose whole file was decoded once before.
  ///
  /// - Parameters:
  ///   - photo: the photo's path.
  ///   - sha256: the hash of the photo's content, for the record.
  ///   - rule: what is cut, and its size.
  ///   - region: overrides the rule.
  ///   - faces: the photo's faces; needed where `region.needsFace(rule)`.
  /// - Returns: the file's bytes and the record.
  /// - Throws: `PhotoError` when the photo can't be read; `InputError` when a face is needed and
  ///   none is known, or a box isn't inside the photo.
  public func encodedRegion(
    of photo: String, sha256: String, rule: RegionRule, region: RegionChoice, faces: FoundFaces?
  ) throws -> EncodedRegion {
    let header = try RasterImage.probe(photo, options: settings.decoding)
    let search = FaceSearchResult(found: faces ?? FoundFaces(), header: header)
    let geometry = try geometry(region, rule, search, photo: photo)
    let image = try cut(photo, geometry, header)
    let record = RegionRecord(
      prepared: PreparedRegion(
        photo: photo, region: "", attribute: rule.attribute, face: search.main,
        faces: search.faces.count, crop: geometry.crop, widthPixels: image.widthPixels,
        heightPixels: image.heightPixels),
      faces: search.faces, facePass: search.pass, border: geometry.border,
      photoWidthPixels: header.widthPixels, photoHeightPixels: header.heightPixels,
      photoSHA256: sha256, colours: header.colourSummary,
      settings: settings.line(rule: rule, region: region),
      hasGainMap: header.hasGainMap ? true : nil)
    return EncodedRegion(
      bytes: try image.encoded(as: settings.encoding, name: photo), record: record)
  }
}
