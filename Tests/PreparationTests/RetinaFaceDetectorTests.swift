import Domain
import Foundation
import Pixels
import Preparation
import Testing

@Test func everyPortraitHasItsMainFace() throws {
  let portraits = try dependency("portraits")
  let model = try dependency("models/retinaface-mobilenet025.safetensors")
  let detector = try RetinaFaceDetector(modelPath: model)
  let search = FaceSearch(detector)
  // Faces as one sees them in the portraits, in parts of the sides; a few per cent are a matter of
  // taste.
  let seen: [(String, Int, [Double])] = [
    ("astronaut.png", 1, [0.34, 0.13, 0.21, 0.27]), ("obama.jpg", 1, []), ("obama2.jpg", 1, []),
    ("obama3.jpg", 1, []), ("biden.jpg", 1, []),
  ]
  for (name, count, parts) in seen {
    let result = try search.faces(in: "\(portraits)/\(name)")
    #expect(result.faces.count >= count, "\(name)")
    #expect(result.pass == "960", "\(name)")
    let face = try #require(result.main, "\(name)")
    guard parts.count == 4 else { continue }
    #expect(abs(face.x / Double(result.header.widthPixels) - parts[0]) < 0.05, "\(name)")
    #expect(abs(face.y / Double(result.header.heightPixels) - parts[1]) < 0.05, "\(name)")
    #expect(abs(face.width / Double(result.header.widthPixels) - parts[2]) < 0.05, "\(name)")
  }
}
