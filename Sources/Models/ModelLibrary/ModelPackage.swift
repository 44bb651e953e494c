public import Domain
import Files
import Foundation
public import NeuralModels
import Tensors

/// A trained network made ready to be given away: its kernels and matrices in 16 bits, its unit and
/// its card as its maker states them.
public struct ModelPackage {
  /// The unit of its scores; nil keeps the trained model's.
  public var unit: ScoreUnit?
  /// The card's Markdown; nil keeps the trained model's.
  public var card: String?
  /// The share of ordinary photos that may be called outside; nil keeps the trained model's.
  public var falseAlarms: Double?
  /// Where the weights come from.
  public var source: String?
  /// Their license.
  public var licence: String?
  private let folder: ModelFolder
  private let configuration: QualityNetwork.Configuration

  /// Takes a model's or a run's folder.
  ///
  /// - Throws: `InputError` when it holds no network.
  public init(_ path: String) throws {
    folder = try ModelLibrary.folder(path)
    guard let architecture = Architecture(rawValue: folder.architecture) else {
      throw InputError(
        path, "its weights are too few to be shortened", remedy: "give it away as it is")
    }
    configuration = try folder.configuration(
      QualityNetwork.Configuration.self, of: architecture.rawValue)
  }

  /// Writes the package and reads it back.
  ///
  /// - Returns: the description that was written.
  /// - Throws: `InputError` when a weight doesn't fit into 16 bits or the folder can't be written.
  @discardableResult
  public func write(to path: String) throws -> ModelDescription {
    var description = folder.description
    description.unit = unit ?? description.unit
    description.origin.source = source ?? description.origin.source
    description.origin.licence = licence ?? description.origin.licence
    var weights: [String: Tensor] = [:]
    for (name, tensor) in try folder.weights() { weights[name] = try Self.shortened(name, tensor) }
    let own = "\(folder.path)/\(ModelFolder.cardName)"
    try ModelFolder.write(
      description, configuration: configuration, weights: weights,
      card: try card ?? String(decoding: InputFile.read(own), as: UTF8.self), to: path)
    if let knowledge = try CalibrationAndNovelty.read(folder.path) {
      let novelty = try falseAlarms.map { share in
        try knowledge.novelty?.with(falseAlarms: share)
      }
      try CalibrationAndNovelty(
        calibration: knowledge.calibration, novelty: novelty ?? knowledge.novelty
      ).write(to: path)
    }
    _ = try QualityNetwork.load(path)
    return description
  }

  /// A kernel or a matrix in half precision; norms, biases and counts stay as they are.
  private static func shortened(_ name: String, _ tensor: Tensor) throws -> Tensor {
    guard tensor.rank >= 2, tensor.type == .float32 else { return tensor }
    let short = try tensor.to(.float16)
    guard try short.to(.float32).floats().allSatisfy(\.isFinite) else {
      throw InputError(
        name, "it holds a number that is too large for 16 bits", remedy: "train with weight decay")
    }
    return short
  }
}
