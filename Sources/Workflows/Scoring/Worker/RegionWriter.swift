public import Domain
public import Files
import ModelLibrary
import NeuralModels
public import Pixels
public import Preparation
import Synchronization

/// Cuts an attribute's regions out of photos and writes them, one at a time.
public final class RegionWriter: Sendable {
  /// The attribute.
  public let attribute: Attribute
  private let preparer: Mutex<PhotoPreparer<LateFaceDetector<RetinaFaceDetector>>>

  /// Loads the face detector, if the attribute's regions are cut around faces.
  ///
  /// - Parameters:
  ///   - attribute: What the regions serve.
  ///   - installation: Where the face detector lies; asked only when it is needed.
  ///   - decoding: How photos are read.
  /// - Throws: An error when the attribute has no rule or the face detector is not installed.
  public init(
    _ attribute: Attribute,
    installation: @autoclosure @escaping @Sendable () throws -> Installation,
    decoding: DecodingOptions = DecodingOptions()
  ) throws {
    let settings = PreparationSettings(decoding: decoding)
    let detector = LateFaceDetector {
      try RetinaFaceDetector(modelPath: installation().model(ScoringFiles.detector))
    }
    if try settings.rule(for: attribute).isCutAroundFace { try detector.load() }
    self.attribute = attribute
    preparer = Mutex(try PhotoPreparer(detector: detector, settings: settings))
  }

  /// Writes a photo's region and its record into a folder, which is made.
  public func prepare(
    _ photo: String, region: RegionChoice, to folder: String
  ) throws -> PreparedRegion {
    try AtomicFile.makeFolder(folder)
    return try preparer.withLock {
      try $0.prepare(photo: photo, attribute: attribute, region: region, to: folder)
    }
  }
}
