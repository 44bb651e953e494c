public import Domain
internal import Files
import Foundation
public import Pixels

/// Turns photos into regions of interest (paper 1, section 3.2).
///
/// The detector may hold a network, so a preparer belongs to one thread.
public struct PhotoPreparer<Detector: FaceDetector> {
  let detector: Detector
  let settings: PreparationSettings

  /// Makes a preparer.
  ///
  /// - Throws: `InputError` when a setting can't be used.
  public init(detector: Detector, settings: PreparationSettings = PreparationSettings()) throws {
    try settings.check()
    self.detector = detector
    self.settings = settings
  }

  /// Cuts a photo's region, brings it to the attribute's size and writes it with its record.
  ///
  /// The image lies at `folder/NAME_ATTRIBUTE.png` (or the settings' format) and its
  /// ``RegionRecord`` beside it with `.json` appended. Both are complete or absent. Work is done
  /// once: when the record shows that the same content was prepared with the same settings, it is
  /// returned as it is. Another photo's region is never replaced: the new one is distinguished by
  /// eight digits of its content's hash.
  ///
  /// - Parameters:
  ///   - photo: the path of the photo.
  ///   - attribute: the attribute that the region serves; its rule says what is cut.
  ///   - region: overrides the rule.
  ///   - folder: where to write; it must exist.
  ///   - name: the file's name without suffix, when the caller gives out names (see
  ///     ``RegionNames``).
  /// - Returns: the region.
  /// - Throws: `PhotoError` when the photo can't be read or the region not be written, `InputError`
  ///   when no face is found or a box isn't inside the photo.
  public func prepare(
    photo: String, attribute: Attribute, region: RegionChoice = .automatic, to folder: String,
    name: String? = nil
  ) throws -> PreparedRegion {
    try prepareRecorded(
      photo: photo, attribute: attribute, region: region, to: folder, name: name
    ).prepared
  }

  /// As ``prepare(photo:attribute:region:to:name:)``, with all faces and settings in the result.
  public func prepareRecorded(
    photo: String, attribute: Attribute, region: RegionChoice = .automatic, to folder: String,
    name: String? = nil
  ) throws -> RegionRecord {
    let rule = try settings.rule(for: attribute)
    let header = try RasterImage.probe(photo, options: settings.decoding)
    let hash = try FileDigest.sha256(photo)
    let line = settings.line(rule: rule, region: region)
    let target = place(photo: photo, hash: hash, attribute: attribute, in: folder, name: name)
    if let known = RegionRecord.read(RegionRecord.path(forRegion: target)),
      known.photoSHA256 == hash, known.settings == line,
      FileManager.default.fileExists(atPath: target)
    {
      return known.moved(photo: photo, region: target)
    }
    let search = try faces(of: photo, choice: region, rule: rule, header: header)
    let geometry = try geometry(region, rule, search, photo: photo)
    let image = try cut(photo, geometry, header)
    let record = RegionRecord(
      prepared: PreparedRegion(
        photo: photo, region: target, attribute: attribute, face: search.main,
        faces: search.faces.count, crop: geometry.crop, widthPixels: image.widthPixels,
        heightPixels: image.heightPixels),
      faces: search.faces, facePass: search.pass, border: geometry.border,
      photoWidthPixels: header.widthPixels, photoHeightPixels: header.heightPixels,
      photoSHA256: hash, colours: header.colourSummary, settings: line,
      hasGainMap: header.hasGainMap ? true : nil)
    // The record comes last: where it lies, the image is whole.
    try image.write(to: target, as: settings.encoding)
    try AtomicFile.write(record.json(), to: RegionRecord.path(forRegion: target))
    return record
  }

  /// The region's image alone, without writing anything.
  ///
  /// - Returns: the image, where it was cut, the faces, the main one first, and the upright photo's
  ///   size.
  /// - Throws: as ``prepare(photo:attribute:region:to:name:)``.
  public func region(
    of photo: String, attribute: Attribute, region: RegionChoice = .automatic
  ) throws -> (
    image: RasterImage, geometry: RegionGeometry, faces: [FaceBox], photo: (width: Int, height: Int)
  ) {
    let rule = try settings.rule(for: attribute)
    let header = try RasterImage.probe(photo, options: settings.decoding)
    let search = try faces(of: photo, choice: region, rule: rule, header: header)
    let geometry = try geometry(region, rule, search, photo: photo)
    return (
      try cut(photo, geometry, header), geometry, search.faces,
      (header.widthPixels, header.heightPixels)
    )
  }

  /// The main face of a photo, in pixels of the upright photo; nil where none was found.
  ///
  /// - Throws: as ``prepare(photo:attribute:region:to:name:)``.
  public func mainFace(of photo: String) throws -> FaceBox? {
    try FaceSearch(detector, options: settings.decoding).faces(in: photo).main
  }

  /// Looks for faces where the region needs one; checks the whole file otherwise.
  private func faces(
    of photo: String, choice: RegionChoice, rule: RegionRule, header: PhotoHeader
  ) throws -> FaceSearchResult {
    if choice.needsFace(rule) {
      return try FaceSearch(detector, options: settings.decoding).faces(in: photo)
    }
    if case .box = choice {
      // Only part of the file is decoded for a box; damage elsewhere must not go unseen.
      _ = try RasterImage.decodeShrunk(photo, longSide: 64, options: settings.decoding)
    }
    return FaceSearchResult(found: FoundFaces(), header: header)
  }

  /// Where the region lies.
  func geometry(
    _ choice: RegionChoice, _ rule: RegionRule, _ search: FaceSearchResult, photo: String
  ) throws(InputError) -> RegionGeometry {
    let width = search.header.widthPixels
    let height = search.header.heightPixels
    let whole = PixelRectangle(x: 0, y: 0, width: width, height: height)
    switch choice {
    case .full: return RegionGeometry(own: whole, targetPixels: rule.targetPixels)
    case .box(let box):
      guard box.isInside(width: width, height: height) else {
        throw InputError(
          photo,
          "the box \(box.x),\(box.y),\(box.width),\(box.height) is not inside its "
            + "\(width) × \(height) pixels",
          remedy: "give a box inside the photo")
      }
      return RegionGeometry(own: box, targetPixels: rule.targetPixels)
    case .automatic where !rule.isCutAroundFace:
      return RegionGeometry(own: whole, targetPixels: rule.targetPixels)
    case .automatic, .face:
      guard let face = search.main else {
        throw InputError(
          photo, "no face was found",
          remedy: "use \(Setting("region")) full, or give the face as \(Setting("box")) x,y,w,h",
          reason: .noFace)
      }
      return RegionGeometry(
        around: face, photoWidth: width, photoHeight: height, margin: settings.faceMargin,
        aspect: settings.faceAspect, targetPixels: rule.targetPixels)
    }
  }

  /// Decodes and resamples the region.
  func cut(
    _ photo: String, _ geometry: RegionGeometry, _ header: PhotoHeader
  ) throws -> RasterImage {
    let wanted = geometry.crop
    guard geometry.border == .padded,
      let inside = wanted.clipped(width: header.widthPixels, height: header.heightPixels)
    else {
      return try RasterImage.decodeArea(
        photo, area: wanted, width: geometry.widthPixels, height: geometry.heightPixels,
        options: settings.decoding)
    }
    let part = try RasterImage.decodeArea(
      photo, area: inside, width: inside.width, height: inside.height, options: settings.decoding)
    return part.reflectionPadded(
      left: inside.x - wanted.x, top: inside.y - wanted.y,
      right: wanted.x + wanted.width - inside.x - inside.width,
      bottom: wanted.y + wanted.height - inside.y - inside.height
    ).resizedBicubic(widthPixels: geometry.widthPixels, heightPixels: geometry.heightPixels)
  }

  /// Where the region's file belongs: beside no other photo's region of the same name.
  private func place(
    photo: String, hash: String, attribute: Attribute, in folder: String, name: String?
  ) -> String {
    let suffix = settings.encoding.fileExtension
    let plain =
      "\(folder)/\(name ?? RegionNames.name(photo: photo, attribute: attribute)).\(suffix)"
    guard name == nil, let other = RegionRecord.read(RegionRecord.path(forRegion: plain)),
      other.photoSHA256 != hash, other.prepared.photo != photo
    else { return plain }
    let distinct = RegionNames.name(
      photo: photo, attribute: attribute, distinction: String(hash.prefix(8)))
    return "\(folder)/\(distinct).\(suffix)"
  }
}

extension RegionRecord {
  /// The record of a photo that lies at another place now.
  public func at(photo: String) -> Self { moved(photo: photo, region: prepared.region) }

  /// The record with the paths of this call: equal content may lie at another place.
  func moved(photo: String, region: String) -> Self {
    let old = prepared
    return Self(
      prepared: PreparedRegion(
        photo: photo, region: region, attribute: old.attribute, face: old.face, faces: old.faces,
        crop: old.crop, widthPixels: old.widthPixels, heightPixels: old.heightPixels),
      faces: faces, facePass: facePass, border: border, photoWidthPixels: photoWidthPixels,
      photoHeightPixels: photoHeightPixels, photoSHA256: photoSHA256, colours: colours,
      settings: settings, hasGainMap: hasGainMap)
  }
}
