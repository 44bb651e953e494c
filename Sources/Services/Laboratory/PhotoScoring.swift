public import Domain
import Foundation
import NeuralModels
import Pixels
public import Preparation
public import Storage

/// Scores photos with a trained model, one after the other.
///
/// It holds networks, so it belongs to one thread.
public final class PhotoScoring {
  /// The model's name in results.
  public let model: String
  /// The attribute that the model was trained on.
  public let attribute: Attribute
  private let regressor: StageRegressor
  private let features: StageFeatures
  private let preparer: PhotoPreparer<RetinaFaceDetector>
  private let halfWidth: Double

  /// Loads a model.
  ///
  /// - Parameters:
  ///   - path: a run's folder or a model's folder.
  ///   - installation: where the backbone and the face detector lie.
  /// - Throws: an error that names the folder when it holds no model, or another backbone's.
  public init(model path: String, installation: Installation) throws {
    let inner = "\(path)/model"
    let folder = FileManager.default.fileExists(atPath: inner) ? inner : path
    let loaded = try StageRegressor.load(folder)
    let backbone = try installation.model(StageScoringFiles.backbone)
    guard try FileDigest.sha256(backbone) == loaded.model.configuration.backboneDigest else {
      throw InputError(
        folder, "the model was trained on another backbone than \(backbone)",
        remedy: "install that one, or train again")
    }
    guard let half = loaded.metadata["intervalHalfWidth"].flatMap(Double.init),
      let attribute = loaded.metadata["attribute"]
    else {
      throw InputError(
        folder, "the model doesn't say its attribute and interval", remedy: "train it again")
    }
    regressor = loaded.model
    halfWidth = half
    self.attribute = Attribute(attribute)
    model = URL(fileURLWithPath: path).lastPathComponent
    features = try StageFeatures(
      backbone: backbone, longSidePixels: loaded.model.configuration.longSidePixels)
    preparer = try PhotoPreparer(
      detector: RetinaFaceDetector(modelPath: installation.model(StageScoringFiles.detector)))
  }

  /// Scores one photo; the same photo always gets the same score.
  ///
  /// - Parameters:
  ///   - photo: the photo's path.
  ///   - region: what to look at; automatic means the attribute's rule.
  /// - Returns: the score with its 95 % interval.
  /// - Throws: an error that names the photo when it can't be read or shows no face.
  public func score(_ photo: String, region: RegionChoice) throws -> QualityScore {
    let image: RasterImage
    if case .full = region {
      image = try RasterImage.decode(photo)
    } else {
      image = try preparer.region(of: photo, attribute: attribute, region: region).image
    }
    let features = try features.features(of: image)
    let score = try regressor.score(features)
    return QualityScore(
      photo: photo, model: model, attribute: attribute, score: score, low: score - halfWidth,
      high: score + halfWidth)
  }
}

/// The files that the default model needs from the installation.
public enum StageScoringFiles {
  /// EfficientNet-Lite0 with ImageNet weights.
  public static let backbone = "efficientnet-lite0-57934424.pth"
  /// RetinaFace.
  public static let detector = "retinaface-mobilenet025.safetensors"
}
