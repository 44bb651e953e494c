public import HandcraftedModels
import Pixels

/// Reads photos for the hand-crafted models.
public enum HandcraftedPhotos {
  /// A photo in color.
  ///
  /// - Throws: `PhotoError` when it can't be read.
  public static func colour(_ photo: String) throws -> ColourPlane {
    let image = try RasterImage.decode(photo)
    return try ColourPlane(
      widthPixels: image.widthPixels, heightPixels: image.heightPixels, samples: image.samples)
  }

  /// A photo in gray.
  ///
  /// - Throws: `PhotoError` when it can't be read.
  public static func grey(_ photo: String) throws -> GreyPlane { GreyPlane(try colour(photo)) }
}
