import Pixels

/// Looks whether a file is a picture, from its header to its last row.
enum PictureCheck {
  /// The header of a sound picture.
  ///
  /// - Parameters:
  ///   - path: where the bytes lie.
  ///   - name: the path that the user knows, for errors.
  ///   - reading: limits and color policy.
  /// - Returns: the header.
  /// - Throws: `PhotoError` under the user's name.
  static func header(
    of path: String, named name: String, reading: DecodingOptions = DecodingOptions()
  ) throws(PhotoError) -> PhotoHeader {
    do throws(PhotoError) {
      let header = try RasterImage.probe(path, options: reading)
      // Damage shows only when every row is read; a small image is enough for that.
      _ = try RasterImage.decodeShrunk(path, longSide: 64, options: reading)
      return header
    } catch {
      throw PhotoError(name, error.kind, error.problem, remedy: error.remedy)
    }
  }
}
