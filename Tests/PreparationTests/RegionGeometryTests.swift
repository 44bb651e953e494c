import Domain
import Preparation
import Testing

/// The geometry of the standard rule in a photo of 4000 × 3000 pixels.
private func geometry(
  _ face: FaceBox, width: Int = 4000, height: Int = 3000
) -> RegionGeometry {
  RegionGeometry(
    around: face, photoWidth: width, photoHeight: height, margin: 0.3, aspect: 0.75,
    targetPixels: 4_500_000)
}

@Test func faceRegionsHaveThePapersSize() {
  let region = geometry(FaceBox(x: 1900, y: 1300, width: 300, height: 400, score: 1))
  #expect(region.widthPixels == 1837 && region.heightPixels == 2449)
}

@Test func aRegionIsCentredOnTheFaceWithItsMargin() {
  // 300 × 400 with 30 % on each side is 480 × 640, which is 3 : 4 already.
  let region = geometry(FaceBox(x: 1900, y: 1300, width: 300, height: 400, score: 1))
  #expect(region.crop == PixelRectangle(x: 1810, y: 1180, width: 480, height: 640))
  #expect(region.border == .inside)
}

@Test func aWideFaceMakesTheRegionTaller() {
  // 600 · 1.6 = 960 wide, so 1280 high.
  let region = geometry(FaceBox(x: 1700, y: 1300, width: 600, height: 400, score: 1))
  #expect(region.crop == PixelRectangle(x: 1520, y: 860, width: 960, height: 1280))
}

@Test(arguments: [
  (0.0, 0.0, 0, 0), (3800.0, 2700.0, 3520, 2360), (1900.0, 0.0, 1760, 0), (0.0, 1300.0, 0, 1130),
])
func aRegionAtTheBorderIsMovedInside(x: Double, y: Double, left: Int, top: Int) {
  let region = geometry(FaceBox(x: x, y: y, width: 200, height: 300, score: 1))
  #expect(region.crop.width == 360 && region.crop.height == 480)
  #expect(region.border == .shifted)
  #expect(region.crop.x == min(max(Int(x) + 100 - 180, 0), 3640))
  #expect(region.crop.y == min(max(Int(y) + 150 - 240, 0), 2520))
}

@Test func aRegionLargerThanThePhotoIsPaddedAndCentred() {
  let region = geometry(
    FaceBox(x: 50, y: 100, width: 300, height: 400, score: 1), width: 400, height: 1000)
  #expect(region.border == .padded)
  #expect(region.crop == PixelRectangle(x: -40, y: 0, width: 480, height: 640))
}

@Test func wholePhotosKeepTheirAspect() {
  let whole = RegionGeometry(
    own: PixelRectangle(x: 0, y: 0, width: 4000, height: 3000), targetPixels: 2_500_000)
  #expect(whole.widthPixels == 1826 && whole.heightPixels == 1369)
  let small = RegionGeometry(
    own: PixelRectangle(x: 0, y: 0, width: 400, height: 300), targetPixels: 2_500_000)
  #expect(small.widthPixels == 1826, "small photos are enlarged")
  let thin = RegionGeometry(
    own: PixelRectangle(x: 0, y: 0, width: 100_000, height: 1), targetPixels: 2_500_000)
  #expect(thin.widthPixels == 16_000 && thin.heightPixels == 1)
}

@Test func theMainFaceIsLargeAndCentral() {
  let centre = FaceBox(x: 1800, y: 1300, width: 400, height: 400, score: 0.9)
  let corner = FaceBox(x: 0, y: 0, width: 500, height: 500, score: 0.99)
  let huge = FaceBox(x: 0, y: 0, width: 700, height: 700, score: 0.85)
  func order(_ faces: [FaceBox]) -> [FaceBox] {
    mainFirst(faces, photoWidth: 4000, photoHeight: 3000)
  }
  #expect(order([corner, centre]).first == centre, "1.6 times the area in a corner isn't enough")
  #expect(order([centre, huge]).first == huge, "3 times the area is")
  #expect(order([huge, corner, centre]) == order([centre, huge, corner]))
}

@Test func attributesWithoutARuleAreNamed() throws {
  let settings = PreparationSettings()
  #expect(try settings.rule(for: .exposure).isCutAroundFace)
  #expect(try !settings.rule(for: .colour).isCutAroundFace)
  #expect(throws: InputError.self) { try settings.rule(for: Attribute("sharpness")) }
}

@Test func regionsAreReadFromText() throws {
  #expect(try RegionChoice(parsing: "FULL") == .full)
  #expect(throws: InputError.self) { try RegionChoice(parsing: "nose") }
  #expect(
    try RegionChoice.box(parsing: "1, 2,30,40")
      == .box(PixelRectangle(x: 1, y: 2, width: 30, height: 40)))
  for text in ["", "1,2,3", "1,2,3,0", "1,2,3,4,5", "a,b,c,d", "-1,2,3,4", "1.5,2,3,4"] {
    #expect(throws: InputError.self) { try RegionChoice.box(parsing: text) }
  }
}

@Test func namesKeepThePhotosNameAndAreSafe() {
  #expect(RegionNames.name(photo: "a/IMG 1.JPG", attribute: .details) == "IMG 1_details")
  #expect(RegionNames.name(photo: "a\nb.jpg", attribute: .overall) == "a_b_overall")
  #expect(RegionNames.name(photo: ".hidden", attribute: .details) == "photo.hidden_details")
  #expect(RegionNames.name(photo: "-rf.png", attribute: .details) == "photo-rf_details")
  let long = String(repeating: "日", count: 200)
  #expect(RegionNames.name(photo: long, attribute: .details).utf8.count < 200)
}
