import Foundation
import Tensors
import Testing

/// Files beside the tests and what the set-up fetched.
enum Golden {
  private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

  /// A golden file, written by the scripts under `Scripts/golden`.
  static func read<Value: Decodable>(_ type: Value.Type, _ name: String) throws -> Value {
    try JSONDecoder().decode(
      type, from: Data(contentsOf: folder.appending(path: "Fixtures/\(name).json")))
  }

  static func fixture(_ name: String) -> String { folder.appending(path: "Fixtures/\(name)").path }

  /// The path of a file under `.deps`; skips the test where the set-up hasn't run.
  static func dependency(_ name: String) throws -> String {
    let path = folder.appending(path: "../../.deps/\(name)").standardized.path
    guard FileManager.default.fileExists(atPath: path) else {
      try Test.cancel(".deps/\(name) is missing; run Scripts/setup")
    }
    return path
  }

  /// The picture that the scripts make by the same formula: RGB interleaved.
  static func pattern(height: Int, width: Int) -> [UInt8] {
    var samples: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        let place = 7 * x + 13 * y + 5 * ((x * y) % 31)
        for c in 0..<3 { samples.append(UInt8((place + 29 * c) % 256)) }
      }
    }
    return samples
  }

  /// The largest difference of two lists; infinite when they differ in length.
  static func difference(_ a: [Float], _ b: [Double]) -> Double {
    guard a.count == b.count else { return .infinity }
    return zip(a, b).map { abs(Double($0) - $1) }.max() ?? 0
  }

  static func difference(_ tensor: Tensor, _ b: [Double]) throws -> Double {
    difference(try tensor.floats(), b)
  }
}

/// The suites that run whole networks: one after the other, since each computing thread brings a
/// pool of threads of its own.
@Suite(.serialized) enum HeavyTests {}
