public import Domain
internal import NeuralModels
public import Pixels

/// One photo that a network is trained or evaluated on.
public struct TrainingPhoto: Hashable, Sendable {
  /// The photo.
  public let photo: PhotoID
  /// The scene that it shows.
  public let scene: SceneID
  /// The part of the split.
  public let part: SplitPart
  /// The score to learn.
  public let score: Double

  /// Makes a photo.
  public init(photo: PhotoID, scene: SceneID, part: SplitPart, score: Double) {
    self.photo = photo
    self.scene = scene
    self.part = part
    self.score = score
  }
}

/// The pixels of a region while somebody holds them: RGB interleaved, row after row.
public struct RegionPixels {
  /// The number of columns.
  public let widthPixels: Int
  /// The number of rows.
  public let heightPixels: Int
  private let bytes: UnsafeRawBufferPointer

  /// Wraps `3 · width · height` bytes, which must outlive it.
  public init(widthPixels: Int, heightPixels: Int, bytes: UnsafeRawBufferPointer) {
    self.widthPixels = widthPixels
    self.heightPixels = heightPixels
    self.bytes = bytes
  }

  /// Appends the samples of an area inside the region, mirrored from left to right if asked.
  public func append(_ area: PixelRectangle, mirrored: Bool, to samples: inout [UInt8]) {
    for row in area.y..<area.y + area.height {
      let start = 3 * (row * widthPixels + area.x)
      let line = UnsafeRawBufferPointer(rebasing: bytes[start..<start + 3 * area.width])
      guard mirrored else {
        samples.append(contentsOf: line)
        continue
      }
      for pixel in (0..<area.width).reversed() {
        samples.append(line[3 * pixel])
        samples.append(line[3 * pixel + 1])
        samples.append(line[3 * pixel + 2])
      }
    }
  }

  /// The whole region.
  var area: PixelRectangle { PixelRectangle(x: 0, y: 0, width: widthPixels, height: heightPixels) }
}

/// Where a trainer gets its regions from, prepared by ``prepared(_:settings:)``; several threads
/// ask at once.
public protocol RegionSource: Sendable {
  /// Lends the pixels of a photo's region.
  func withRegion<Result>(_ index: Int, _ body: (RegionPixels) throws -> Result) throws -> Result
  /// The complete photo, for the architectures that need it.
  func completeImage(_ index: Int) throws -> RasterImage
}

/// Brings a region to the size that training and evaluation cut crops from.
///
/// - Parameters:
///   - region: the region as it was decoded.
///   - settings: the longer side, the crops' side and what to do about smaller regions.
/// - Returns: a region that holds a crop.
/// - Throws: `InputError` when it is too small and the settings refuse such regions.
public func prepared(
  _ region: RasterImage, settings: NetworkSettings
) throws(InputError) -> RasterImage {
  let image = settings.longSidePixels.map { region.resized(longSidePixels: $0) } ?? region
  return try FittedRegion(
    image, side: settings.network.smallestRegionSide, policy: settings.smallRegions
  ).image
}
