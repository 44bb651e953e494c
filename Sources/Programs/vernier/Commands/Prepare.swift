import ArgumentParser
import Domain
import Laboratory
import Pixels
import Preparation
import Storage

/// Cuts regions of interest out of photos.
struct Prepare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Cut the region of interest of an attribute out of photos.",
    discussion: """
      details and exposure: the main face (RetinaFace) with a margin, 3:4, brought to 4.5 megapixels. overall and colour: \
      the whole photo at 2.5 megapixels. Orientation and colour profile are applied; regions are sRGB PNG files, each with \
      its record in JSON. A photo that can't be prepared is reported, the others go on.
      """)

  @Argument(help: "Photos, or folders of photos.")
  var photos: [String]
  @Option(help: "details, exposure, overall or colour.")
  var attribute: String
  @Option(help: "The folder to write to.")
  var out: String
  @Option(help: "Override the attribute's rule: face or full.")
  var region: String?
  @Option(help: "Cut this rectangle instead, x,y,w,h in pixels of the upright photo.")
  var box: String?
  @Option(help: "The space around the face, as a part of its side.")
  var margin = 0.3
  @Option(help: "Also write a contact sheet (JPEG) that shows every box.")
  var preview: String?
  @Flag(help: "Print one JSON object a line on standard output.")
  var json = false

  func run() throws {
    let (kind, choice) = (Attribute(attribute), try RegionOption.choice(region: region, box: box))
    let preparer = try PhotoPreparer(
      detector: RetinaFaceDetector(
        modelPath: Installation().model(StageScoringFiles.detector)),
      settings: PreparationSettings(faceMargin: margin))
    let photos = try PhotoList.expand(photos)
    let names = RegionNames.names(photos: photos, attribute: kind)
    _ = try PreparationSettings().rule(for: kind)
    try Storage.AtomicFile.makeFolder(out)
    var (batch, line) = (Batch(), ProgressLine("preparing", total: photos.count))
    var sheet = ContactSheet(photos: photos.count)
    for (index, photo) in photos.enumerated() {
      var isDone = false
      batch.attempt(photo) {
        let record = try preparer.prepareRecorded(
          photo: photo, attribute: kind, region: choice, to: out, name: names[index])
        if preview != nil { try sheet.add(record) }
        isDone = true
        if json {
          print(try CanonicalJSON.line(PreparedLine(record.prepared)))
        } else {
          Messages.say("\(photo) → \(record.prepared.region)")
        }
      }
      if !isDone, preview != nil { sheet.addFailed(photo) }
      line.update(index + 1)
    }
    if let preview { try sheet.image().write(to: preview, as: .jpeg(quality: 90)) }
    try batch.finish(of: photos.count, "photos")
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
    // A photo without a looked-for face says null, not nothing.
    try container.encode(region.face, forKey: .face)
    try container.encode(region.faces, forKey: .faces)
    try container.encode(region.widthPixels, forKey: .widthPixels)
    try container.encode(region.heightPixels, forKey: .heightPixels)
    try container.encode(region.crop, forKey: .crop)
    try container.encode(region.attribute, forKey: .attribute)
  }
}
