import Domain
import Foundation
import NeuralModels
import Tensors
import Testing

@Suite struct FaceRecognitionTests {
  /// What dlib's own program says about pictures that show nobody.
  private struct Reference: Decodable {
    let pattern: [Double]
    let squares: [Double]
  }

  private func network() throws -> FaceRecognition {
    let file = "people/" + FaceRecognition.fileName
    let path = URL(filePath: #filePath).deletingLastPathComponent()
      .appending(path: "../../.deps/\(file)").standardized.path
    guard FileManager.default.fileExists(atPath: path) else {
      try Test.cancel(".deps/\(file) is missing; run Scripts/setup --people")
    }
    return try FaceRecognition.load(path)
  }

  @Test func embeddingsEqualDlibs() throws {
    let reference = try Golden.read(Reference.self, "face-recognition")
    let network = try network()
    let pattern = Golden.pattern(height: 150, width: 150)
    let squares = (0..<150).flatMap { y in
      (0..<150).flatMap { x in
        let at = 3 * (150 * (y / 16 * 16) + x / 16 * 16)
        return pattern[at..<at + 3]
      }
    }
    let own = try network.embedding(rgb: pattern)
    // Both compute in single precision; the coordinates are about 0.1.
    #expect(Golden.difference(own.values, reference.pattern) < 1e-5)
    let other = try network.embedding(rgb: squares)
    #expect(Golden.difference(other.values, reference.squares) < 1e-5)
    let apart = zip(reference.pattern, reference.squares).map { ($0 - $1) * ($0 - $1) }
      .reduce(0, +).squareRoot()
    #expect(abs(own.distance(to: other) - apart) < 1e-5)
    #expect(own.distance(to: own) == 0)
  }

  @Test func anEmbeddingShowsNothing() throws {
    let embedding = try network().embedding(rgb: Golden.pattern(height: 150, width: 150))
    var dumped = ""
    dump(embedding, to: &dumped)
    for text in ["\(embedding)", String(reflecting: embedding), dumped] {
      #expect(!text.contains { $0.isNumber }, "\(text.prefix(100))")
    }
  }

  @Test func otherFilesAndSizesAreErrors() throws {
    let network = try network()
    #expect(throws: InputError.self) { try network.embedding(rgb: [1, 2, 3]) }
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "other.dat")
    // One affine layer of two numbers.
    let other = [1, 7] + Array("affine_".utf8) + [1, 2, 1, 2, 1, 1, 1, 1, 1, 1]
    try Data(other + [UInt8](repeating: 0, count: 8)).write(to: path)
    let error = #expect(throws: InputError.self) { try FaceRecognition.load(path.path) }
    #expect(error?.problem.contains("isn't dlib's face recognition network") == true)
  }
}
