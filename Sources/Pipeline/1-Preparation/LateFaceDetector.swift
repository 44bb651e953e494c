public import Domain
public import Pixels

/// A face detector that is made for the first image: whole photos are prepared without one.
public final class LateFaceDetector<Made: FaceDetector>: FaceDetector {
  private let make: () throws -> Made
  private var made: Result<Made, any Error>?

  /// Takes the way to make the detector.
  public init(_ make: @escaping () throws -> Made) { self.make = make }

  /// Makes the detector now, for work that will need it.
  ///
  /// - Throws: what making it throws.
  public func load() throws { _ = try detector() }

  /// The faces of an image, from the surest on.
  public func faces(in image: RasterImage) throws -> [FaceBox] {
    try detector().faces(in: image)
  }

  private func detector() throws -> Made {
    let made = made ?? Result { try make() }
    self.made = made
    return try made.get()
  }
}
