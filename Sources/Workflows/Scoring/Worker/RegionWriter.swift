public import Domain
public import Files
import ModelLibrary
import NeuralModels
public import Pixels
public import Preparation

/// Cuts regions of photos with the installed face detector and writes them.
public struct RegionWriter {
  private let preparer: PhotoPreparer<RetinaFaceDetector>

  /// Loads the face detector.
  ///
  /// - Parameters:
  ///   - installation: Where it lies.
  ///   - decoding: How photos are read.
  /// - Throws: An error when it is not installed.
  public init(installation: Installation, decoding: DecodingOptions = DecodingOptions()) throws {
    var settings = PreparationSettings()
    settings.decoding = decoding
    preparer = try PhotoPreparer(
      detector: RetinaFaceDetector(modelPath: installation.model(ScoringFiles.detector)),
      settings: settings)
  }

  /// Writes a photo's region and its record into a folder, which is made.
  public func prepare(
    _ photo: String, attribute: Attribute, region: RegionChoice, to folder: String
  ) throws -> PreparedRegion {
    try AtomicFile.makeFolder(folder)
    return try preparer.prepare(photo: photo, attribute: attribute, region: region, to: folder)
  }
}
