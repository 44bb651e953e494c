/// A face found in a photo, in pixels of the photo after its orientation was applied.
public struct FaceBox: Hashable, Sendable, Codable {
  /// The left edge.
  public let x: Double
  /// The top edge.
  public let y: Double
  /// The width.
  public let width: Double
  /// The height.
  public let height: Double
  /// The detector's confidence, 0…1.
  public let score: Double

  /// Makes a face box.
  public init(x: Double, y: Double, width: Double, height: Double, score: Double) {
    self.x = x
    self.y = y
    self.width = width
    self.height = height
    self.score = score
  }

  /// The area in square pixels.
  public var area: Double { width * height }

  /// The part of both boxes' union that they share, 0…1.
  public func intersectionOverUnion(_ other: FaceBox) -> Double {
    let wide = min(x + width, other.x + other.width) - max(x, other.x)
    let high = min(y + height, other.y + other.height) - max(y, other.y)
    guard wide > 0, high > 0 else { return 0 }
    return wide * high / (area + other.area - wide * high)
  }
}

/// Where the eyes, the nose and the corners of the mouth of a face are, in pixels of its image.
public struct FaceLandmarks: Hashable, Sendable {
  /// The number of points.
  public static let count = 5

  /// The left eye, the right eye, the tip of the nose, the left and the right corner of the mouth,
  /// left and right as the image shows them.
  public let points: [SIMD2<Double>]

  /// Makes the landmarks of a face; `points` holds five.
  public init(_ points: [SIMD2<Double>]) {
    precondition(points.count == Self.count, "a face has five landmarks")
    self.points = points
  }
}

/// A region of interest cut from a photo and brought to the attribute's viewing size.
public struct PreparedRegion: Hashable, Sendable, Codable {
  /// The path of the photo.
  public let photo: String
  /// The path of the region's image file.
  public let region: String
  /// The attribute that the region serves.
  public let attribute: Attribute
  /// The main face, if one was searched for and found.
  public let face: FaceBox?
  /// The number of faces found.
  public let faces: Int
  /// The part of the oriented photo that the region shows.
  public let crop: PixelRectangle
  /// The width of the region's image.
  public let widthPixels: Int
  /// The height of the region's image.
  public let heightPixels: Int

  /// Makes a prepared region.
  public init(
    photo: String, region: String, attribute: Attribute, face: FaceBox?, faces: Int,
    crop: PixelRectangle, widthPixels: Int, heightPixels: Int
  ) {
    self.photo = photo
    self.region = region
    self.attribute = attribute
    self.face = face
    self.faces = faces
    self.crop = crop
    self.widthPixels = widthPixels
    self.heightPixels = heightPixels
  }
}

/// The space in which noise of a recipe is added.
public enum NoiseSpace: String, Hashable, Sendable, Codable, CaseIterable {
  /// The coded levels of 8-bit sRGB.
  case srgb
  /// Linear light, scaled so that white is 255.
  case linear
}

/// How a degraded image was made, so that it can be made again (paper 2, «Database extension»).
public struct DegradationRecipe: Hashable, Sendable, Codable {
  /// The level, 0 for the least degraded.
  public let level: Int
  /// The image was shrunk by this factor and enlarged again; 1 leaves it alone.
  public let subsamplingFactor: Double
  /// The amount of the unsharp mask; 0 leaves the image alone.
  public let sharpeningAmount: Double
  /// The standard deviation of the unsharp mask's Gaussian, in pixels.
  public let sharpeningSigmaPixels: Double
  /// The variance of the Gaussian noise, in squared levels (0…255) of `noiseSpace`.
  public let noiseVariance: Double
  /// The seed of the noise.
  public let noiseSeed: UInt64
  /// The kernel that the image was shrunk with: `bicubic`, `bilinear` or `box`.
  public let kernel: String
  /// The space in which the noise was added.
  public let noiseSpace: NoiseSpace

  /// Makes a recipe.
  public init(
    level: Int, subsamplingFactor: Double, sharpeningAmount: Double, sharpeningSigmaPixels: Double,
    noiseVariance: Double, noiseSeed: UInt64, kernel: String = "bicubic",
    noiseSpace: NoiseSpace = .srgb
  ) {
    self.level = level
    self.subsamplingFactor = subsamplingFactor
    self.sharpeningAmount = sharpeningAmount
    self.sharpeningSigmaPixels = sharpeningSigmaPixels
    self.noiseVariance = noiseVariance
    self.noiseSeed = noiseSeed
    self.kernel = kernel
    self.noiseSpace = noiseSpace
  }
}
