public import Domain
public import Pixels

/// Brings a face into the place, size and attitude in which dlib's face network was trained.
///
/// A turn, a scale and a shift take five landmarks as near as they can (least squares) to where they
/// lie in the mean face, which fills the image but for a quarter of its size at each side.
///
/// Source: King, dlib `image_transforms/interpolation.h`, `get_face_chip_details`, and the mean face
/// of `shape_predictor` there; an eye stands for the middle of its two corners.
public enum FaceAlignment {
  /// The mean face's landmarks, in parts of its size.
  private static let mean: [SIMD2<Double>] = [
    SIMD2(0.2282, 0.2164), SIMD2(0.7521, 0.2164), SIMD2(0.4901, 0.5156), SIMD2(0.2541, 0.7802),
    SIMD2(0.7261, 0.7802),
  ]
  private static let padding = 0.25

  /// Cuts an aligned face out, with bilinear interpolation; what lies outside the image is black.
  ///
  /// - Parameters:
  ///   - image: the image; the face should be about as large in it as in the result, since nothing
  ///     is smoothed.
  ///   - landmarks: the face's landmarks, in pixels of the image, whose edges are whole numbers.
  ///   - side: the side of the result in pixels.
  /// - Returns: `side × side` pixels; nil when the landmarks lie on one spot.
  public static func chip(
    of image: RasterImage, _ landmarks: FaceLandmarks, side: Int
  ) -> RasterImage? {
    let targets = mean.map { (padding + $0) / (2 * padding + 1) * Double(side) }
    guard let (turn, shift) = similarity(from: targets, to: landmarks.points) else { return nil }
    var samples = [UInt8](repeating: 0, count: 3 * side * side)
    for row in 0..<side {
      for column in 0..<side {
        let (x, y) = (Double(column), Double(row))
        // Pixels' centers lie half a pixel behind their edges.
        let place = SIMD2(
          turn.x * x - turn.y * y + shift.x - 0.5, turn.y * x + turn.x * y + shift.y - 0.5)
        guard let color = sample(image, place) else { continue }
        for band in 0..<3 {
          samples[3 * (row * side + column) + band] = UInt8(color[band].rounded())
        }
      }
    }
    return RasterImage(widthPixels: side, heightPixels: side, samples: samples)
  }

  /// The turn with scale, as a complex number, and the shift that take points nearest to others.
  private static func similarity(
    from points: [SIMD2<Double>], to others: [SIMD2<Double>]
  ) -> (turn: SIMD2<Double>, shift: SIMD2<Double>)? {
    let count = Double(points.count)
    let (middle, other) = (points.reduce(.zero, +) / count, others.reduce(.zero, +) / count)
    var (turn, size) = (SIMD2<Double>.zero, 0.0)
    for (point, target) in zip(points, others) {
      let (p, q) = (point - middle, target - other)
      turn += SIMD2(p.x * q.x + p.y * q.y, p.x * q.y - p.y * q.x)
      size += p.x * p.x + p.y * p.y
    }
    turn /= size
    guard turn.x * turn.x + turn.y * turn.y > 1e-12, turn.x.isFinite, turn.y.isFinite else {
      return nil
    }
    let moved = SIMD2(
      turn.x * middle.x - turn.y * middle.y, turn.y * middle.x + turn.x * middle.y)
    return (turn, other - moved)
  }

  /// The color between four pixels; nil outside of the image.
  private static func sample(_ image: RasterImage, _ place: SIMD2<Double>) -> SIMD3<Double>? {
    let (column, row) = (Int(place.x.rounded(.down)), Int(place.y.rounded(.down)))
    guard column >= 0, row >= 0, column + 1 < image.widthPixels, row + 1 < image.heightPixels
    else { return nil }
    let (right, below) = (place.x - Double(column), place.y - Double(row))
    func pixel(_ column: Int, _ row: Int) -> SIMD3<Double> {
      let at = 3 * (row * image.widthPixels + column)
      return SIMD3(
        Double(image.samples[at]), Double(image.samples[at + 1]), Double(image.samples[at + 2]))
    }
    let upper = pixel(column, row) * (1 - right) + pixel(column + 1, row) * right
    let lower = pixel(column, row + 1) * (1 - right) + pixel(column + 1, row + 1) * right
    return upper * (1 - below) + lower * below
  }
}
