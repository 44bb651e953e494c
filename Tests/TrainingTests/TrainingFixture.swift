import Foundation
import NeuralModels
import Tensors
import Training

/// Runs of a trainer in one folder, which tests interrupt and resume.
final class TrainingFixture {
  /// Stands for the death of the process.
  struct Killed: Error {}

  /// What a run left.
  struct Outcome {
    let result: FittingResult?
    let steps: [StepRecord]
    let weights: [String: [UInt8]]
  }

  let settings: NetworkSettings
  let folder: String
  private let pictures: Pictures
  private let loaderThreads: Int
  private let isOwner: Bool

  init(
    _ settings: NetworkSettings, _ pictures: Pictures, folder: String? = nil,
    loaderThreads: Int = 2
  ) throws {
    self.settings = try settings.completed(for: pictures.photos())
    (self.pictures, self.loaderThreads, isOwner) = (pictures, loaderThreads, folder == nil)
    self.folder =
      folder
      ?? FileManager.default.temporaryDirectory.appendingPathComponent(
        "vernier-\(UUID().uuidString)"
      ).path
    try FileManager.default.createDirectory(
      atPath: self.folder, withIntermediateDirectories: true)
  }

  deinit {
    if isOwner { try? FileManager.default.removeItem(atPath: folder) }
  }

  /// Begins or goes on; events are counted from 1.
  func run(
    networkSeed: UInt64 = 3, stopAfter: Int? = nil, saveAt: Int? = nil, killAt: Int? = nil,
    recomputing: Bool = false, on device: Device = .cpu
  ) throws -> Outcome {
    // Tests run beside one another, and a thread's number of workers is what the last test on it
    // left.
    try Runtime.setThreads(1)
    let network = try randomNetwork(
      settings, seed: networkSeed, recomputing: recomputing, on: device)
    let trainer = try NetworkTrainer(
      network: network, photos: pictures.photos(), settings: settings, source: pictures,
      folder: folder, loaderThreads: loaderThreads)
    var steps: [StepRecord] = []
    var events = 0
    let result = try trainer.run { event in
      events += 1
      if case .step(let step) = event { steps.append(step) }
      if events == killAt { throw Killed() }
      return events == stopAfter ? .stop : events == saveAt ? .save : .proceed
    }
    return Outcome(
      result: result, steps: steps,
      weights: try network.weights.stateDictionary().mapValues { try $0.rawBytes() })
  }
}
