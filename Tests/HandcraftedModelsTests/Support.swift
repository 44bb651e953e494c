import Domain
import Foundation
import HandcraftedModels
import Pixels
import Testing

/// Where the tests' files lie.
enum Place {
  static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  static let package = tests.deletingLastPathComponent().deletingLastPathComponent()

  static func fixture(_ name: String) -> String {
    tests.appending(path: "Fixtures/\(name)").path
  }

  /// NIQE's pristine model, which the set-up fetches; skips the test where it hasn't run.
  static func pristineNIQE() throws -> String {
    try existing(
      package.appending(path: ".deps/models/niqe_pris_params.npz"), remedy: "run Scripts/setup")
  }

  /// The path of a file of the methods' authors; skips the test where it is absent.
  ///
  /// Their licences keep these files out of the repository: they lie beside the checkout, or
  /// beside the folder of a work tree.
  static func parameter(_ name: String) throws -> String {
    let beside = package.deletingLastPathComponent()
    let places = [beside, beside.deletingLastPathComponent()].map {
      $0.appending(path: "shared/params/\(name)")
    }
    let found = places.first { FileManager.default.fileExists(atPath: $0.path) }
    return try existing(found ?? places[0], remedy: "put it into ../shared/params")
  }

  private static func existing(_ url: URL, remedy: String) throws -> String {
    guard FileManager.default.fileExists(atPath: url.path) else {
      try Test.cancel("\(url.lastPathComponent) is missing; \(remedy)")
    }
    return url.path
  }
}

/// Values of the reference in Scripts/golden/handcrafted.py.
struct Golden: Decodable {
  let brisqueFeatures: [Double]
  let niqeFirstBlock: [Double]
  let niqeSharpness: [Double]
  let niqe: Double
  let ilniqeFirstBlock: [Double]?
  let ilniqe: Double?
  /// Scores of the package pyiqa.
  let pyiqa: [String: Double]

  static func all() throws -> [String: Golden] {
    let data = try Data(contentsOf: URL(fileURLWithPath: Place.fixture("golden.json")))
    return try JSONDecoder().decode([String: Golden].self, from: data)
  }

  static func photo(_ name: String) throws -> (golden: Golden, photo: ColourPlane) {
    (try #require(try all()[name]), try colourPlane(Place.fixture(name)))
  }
}

func colourPlane(_ path: String) throws -> ColourPlane {
  let image = try RasterImage.decode(path)
  return try ColourPlane(
    widthPixels: image.widthPixels, heightPixels: image.heightPixels, samples: image.samples)
}

/// Numbers from 0 to 1 that are the same everywhere: Marsaglia's xorshift.
struct Numbers {
  var state: UInt64

  mutating func next() -> Double {
    state ^= state << 13
    state ^= state >> 7
    state ^= state << 17
    return Double(state >> 11) * 0x1p-53
  }
}

/// Something like a photo: blobs of all sizes with some noise.
func scene(_ seed: UInt64, width: Int, height: Int, noise: Double = 4) throws -> ColourPlane {
  var numbers = Numbers(state: seed &* 0x9E37_79B9_7F4A_7C15 | 1)
  for _ in 0..<16 { _ = numbers.next() }
  let waves = (0..<24).map { index in
    let frequency = 0.02 * pow(1.2, Double(index))
    let angle = 6.28 * numbers.next()
    return (frequency * cos(angle), frequency * sin(angle), 6.28 * numbers.next(), 2 / frequency)
  }
  var samples: [UInt8] = []
  for y in 0..<height {
    for x in 0..<width {
      var value = 0.0
      for (u, v, phase, size) in waves {
        let wave = sin(u * Double(x) + v * Double(y) + phase)
        value += min(size, 20) * wave * wave * wave
      }
      for share in [1.0, 0.8, 0.6] {
        let level = 128 + share * value + noise * (numbers.next() - 0.5)
        samples.append(UInt8(min(max(level, 0), 255)))
      }
    }
  }
  return try ColourPlane(widthPixels: width, heightPixels: height, samples: samples)
}

/// The largest relative difference; below `floor` in size, differences count against `floor`.
func relativeDifference(_ a: [Double], _ b: [Double], floor: Double = 1e-6) -> Double {
  guard a.count == b.count else { return .infinity }
  return zip(a, b).map { abs($0 - $1) / max(abs($1), floor) }.max() ?? 0
}

/// The luma of pyiqa: weights of three digits, which round 0.3 % of coffee.png to another byte than
/// MATLAB's.
func threeDigitLuma(_ photo: ColourPlane) throws -> GreyPlane {
  let samples = (0..<photo.widthPixels * photo.heightPixels).map { index in
    let rgb = photo.samples[3 * index..<3 * index + 3].map { Float($0) }
    return UInt8((0.299 * rgb[0] + 0.587 * rgb[1] + 0.114 * rgb[2]).rounded(.toNearestOrEven))
  }
  return try GreyPlane(
    widthPixels: photo.widthPixels, heightPixels: photo.heightPixels, samples: samples)
}

func temporaryFile(_ name: String) -> String {
  FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString)-\(name)").path
}
