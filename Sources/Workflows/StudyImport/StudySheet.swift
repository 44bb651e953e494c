public import Domain
import Files
import Foundation
public import Pixels
import Preparation
public import Studies

extension StudyRegionRun {
  /// Draws a contact sheet of the photos' boxes for one attribute and notes it in the study.
  ///
  /// Photos without a region of their own are framed in red.
  ///
  /// - Parameters:
  ///   - study: the study.
  ///   - attribute: whose boxes are drawn.
  ///   - path: the JPEG file to write.
  ///   - reading: how photos are read.
  /// - Returns: the photos in the order of the sheet's numbers.
  /// - Throws: `PhotoError` when a photo can't be decoded or the sheet not be written.
  @discardableResult
  public static func drawSheet(
    _ study: StudyStore, attribute: Attribute, to path: String,
    reading: DecodingOptions = DecodingOptions()
  ) throws -> [ScenePhoto] {
    let photos = try study.photos().filter { $0.facts != nil }
    let regions = try study.regions()
    var sheet = ContactSheet(photos: photos.count)
    for photo in photos {
      let file = study.files.path(photo.facts?.sha256 ?? "")
      let text = regions[photo.id]?[attribute]?.record ?? ""
      if let record = try? JSONDecoder().decode(RegionRecord.self, from: Data(text.utf8)) {
        try sheet.add(record.at(photo: file), options: reading)
      } else {
        sheet.addFailed(file, options: reading)
      }
    }
    try study.keepSheet(path)
    try sheet.image().write(to: path, as: .jpeg(quality: 90))
    return photos.map { ScenePhoto(scene: $0.scene, photo: $0.photo) }
  }
}
