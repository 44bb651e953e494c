public import Domain
import Files
import Foundation
public import Pixels
public import Reporting
public import Scoring
import Studies

/// The photos of the scenes that decide, from a study: crops side by side at 1:1, and what changed
/// between them.
public struct ScenePictures {
  /// The scores of a region's parts by a model; the path is that of a photo or of a region that was
  /// cut already.
  public typealias Mapper = (_ path: String, _ isRegion: Bool) throws -> (
    region: RasterImage, parts: PatchScores
  )?

  /// What came out.
  public struct Result: Sendable {
    /// The pictures.
    public var pictures: [VerdictPicture] = []
    /// Why there are none, or not all; nil where nothing is missing.
    public var missing: String?
  }

  /// The side of a crop, in pixels.
  private static let cropSide = 480
  /// The longest side of faces, or of whole regions, that are measured.
  private static let measuredSide = 1024

  private let study: StudyStore
  private let photos: [ScenePhoto: StudyPhoto]
  private let regions: [Int64: [Attribute: StudyRegion]]
  private let mapper: Mapper?
  /// Whether somebody decided to publish photos without a confirmed agreement.
  private let hasException: Bool

  /// Makes pictures; a study without files gives a reason instead.
  ///
  /// - Parameters:
  ///   - examples: the photos.
  ///   - groups: where the groups come from: only a study holds photos.
  ///   - page: the page that shows the pictures; links are relative to it.
  ///   - mapper: a model's map of a region; nil for none.
  ///   - observer: hears progress.
  /// - Returns: the pictures, and what is missing.
  /// - Throws: `InputError` when the study can't be read.
  public static func make(
    _ examples: [SceneExample], groups: GroupSource, page: String, mapper: Mapper? = nil,
    observer: WorkflowObserver = .silent
  ) throws -> Result {
    guard case .study(let folder, _) = groups else {
      return Result(
        missing: "No photos are shown: the groups come from a list, not from a study with photos.")
    }
    let study = try StudyStore.open(folder)
    defer { try? study.close() }
    let maker = try ScenePictures(study, mapper)
    var result = Result()
    var faults: [String] = []
    for (index, example) in examples.enumerated() {
      do {
        if let problem = maker.consentProblem(example) {
          faults.append("\(example.scene) (\(problem))")
        } else if let picture = try maker.picture(example, page: page) {
          result.pictures.append(picture)
        } else {
          faults.append("\(example.scene) (the study holds no file of both photos)")
        }
      } catch {
        faults.append("\(example.scene) (\(error))")
      }
      observer.progress("showing scenes", index + 1, of: examples.count)
    }
    if !result.pictures.isEmpty {
      // A withdrawal must find every page that shows people.
      try study.keepSheet(page)
    }
    if !faults.isEmpty {
      let names = faults.prefix(3).joined(separator: "; ")
      result.missing = "Photos that are not shown: \(names)\(faults.count > 3 ? "; …" : "")."
    }
    return result
  }

  private init(_ study: StudyStore, _ mapper: Mapper?) throws {
    (self.study, self.mapper) = (study, mapper)
    photos = Dictionary(
      try study.photos().map { (ScenePhoto(scene: $0.scene, photo: $0.photo), $0) }
    ) { first, _ in first }
    regions = try study.regions()
    hasException = try study.consentExceptions().contains { $0.purpose == .publication }
  }

  // MARK: One scene

  /// Why photos may not be shown on a page, which others get.
  private func consentProblem(_ example: SceneExample) -> String? {
    guard !hasException else { return nil }
    return [example.baseline, example.candidate].lazy.compactMap { photo in
      photos[ScenePhoto(scene: example.scene, photo: photo)]?.metadata.consentProblem(.publication)
    }.first
  }

  /// A photo's pixels, with the face where it is known.
  private struct Source {
    let path: String
    let isRegion: Bool
    let face: FaceBox?
  }

  private func picture(_ example: SceneExample, page: String) throws -> VerdictPicture? {
    guard let (old, new) = try sources(example) else { return nil }
    let (before, after) = (try RasterImage.decode(old.path), try RasterImage.decode(new.path))
    func side(
      _ photo: PhotoID, _ image: RasterImage, _ source: Source
    ) throws -> VerdictPicture.Side {
      VerdictPicture.Side(
        photo: photo,
        crop: try Self.crop(image, around: source.face).encoded(as: .jpeg(quality: 92)),
        link: Self.relative(source.path, to: page))
    }
    var picture = VerdictPicture(
      attribute: example.attribute, scene: example.scene, difference: example.difference,
      baseline: try side(example.baseline, before, old),
      candidate: try side(example.candidate, after, new),
      changes: Self.changes(Self.measured(before, after, old.face, new.face)))
    if let mapper, let first = try mapper(old.path, old.isRegion),
      let second = try mapper(new.path, new.isRegion),
      let map = try DifferenceMap(first, second)?.encoded()
    {
      picture.map = map
    }
    return picture
  }

  /// Both originals, else both regions of the attribute.
  private func sources(_ example: SceneExample) throws -> (Source, Source)? {
    let names = [example.baseline, example.candidate]
    let found = names.compactMap { photos[ScenePhoto(scene: example.scene, photo: $0)] }
    guard found.count == 2 else { return nil }
    let originals = try found.compactMap { photo in
      try photo.facts.map { facts in
        Source(
          path: study.files.path(facts.sha256), isRegion: false,
          face: try study.faces(sha256: facts.sha256)?.main)
      }
    }
    let cut = found.compactMap { photo in
      regions[photo.id]?[example.attribute].map {
        Source(path: study.files.path($0.sha256), isRegion: true, face: nil)
      }
    }
    // Faces place both crops alike; without them the regions do, which were cut by one rule.
    if originals.count == 2, originals.allSatisfy({ $0.face != nil }) || cut.count < 2 {
      return (originals[0], originals[1])
    }
    return cut.count == 2 ? (cut[0], cut[1]) : nil
  }

  /// The middle of the face, or of the picture, pixel for pixel.
  private static func crop(_ image: RasterImage, around face: FaceBox?) -> RasterImage {
    let (width, height) = (
      min(cropSide, image.widthPixels), min(cropSide, image.heightPixels)
    )
    let centre =
      face.map { ($0.x + $0.width / 2, $0.y + $0.height / 2) }
      ?? (Double(image.widthPixels) / 2, Double(image.heightPixels) / 2)
    func start(_ middle: Double, _ length: Int, _ whole: Int) -> Int {
      min(max(0, Int(middle.rounded()) - length / 2), whole - length)
    }
    let area = PixelRectangle(
      x: start(centre.0, width, image.widthPixels), y: start(centre.1, height, image.heightPixels),
      width: width, height: height)
    return image.cropped(to: area) ?? image
  }

  /// What is measured: the faces, or the whole pictures, brought to the same size.
  private static func measured(
    _ before: RasterImage, _ after: RasterImage, _ old: FaceBox?, _ new: FaceBox?
  ) -> (RasterImage, RasterImage) {
    func part(_ image: RasterImage, _ face: FaceBox?) -> RasterImage {
      guard let face else { return image }
      let area = PixelRectangle(
        x: Int(face.x), y: Int(face.y), width: Int(face.width), height: Int(face.height)
      ).clipped(width: image.widthPixels, height: image.heightPixels)
      return area.flatMap { image.cropped(to: $0) } ?? image
    }
    let isFace = old != nil && new != nil
    let parts = (part(before, isFace ? old : nil), part(after, isFace ? new : nil))
    var width = min(parts.0.widthPixels, parts.1.widthPixels)
    var height = min(parts.0.heightPixels, parts.1.heightPixels)
    let excess = Double(max(width, height)) / Double(measuredSide)
    if excess > 1 { (width, height) = (Int(Double(width) / excess), Int(Double(height) / excess)) }
    return (
      parts.0.resizedBicubic(widthPixels: width, heightPixels: height),
      parts.1.resizedBicubic(widthPixels: width, heightPixels: height)
    )
  }

  private static func changes(_ parts: (RasterImage, RasterImage)) -> [VerdictPicture.Change] {
    guard let old = PictureMeasures(parts.0), let new = PictureMeasures(parts.1) else { return [] }
    func percent(_ name: String, _ one: Double, _ other: Double) -> VerdictPicture.Change {
      guard one > 0 else { return VerdictPicture.Change(name, "–") }
      let change = Int((100 * (other / one - 1)).rounded())
      return VerdictPicture.Change(
        name, change == 0 ? "as before" : "\(change > 0 ? "+" : "\u{2212}")\(abs(change)) %")
    }
    var exposure = "–"
    if old.luminance > 0, new.luminance > 0 {
      let stops = log2(new.luminance / old.luminance)
      let text = String(format: "%.2f", abs(stops))
      exposure = text == "0.00" ? "as before" : "\(stops > 0 ? "+" : "\u{2212}")\(text) EV"
    }
    return [
      percent("sharpness", old.sharpness, new.sharpness), percent("noise", old.noise, new.noise),
      VerdictPicture.Change("exposure", exposure),
    ]
  }

  /// A path as the page must name it: relative to its folder.
  static func relative(_ path: String, to page: String) -> String {
    func parts(_ path: String) -> [String] {
      URL(fileURLWithPath: path).standardizedFileURL.pathComponents
    }
    let (file, folder) = (parts(path), Array(parts(page).dropLast()))
    let shared = zip(file, folder).prefix { $0 == $1 }.count
    let up = Array(repeating: "..", count: folder.count - shared)
    return (up + file.dropFirst(shared)).joined(separator: "/")
  }
}
