import ArgumentParser
import Domain
import Files
import Foundation
import ModelLibrary
import Pixels
import Preparation
import Tensors

/// Cuts regions of interest out of photos.
struct Prepare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cut the region of interest of an attribute out of photos.",
    discussion: """
      details and exposure: the main face (RetinaFace) with a margin, 3:4, resized to 4.5 \
      megapixels. overall and colour: the whole photo at 2.5 megapixels. Orientation and colour \
      profile are applied; regions are sRGB PNG files, each with its record in JSON. A photo that \
      cannot be prepared is reported; the others are prepared, and the exit code is 1.
      """)

  @Argument(help: "Photos, or folders of photos.")
  var photos: [String]
  @Option(help: "details, exposure, overall or colour.")
  var attribute: String
  @Option(help: "The folder to write to.")
  var out: String
  @OptionGroup var cut: RegionOptions
  @OptionGroup var reading: PhotoReadingOptions
  @Option(help: "Also write a contact sheet (JPEG) that shows every box.")
  var preview: String?
  @Flag(help: "Print one JSON object per line on standard output.")
  var json = false

  @Option(help: "The number of threads; one for each processor if not given.")
  var threads: Int?

  func run() throws {
    let (kind, choice) = (Attribute(attribute), try cut.choice)
    let settings = PreparationSettings(
      faceMargin: cut.margin, decoding: try reading.decoding())
    let needsFaces = choice.needsFace(try settings.rule(for: kind))
    let photos = try PhotoList.expand(photos)
    try AtomicFile.makeFolder(out)
    let workers = min(threads ?? ProcessInfo.processInfo.activeProcessorCount, photos.count)
    let line = SharedProgress("preparing", total: photos.count)
    let outcomes = try PreparationBatch.prepare(
      photos: photos, attribute: kind, region: choice, to: out, settings: settings,
      threads: workers, progress: { line.update($0) },
      makeDetector: {
        let detector = LateFaceDetector {
          // Photos are spread over the threads, so one network takes one.
          if workers > 1 { try Runtime.setThreads(1) }
          return try RetinaFaceDetector(modelPath: Installation().model(ScoringFiles.detector))
        }
        if needsFaces { try detector.load() }
        return detector
      })
    line.finish()
    var batch = Batch()
    for (photo, outcome) in zip(photos, outcomes) {
      batch.attempt(photo) {
        let prepared = try outcome.get().prepared
        if json {
          print(try CanonicalJSON.line(PreparedLine(prepared)))
        } else {
          Messages.say("\(photo) → \(prepared.region)")
        }
      }
    }
    PhotoNotes.sayGainMaps(outcomes.count { (try? $0.get())?.hasGainMap == true })
    if let preview { try draw(outcomes, of: photos, to: preview) }
    try batch.finish(of: photos.count, "photos")
  }

  private func draw(
    _ outcomes: [Result<RegionRecord, any Error>], of photos: [String], to path: String
  ) throws {
    var sheet = ContactSheet(photos: photos.count)
    for (photo, outcome) in zip(photos, outcomes) {
      switch outcome {
      case .success(let record): try sheet.add(record, options: try reading.decoding())
      case .failure: sheet.addFailed(photo, options: try reading.decoding())
      }
    }
    try sheet.image().write(to: path, as: .jpeg(quality: 90))
  }
}

/// A line of `prepare --json`.
private struct PreparedLine: Encodable {
  let region: PreparedRegion

  init(_ region: PreparedRegion) { self.region = region }

  private enum CodingKeys: String, CodingKey {
    case photo, region, face, faces, widthPixels, heightPixels, crop, attribute
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(region.photo, forKey: .photo)
    try container.encode(region.region, forKey: .region)
    // A photo without a face has null here, instead of no key.
    try container.encode(region.face, forKey: .face)
    try container.encode(region.faces, forKey: .faces)
    try container.encode(region.widthPixels, forKey: .widthPixels)
    try container.encode(region.heightPixels, forKey: .heightPixels)
    try container.encode(region.crop, forKey: .crop)
    try container.encode(region.attribute, forKey: .attribute)
  }
}
