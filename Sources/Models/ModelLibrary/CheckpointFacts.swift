import NeuralModels
import Tensors

/// What the names and shapes of a checkpoint reveal about its network.
struct CheckpointFacts {
  /// The architectures whose keys look like these, most likely first.
  let lookalikes: [Architecture]
  /// The backbone, if its keys identify it.
  let backbone: Backbone.Kind?
  /// The side of HyperIQA's patches.
  let patchSide: Int?
  /// The number of scenes.
  let sceneCount: Int?
  /// How many crops of an image the scene classifier reads together.
  let cropsPerImage: Int?
  /// How many marks MUSIQ's head distributes.
  let marks: Int?

  /// Looks at the shapes of a checkpoint's tensors.
  init(_ shapes: [String: [Int]]) {
    func has(_ prefix: String) -> Bool { shapes.keys.contains { $0.hasPrefix(prefix) } }
    let isFamily = has("hyperNet.")
    let hyper = isFamily ? "hyperNet." : ""
    backbone =
      ["\(hyper)res.", "backbone."].contains { shapes["\($0)_conv_stem.weight"] != nil }
      ? .efficientNetLite0
      : ["\(hyper)res.", "backbone."].contains { shapes["\($0)layer1.0.conv1.weight"] != nil }
        ? .resNet50 : nil
    // [14r, 112r]
    let rate = shapes["\(hyper)fc5w_fc.weight"]?.first.map { $0 / 14 }
    patchSide = rate.map { 224 * $0 }
    let scenes =
      shapes["rescaleNet.layers.0.weight"]?.last ?? shapes["sceneClassNet.layers.4.weight"]?.first
    sceneCount = scenes
    // [500, 112r · scenes · crops]
    if let inputs = shapes["sceneClassNet.layers.0.weight"]?.last, let rate, let scenes,
      rate > 0, scenes > 0, !has("contextNet.")
    {
      cropsPerImage = max(1, inputs / (112 * rate * scenes))
    } else {
      cropsPerImage = nil
    }
    marks = shapes["head.0.weight"]?.first
    lookalikes = Architecture.allCases.filter { $0.traits.resembles(keys: shapes.keys) }
  }
}
