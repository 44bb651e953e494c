internal import FoundationEssentials
internal import NeuralModels
internal import Tensors

/// The state of a run, without its weights and its optimizer's moments.
///
/// Photos, crops and mirrorings follow from the seed and the step's number, so no random state is
/// kept.
public struct TrainerState: Hashable, Sendable, Codable {
  /// The epoch that is under way, counted from 0.
  public internal(set) var epoch = 0
  /// The steps of it that are done.
  public internal(set) var step = 0
  /// The losses of those steps, each times its photos.
  public internal(set) var losses = LossParts()
  /// The photos of those steps.
  public internal(set) var photos = 0
  /// The finished epochs.
  public internal(set) var records: [EpochRecord] = []
  /// The epoch with the smallest validation error so far; nil before there is one.
  public internal(set) var bestEpoch: Int?
  /// Why the run ended; nil while it is under way.
  public internal(set) var end: FittingEnd?

  /// The number of optimiser steps since the beginning.
  public func stepsDone(perEpoch: Int) -> Int { epoch * perEpoch + step }
}

/// The files of a run that can resume: the last state, and the weights of the best epoch.
struct TrainerCheckpoint {
  /// The folder.
  let folder: String

  /// Weights, moments and state in one file, so that they always belong together.
  var lastPath: String { "\(folder)/checkpoint.safetensors" }
  /// The state alone, for people.
  var statePath: String { "\(folder)/checkpoint.json" }
  /// The best epoch's weights.
  var bestPath: String { "\(folder)/best.safetensors" }

  private static let (weightsPlace, optimizerPlace) = ("weights.", "optimizer.")

  /// Writes a state; the file of the one before stays until the new one is complete.
  func save(
    _ state: TrainerState, _ settings: NetworkSettings, _ network: QualityNetwork,
    _ optimizer: StepOptimizer
  ) throws {
    var tensors: [String: Tensor] = [:]
    for entry in network.weights.entries {
      tensors[Self.weightsPlace + entry.name] = try entry.tensor.detached()
    }
    for (name, tensor) in try optimizer.stateDictionary() {
      tensors[Self.optimizerPlace + name] = tensor
    }
    let text = try Self.json(state)
    try Checkpoint.write(
      tensors, metadata: ["state": text, "settings": try Self.json(settings)], to: lastPath)
    do {
      try Data((text + "\n").utf8).write(to: URL(filePath: statePath), options: .atomic)
    } catch {
      throw TrainingError.badCheckpoint(path: statePath, problem: "it can't be written")
    }
  }

  /// Reads the last state, if there is one.
  ///
  /// - Throws: ``TrainingError/badCheckpoint(path:problem:)`` for the checkpoint of another run.
  func load(
    _ settings: NetworkSettings
  ) throws -> (state: TrainerState, weights: [String: Tensor], optimizer: [String: Tensor])? {
    guard FileManager.default.fileExists(atPath: lastPath) else { return nil }
    let (tensors, metadata) = try Checkpoint.readWithMetadata(lastPath)
    guard metadata["settings"] == (try Self.json(settings)) else {
      throw TrainingError.badCheckpoint(
        path: lastPath, problem: "it belongs to a run with other settings or other photos")
    }
    guard let text = metadata["state"],
      let state = try? JSONDecoder().decode(TrainerState.self, from: Data(text.utf8))
    else {
      throw TrainingError.badCheckpoint(path: lastPath, problem: "it holds no state of a run")
    }
    func part(_ place: String) -> [String: Tensor] {
      var part: [String: Tensor] = [:]
      for (name, tensor) in tensors where name.hasPrefix(place) {
        part[String(name.dropFirst(place.count))] = tensor
      }
      return part
    }
    return (state, part(Self.weightsPlace), part(Self.optimizerPlace))
  }

  /// Keeps the weights of the best epoch so far.
  func saveBest(_ network: QualityNetwork) throws {
    var tensors: [String: Tensor] = [:]
    for entry in network.weights.entries { tensors[entry.name] = try entry.tensor.detached() }
    try Checkpoint.write(tensors, to: bestPath)
  }

  /// Takes the weights of the best epoch.
  func restoreBest(_ network: QualityNetwork) throws {
    let best = try Checkpoint.read(bestPath)
    try withoutGradient { try network.weights.restore(best) }
  }

  private static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }
}
