import Domain
import Files
import Foundation
import NeuralModels
import Pixels
import Synchronization
import Training

/// Regions read from files, prepared once and kept decoded in a folder, so that every epoch after
/// the first only reads the rows of its crops from memory-mapped files.
///
/// An entry is named by the SHA-256 of the photo's file and by how it was prepared. When the folder
/// has reached its limit, further regions are read and decoded every time they are needed.
final class RegionCache: RegionSource {
  /// Where prepared regions are kept, and how many bytes.
  struct Place: Sendable {
    let folder: String
    let limitBytes: Int
  }

  private static let magic = Array("vernier1".utf8)
  private static let headerBytes = 16

  private let files: [String]
  private let digests: [String]
  private let completeFiles: [String]
  private let settings: NetworkSettings
  private let reading: DecodingOptions
  private let storage: Place?
  private let usedBytes: Atomic<Int>

  /// Takes the photos' files with their SHA-256, and the complete photos' files where they are
  /// needed.
  init(
    files: [String], digests: [String], completeFiles: [String], settings: NetworkSettings,
    reading: DecodingOptions, storage: Place?
  ) throws {
    (self.files, self.digests, self.completeFiles) = (files, digests, completeFiles)
    (self.settings, self.reading, self.storage) = (settings, reading, storage)
    var used = 0
    if let storage {
      try AtomicFile.makeFolder(storage.folder)
      let names = (try? FileManager.default.contentsOfDirectory(atPath: storage.folder)) ?? []
      for name in names {
        let path = "\(storage.folder)/\(name)"
        let size = try? FileManager.default.attributesOfItem(atPath: path)[.size]
        used += (size as? NSNumber)?.intValue ?? 0
      }
    }
    usedBytes = Atomic(used)
  }

  /// Lends a region's pixels.
  func withRegion<Result>(_ index: Int, _ body: (RegionPixels) throws -> Result) throws -> Result {
    guard let storage else { return try Self.lend(read(index), body) }
    let path = "\(storage.folder)/\(name(index))"
    if let data = mapped(path) { return try Self.lend(data, body) }
    let image = try read(index)
    let bytes = Self.headerBytes + image.samples.count
    let before = usedBytes.wrappingAdd(bytes, ordering: .relaxed).oldValue
    if before + bytes <= storage.limitBytes {
      try AtomicFile.write(Self.header(image) + image.samples, to: path)
    } else {
      usedBytes.wrappingSubtract(bytes, ordering: .relaxed)
    }
    return try Self.lend(image, body)
  }

  /// The complete photo, at the size from which `vernier score` predicts scenes.
  func completeImage(_ index: Int) throws -> RasterImage {
    guard completeFiles.indices.contains(index) else {
      throw InputError(
        Setting("complete"), "the architecture needs the complete photos",
        remedy: "give their folder")
    }
    return try RasterImage.decodeShrunk(
      completeFiles[index], longSide: QualityNetwork.completeImageSide, options: reading
    ).image
  }

  private func read(_ index: Int) throws -> RasterImage {
    let image = try RasterImage.decode(files[index], options: reading)
    do throws(InputError) {
      return try prepared(image, settings: settings)
    } catch {
      throw InputError(files[index], error.problem, remedy: error.remedy)
    }
  }

  /// The name says what the entry depends on.
  private func name(_ index: Int) -> String {
    let network = settings.network
    let longest = settings.longSidePixels.map { "\($0)" } ?? "full"
    return
      "\(digests[index])-\(longest)-\(network.smallestRegionSide)-\(settings.smallRegions.rawValue).rgb"
  }

  private func mapped(_ path: String) -> Data? {
    guard let data = try? Data(contentsOf: URL(fileURLWithPath: path), options: .alwaysMapped),
      let (width, height) = Self.size(data),
      data.count == Self.headerBytes + 3 * width * height
    else { return nil }
    return data
  }

  private static func size(_ data: Data) -> (Int, Int)? {
    guard data.count > headerBytes, data.prefix(8).elementsEqual(magic) else { return nil }
    func number(_ offset: Int) -> Int {
      data[data.startIndex + offset..<data.startIndex + offset + 4].reversed().reduce(0) {
        $0 << 8 | Int($1)
      }
    }
    return (number(8), number(12))
  }

  private static func header(_ image: RasterImage) -> [UInt8] {
    magic
      + [image.widthPixels, image.heightPixels].flatMap { size in
        (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) }
      }
  }

  private static func lend<Result>(
    _ data: Data, _ body: (RegionPixels) throws -> Result
  ) throws -> Result {
    let (width, height) = size(data) ?? (0, 0)
    return try data.withUnsafeBytes { bytes in
      try body(
        RegionPixels(
          widthPixels: width, heightPixels: height,
          bytes: UnsafeRawBufferPointer(rebasing: bytes[headerBytes...])))
    }
  }

  private static func lend<Result>(
    _ image: RasterImage, _ body: (RegionPixels) throws -> Result
  ) throws -> Result {
    try image.samples.withUnsafeBytes { bytes in
      try body(
        RegionPixels(
          widthPixels: image.widthPixels, heightPixels: image.heightPixels, bytes: bytes))
    }
  }
}
