import Domain
import Files
import ModelLibrary
import NeuralModels
import Tensors
import Training

/// The first state of a multi-depth network: the trained head of a regressor on frozen features,
/// and the backbone that computed them.
struct RegressorStart {
  private let folder: ModelFolder

  /// Takes the folder of a regressor.
  init(_ folder: ModelFolder) { self.folder = folder }

  /// The network's tensors, by their names.
  ///
  /// The head predicts in standard deviations of the scores that it was trained on; where the new
  /// scores have another mean or deviation, it is brought to those.
  ///
  /// - Parameter settings: the network's settings, with the mean and deviation of its scores.
  /// - Returns: the tensors.
  /// - Throws: `InputError` when the regressor looked at regions of another size, or at another
  ///   backbone's features.
  func state(for settings: NetworkSettings) throws -> [String: Tensor] {
    let own = try folder.configuration(
      MultiDepthRegressor.Configuration.self, of: MultiDepthRegressor.architecture)
    guard settings.longSidePixels == own.longSidePixels else {
      throw InputError(
        Setting("longSide"), "the model of \(Setting("from")) reads \(own.longSidePixels) pixels",
        remedy: "give \(own.longSidePixels), or train that model at the other size")
    }
    let file = try Installation().model(ScoringFiles.backbone)
    guard try FileDigest.sha256(file) == own.backboneDigest else {
      throw InputError(
        folder.path, "the model was trained on another backbone than \(file)",
        remedy: "install that one, or train again")
    }
    var state = try folder.weights()
    for (name, tensor) in try Checkpoint.read(file) { state["backbone.\(name)"] = tensor }
    let scale = settings.network.scoreScale ?? 1
    let shift = own.scoreOffset - (settings.network.scoreOffset ?? 0)
    let (weight, bias) = ("head.output.weight", "head.output.bias")
    if scale != own.scoreScale || shift != 0 {
      state[weight] = try state[weight].map { try $0 * (own.scoreScale / scale) }
      state[bias] = try state[bias].map { try ($0 * own.scoreScale + shift) * (1 / scale) }
    }
    return state
  }
}
