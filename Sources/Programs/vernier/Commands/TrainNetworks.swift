import ArgumentParser
import Documents
import Domain
import Files
import ModelLibrary
import NeuralModels
import Training
import TrainingWorkflow

/// `vernier train` with a network.
struct NetworkTrainingCommand {
  let options: Train
  let settings: NetworkSettings
  let threads: Int

  func run() throws {
    let inputs = try inputs()
    let interruption = Interruption()
    guard let sweep = try options.learning.sweep(settings.fitting.learningRate) else {
      _ = try train(settings, inputs, to: options.out, interruption)
      return
    }
    var trials: [SweepTrial] = []
    for (rate, seed) in sweep {
      var own = settings
      (own.fitting.learningRate, own.fitting.seed) = (rate, seed)
      let folder = "\(options.out)/\(SweepTrial.name(own.fitting))"
      var shared = inputs
      shared.cache = inputs.cache ?? "\(options.out)/cache"
      Messages.say("Run \(trials.count + 1) of \(sweep.count): \(folder)")
      trials.append(try train(own, shared, to: folder, interruption))
    }
    if inputs.cache == nil { SweepTrial.removeCache("\(options.out)/cache") }
    Messages.say(try SweepTrial.write(trials, unit: inputs.scores.unit, to: options.out))
  }

  private func inputs() throws -> NetworkRunInputs {
    var start = NetworkStart.random
    let network = options.network
    let isLite0 =
      settings.network.backbone == .efficientNetLite0
      && settings.network.architecture.hasBackboneChoice
    if let folder = network.from {
      start = .model(folder: folder)
    } else if settings.network.architecture == .multiDepth {
      throw InputError(
        "--from", "\(settings.network.architecture.rawValue) starts from a trained head",
        remedy: "train lite0-stages first and give its run")
    } else if let file = network.backboneWeights {
      start = .backbone(file: file)
    } else if isLite0 {
      start = .backbone(file: try Installation().model(ScoringFiles.backbone))
    } else {
      Messages.say(
        "Warning: the backbone starts at random, which needs far more photos; give torchvision's "
          + "weights with --backbone-weights")
    }
    var inputs = NetworkRunInputs(
      scores: try TrainingScores(path: options.scores), split: try SplitFile.read(options.split),
      images: ImageFolder(options.images), completeImages: network.complete.map { ImageFolder($0) },
      start: start, threads: threads, saveSteps: options.running.checkpointSteps,
      saveMinutes: options.running.checkpointMinutes, cache: options.running.cache,
      cacheBytes: Int(options.running.cacheGigabytes * 1e9))
    inputs.reading = try options.reading.decoding()
    inputs.recomputesActivations = options.running.activationCheckpointing
    inputs.isDeterministic = options.running.deterministic
    inputs.device = try options.running.device.device()
    return inputs
  }

  private func train(
    _ settings: NetworkSettings, _ inputs: NetworkRunInputs, to folder: String,
    _ interruption: Interruption
  ) throws -> SweepTrial {
    let run = try NetworkRun(settings, inputs: inputs)
    var line: ProgressLine?
    var evaluating: ProgressLine?
    let outcome = try run.run(
      to: folder, provenance: options.provenance(settings.fitting),
      shouldStop: { interruption.isAsked },
      onProgress: { progress in
        switch progress {
        case .reading: break
        case .training(let done, let total, let known):
          if line == nil {
            if known > 0 { Messages.say("Going on after step \(known) of at most \(total)") }
            line = ProgressLine("steps", total: total)
            for _ in 0..<known { line?.skip() }
          }
          line?.update(done)
        case .epoch(let epoch):
          line?.clear()
          Messages.say(
            "Epoch \(epoch.epoch): training loss \(NumberFormat.fixed(epoch.trainingLoss, 4)), "
              + "validation MAE \(NumberFormat.fixed(epoch.validationError, 4)), learning rate "
              + NumberFormat.short(epoch.learningRate))
        case .evaluating(let done, let total):
          line?.clear()
          if evaluating == nil { evaluating = ProgressLine("evaluating", total: total) }
          evaluating?.update(done)
        }
      })
    line?.finish()
    switch outcome {
    case .stopped(let epoch, let step):
      Messages.say(
        "Stopped in epoch \(epoch) after step \(step); the same command resumes from there")
      throw ExitCode(130)
    case .finished(let record, let epochs), .known(let record, let epochs):
      let best = epochs[record.bestEpoch]
      let isKnown = if case .known = outcome { true } else { false }
      Messages.say(
        (isKnown ? "Finished before. " : "") + "Best epoch \(best.epoch): validation MAE "
          + "\(NumberFormat.fixed(best.validationError, 3)) \(record.unit); run: \(folder)")
      return SweepTrial(folder: folder, fitting: settings.fitting, best: best)
    }
  }
}
