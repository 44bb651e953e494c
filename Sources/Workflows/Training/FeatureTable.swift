public import Domain
public import Files
import NeuralModels
public import Pixels

/// Photos' features, computed once and shared by the runs that use them.
public struct FeatureTable: Sendable {
  private let features: [ScenePhoto: [Float]]

  /// Computes the features of photos.
  ///
  /// - Parameters:
  ///   - photos: the photos.
  ///   - images: the folder that holds them.
  ///   - attribute: the attribute, whose own folder is looked into first.
  ///   - backbone: the path of the backbone's weights.
  ///   - longSidePixels: the longer side that pictures are brought to.
  ///   - reading: how photos are read.
  ///   - progress: called with the number of finished photos.
  /// - Throws: an error that names the first photo that can't be read.
  public init(
    _ photos: [ScaledPhoto], images: ImageFolder, attribute: Attribute, backbone: String,
    longSidePixels: Int, reading: DecodingOptions = DecodingOptions(), progress: (Int) -> Void
  ) throws {
    let extractor = try MultiDepthFeatures(backbone: backbone, longSidePixels: longSidePixels)
    var features: [ScenePhoto: [Float]] = [:]
    for (index, photo) in photos.enumerated() {
      let path = try images.file(of: photo.photo, attribute: attribute)
      let key = ScenePhoto(scene: photo.scene, photo: photo.photo)
      features[key] = try extractor.features(of: RasterImage.decode(path, options: reading))
      progress(index + 1)
    }
    self.features = features
  }

  /// The features of a photo.
  subscript(_ photo: ScaledPhoto) -> [Float]? {
    features[ScenePhoto(scene: photo.scene, photo: photo.photo)]
  }
}
