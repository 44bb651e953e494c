public import HandcraftedModels
public import Pixels

/// Reads photos for the hand-crafted models.
public enum HandcraftedPhotos {
  /// A photo in color.
  ///
  /// - Throws: `PhotoError` when it can't be read.
  public static func colour(
    _ photo: String, reading: DecodingOptions = DecodingOptions()
  ) throws -> ColourPlane {
    let image = try RasterImage.decode(photo, options: reading)
    return try ColourPlane(
      widthPixels: image.widthPixels, heightPixels: image.heightPixels, samples: image.samples)
  }

  /// A photo in gray.
  ///
  /// - Throws: `PhotoError` when it can't be read.
  public static func grey(
    _ photo: String, reading: DecodingOptions = DecodingOptions()
  ) throws -> GreyPlane {
    GreyPlane(try colour(photo, reading: reading))
  }
}
