import Domain
import Files
import Foundation
import Pixels
import Preparation
import Testing

private let oneFace = [[0.4, 0.3, 0.2, 0.3, 0.95]]

@Test func aRegionEqualsCroppingAndResizingByHand() throws {
  try withTemporaryFolder { folder in
    let photo = try texture(600, 800)
    try photo.write(to: "\(folder)/p.png", as: .png())
    let preparer = try PhotoPreparer(detector: StubDetector(oneFace))
    let record = try preparer.prepareRecorded(
      photo: "\(folder)/p.png", attribute: .details, to: folder)
    // Face 240,240 120×240; with margin 192 × 384, at 3 : 4 288 × 384.
    let crop = PixelRectangle(x: 156, y: 168, width: 288, height: 384)
    #expect(record.prepared.crop == crop)
    #expect(record.border == .inside && record.facePass == "960")
    #expect(record.prepared.region == "\(folder)/p_details.png")
    let expected = try #require(
      photo.cropped(to: PixelRectangle(x: 156, y: 168, width: 288, height: 384))
    ).resizedBicubic(widthPixels: 1837, heightPixels: 2449)
    #expect(try RasterImage.decode(record.prepared.region) == expected)
  }
}

@Test func aPaddedRegionMirrorsThePhoto() throws {
  try withTemporaryFolder { folder in
    let photo = try texture(300, 420)
    try photo.write(to: "\(folder)/p.png", as: .png())
    let preparer = try PhotoPreparer(detector: StubDetector([[0.1, 0.1, 0.8, 0.8, 0.9]]))
    let record = try preparer.prepareRecorded(
      photo: "\(folder)/p.png", attribute: .details, to: folder)
    #expect(record.border == .padded)
    let crop = record.prepared.crop
    #expect(crop.x < 0 && crop.y < 0)
    let expected = photo.reflectionPadded(
      left: -crop.x, top: -crop.y, right: crop.x + crop.width - 300,
      bottom: crop.y + crop.height - 420
    ).resizedBicubic(widthPixels: 1837, heightPixels: 2449)
    #expect(try RasterImage.decode(record.prepared.region) == expected)
  }
}

@Test func noFaceIsAnErrorThatNamesTheWaysOut() throws {
  try withTemporaryFolder { folder in
    let photo = "\(folder)/p.png"
    try texture(200, 160).write(to: photo, as: .png())
    let preparer = try PhotoPreparer(detector: StubDetector([]))
    do {
      _ = try preparer.prepare(photo: photo, attribute: .details, to: folder)
      Issue.record("a photo without a face was prepared")
    } catch let error as InputError {
      #expect(error.remedy.contains("\(Setting("region")) full"))
      #expect(error.remedy.contains("\(Setting("box"))"))
    }
    let full = try preparer.prepareRecorded(
      photo: photo, attribute: .details, region: .full, to: folder)
    #expect(full.prepared.face == nil)
    #expect(full.prepared.widthPixels == 2372 && full.prepared.heightPixels == 1897)
    let box = RegionChoice.box(PixelRectangle(x: 10, y: 20, width: 60, height: 80))
    let cut = try preparer.prepare(photo: photo, attribute: .details, region: box, to: folder)
    #expect(cut.crop == PixelRectangle(x: 10, y: 20, width: 60, height: 80))
    let outside = RegionChoice.box(PixelRectangle(x: 190, y: 20, width: 60, height: 80))
    #expect(throws: InputError.self) {
      try preparer.prepare(photo: photo, attribute: .details, region: outside, to: folder)
    }
  }
}

@Test func otherSizesAreTriedOnlyWhenNothingIsFound() throws {
  try withTemporaryFolder { folder in
    let photo = "\(folder)/p.png"
    try texture(1500, 1000).write(to: photo, as: .png())
    let first = StubDetector(oneFace)
    _ = try FaceSearch(first).faces(in: photo)
    #expect(first.sizes == [960])
    let late = StubDetector(oneFace) { $0.longSidePixels == 1280 }
    let found = try FaceSearch(late).faces(in: photo)
    #expect(late.sizes == [960, 640, 1280])
    #expect(found.pass == "1280")
    let face = try #require(found.main)
    // Boxes come back in pixels of the whole photo.
    #expect(abs(face.x - 600) < 1e-9 && abs(face.height - 300) < 1e-9)
    let blind = StubDetector([])
    #expect(try FaceSearch(blind).faces(in: photo).pass == nil)
    #expect(blind.sizes.count == 8)
  }
}

@Test func turnedPhotosAreSearchedUpright() throws {
  let fixture = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("PixelsTests/Fixtures/orientation6.jpg")
  let found = try FaceSearch(StubDetector(oneFace)).faces(in: fixture.path)
  #expect(found.header.widthPixels == 32 && found.header.heightPixels == 48)
  #expect(try #require(found.main).height == 0.3 * 48)
}

@Test func workIsDoneOnceAndNeverOnAnotherPhotosName() throws {
  try withTemporaryFolder { folder in
    try FileManager.default.createDirectory(
      atPath: "\(folder)/b", withIntermediateDirectories: true)
    try texture(300, 400).write(to: "\(folder)/p.png", as: .png())
    try texture(310, 400).write(to: "\(folder)/b/p.png", as: .png())
    let detector = StubDetector(oneFace)
    let preparer = try PhotoPreparer(detector: detector)
    let first = try preparer.prepareRecorded(
      photo: "\(folder)/p.png", attribute: .details, to: folder)
    let again = try preparer.prepareRecorded(
      photo: "\(folder)/p.png", attribute: .details, to: folder)
    #expect(first == again)
    #expect(detector.sizes.count == 1, "the second call used the record")
    let other = try preparer.prepare(
      photo: "\(folder)/b/p.png", attribute: .details, to: folder)
    #expect(other.region != first.prepared.region)
    #expect(FileManager.default.fileExists(atPath: other.region))
    let batch = RegionNames.names(
      photos: ["\(folder)/p.png", "\(folder)/b/p.png", "\(folder)/c.png"], attribute: .details)
    #expect(Set(batch).count == 3 && batch[2] == "c_details")
    // Half-written results are made again.
    try FileManager.default.removeItem(atPath: first.prepared.region)
    _ = try preparer.prepare(photo: "\(folder)/p.png", attribute: .details, to: folder)
    #expect(FileManager.default.fileExists(atPath: first.prepared.region))
  }
}

@Test func aDamagedPhotoIsRefusedHoweverItIsCut() throws {
  try withTemporaryFolder { folder in
    let bytes = try texture(400, 600).encoded(as: .jpeg(quality: 90))
    let path = "\(folder)/cut.jpg"
    try AtomicFile.write(Array(bytes.prefix(bytes.count * 4 / 5)), to: path)
    let preparer = try PhotoPreparer(detector: StubDetector(oneFace))
    let top = RegionChoice.box(PixelRectangle(x: 0, y: 0, width: 30, height: 40))
    for region in [RegionChoice.automatic, .full, top] {
      #expect(throws: PhotoError.self) {
        try preparer.prepare(photo: path, attribute: .details, region: region, to: folder)
      }
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["cut.jpg"])
  }
}

@Test func aContactSheetShowsEveryPhoto() throws {
  try withTemporaryFolder { folder in
    try texture(300, 400).write(to: "\(folder)/p.png", as: .png())
    let preparer = try PhotoPreparer(detector: StubDetector(oneFace))
    let record = try preparer.prepareRecorded(
      photo: "\(folder)/p.png", attribute: .details, to: folder)
    var sheet = ContactSheet(photos: 3)
    try sheet.add(record)
    sheet.addFailed("\(folder)/absent.jpg")
    sheet.addFailed("\(folder)/p.png")
    let image = sheet.image()
    #expect(image.widthPixels == 2 * 412 + 12 && image.heightPixels == 2 * 412 + 12)
    func shows(_ colour: [UInt8]) -> Bool {
      stride(from: 0, to: image.samples.count, by: 3).contains {
        image.samples[$0..<($0 + 3)].elementsEqual(colour)
      }
    }
    #expect(shows([0, 220, 90]) && shows([255, 150, 0]) && shows([235, 40, 40]))
  }
}

@Test func aBatchIsTheSameForAnyNumberOfThreads() throws {
  try withTemporaryFolder { folder in
    var photos: [String] = []
    for index in 0..<4 {
      photos.append("\(folder)/photo \(index).png")
      try texture(120 + index, 150).write(to: photos[index], as: .png())
    }
    photos.insert("\(folder)/absent.jpg", at: 2)
    var runs: [[RegionRecord?]] = []
    for threads in 1...2 {
      let out = "\(folder)/out\(threads)"
      try FileManager.default.createDirectory(atPath: out, withIntermediateDirectories: true)
      let results = try PreparationBatch.prepare(
        photos: photos, attribute: .details, to: out,
        settings: PreparationSettings(encoding: .jpeg()), threads: threads
      ) { StubDetector(oneFace) }
      runs.append(results.map { try? $0.get() })
      #expect(results.map { (try? $0.get()) != nil } == [true, true, false, true, true])
      #expect(try FileManager.default.contentsOfDirectory(atPath: out).count == 8)
    }
    for (one, two) in zip(runs[0], runs[1]) {
      #expect(one?.prepared.photo == two?.prepared.photo && one?.faces == two?.faces)
      guard let one, let two else { continue }
      let left = try Data(contentsOf: URL(fileURLWithPath: one.prepared.region))
      #expect(left == (try Data(contentsOf: URL(fileURLWithPath: two.prepared.region))))
    }
  }
}
