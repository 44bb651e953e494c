import Domain
import NeuralModels
import Pixels
import Tensors
import Testing

@Suite struct RetinaFaceTests {
  private struct Reference: Decodable {
    struct Raw: Decodable {
      let height: Int
      let width: Int
      let count: Int
      let boxes: [Double]
      let scores: [Double]
    }
    let raw: Raw
    let astronaut: FaceBox
    /// x and y of the eyes, the nose and the corners of the mouth.
    let landmarks: [Double]
  }

  private let reference: Reference
  private let detector: RetinaFace

  init() throws {
    reference = try Golden.read(Reference.self, "retinaface")
    detector = try RetinaFace.load(
      Golden.dependency("models/retinaface-mobilenet025.safetensors"))
  }

  @Test func rawOutputsEqualONNXRuntime() throws {
    let raw = reference.raw
    let pixels = Golden.pattern(height: raw.height, width: raw.width)
    let image =
      try Tensor(pixels, shape: [1, raw.height, raw.width, 3]).to(.float32)
      .permuted([0, 3, 1, 2]).flipped([1])
      - Tensor([104, 117, 123] as [Float], shape: [1, 3, 1, 1])
    let (boxes, scores) = try withoutGradient { try detector(image) }
    #expect(boxes.shape == [1, raw.count, 4])
    let every17th = try Tensor((0..<Int64(raw.count)).filter { $0 % 17 == 0 })
    let ownBoxes = try boxes.entries(every17th, along: 1)
    // The bounds: 1e-3 for scores; boxes are in units of the prior, at most 512 pixels.
    #expect(try Golden.difference(ownBoxes, raw.boxes) <= 1e-3)
    let ownScores = try scores.entries(every17th, along: 1).entry(1, along: 2)
    #expect(try Golden.difference(ownScores, raw.scores) <= 1e-3)
  }

  @Test func theAstronautHasOneFace() throws {
    let photo = try RasterImage.decode(Golden.dependency("portraits/astronaut.png"))
    let faces = try detector.detect(
      rgb: photo.samples, widthPixels: photo.widthPixels, heightPixels: photo.heightPixels)
    #expect(faces.count == 1)
    let face = try #require(faces.first)
    let expected = reference.astronaut
    // The bounds.
    #expect(abs(face.x - expected.x) <= 1)
    #expect(abs(face.y - expected.y) <= 1)
    #expect(abs(face.width - expected.width) <= 1)
    #expect(abs(face.height - expected.height) <= 1)
    #expect(abs(face.score - expected.score) <= 1e-3)
  }

  @Test func landmarksEqualONNXRuntimes() throws {
    let photo = try RasterImage.decode(Golden.dependency("portraits/astronaut.png"))
    let faces = try detector.detectLandmarks(
      rgb: photo.samples, widthPixels: photo.widthPixels, heightPixels: photo.heightPixels)
    let found = try #require(faces.first)
    #expect(faces.count == 1 && abs(found.box.x - reference.astronaut.x) <= 1)
    let own = found.landmarks.points.flatMap { [Float($0.x), Float($0.y)] }
    #expect(Golden.difference(own, reference.landmarks) < 0.05)
  }

  @Test func aLowThresholdGivesBoxesInsideWithoutMuchOverlap() throws {
    let faces = try detector.detect(
      rgb: Golden.pattern(height: 71, width: 97), widthPixels: 97, heightPixels: 71, threshold: 0)
    #expect(faces.count > 1)
    #expect(faces.map(\.score) == faces.map(\.score).sorted(by: >))
    for face in faces {
      #expect(face.x >= 0 && face.y >= 0)
      #expect(face.x + face.width <= 97 + 1e-9 && face.y + face.height <= 71 + 1e-9)
    }
  }

  @Test func sizesThatDoNotFitAreErrors() throws {
    #expect(throws: InputError.self) {
      try detector.detect(rgb: [1, 2, 3], widthPixels: 64, heightPixels: 64)
    }
    #expect(throws: InputError.self) {
      try detector.detect(rgb: [1, 2, 3], widthPixels: 1, heightPixels: 1)
    }
  }
}
