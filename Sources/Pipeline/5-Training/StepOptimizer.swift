internal import NeuralModels
internal import Tensors

/// The optimizer of one of a run's steps: the head alone by gradient descent with momentum, or all
/// by Adam.
///
/// Parameters are held as arrays for the whole step, so that every group keeps learning.
final class StepOptimizer {
  private enum Method {
    case descent(StochasticGradientDescent)
    case adam(Adam)
  }

  private let method: Method
  private let settings: NetworkSettings

  /// Makes the optimizer of an epoch's step and switches the learning of the backbone accordingly.
  init(_ network: QualityNetwork, settings: NetworkSettings, epoch: Int) throws(TensorError) {
    self.settings = settings
    let (backbone, rest) = network.parameterGroups
    let learnsBackbone = !settings.isBackboneFrozen && !settings.isHeadEpoch(epoch)
    let frozen = settings.frozenStages.map(network.parameterNames(ofFirstStages:)) ?? []
    for entry in backbone {
      try entry.tensor.setRequiresGradient(learnsBackbone && !frozen.contains(entry.name))
    }
    let learning = backbone.filter { !frozen.contains($0.name) }
    let decay = settings.fitting.weightDecay
    func group(_ entries: [Weights.Entry]) -> ParameterGroup {
      ParameterGroup(entries, learningRate: 0, weightDecay: decay)
    }
    if settings.isHeadEpoch(epoch) {
      method = .descent(
        StochasticGradientDescent([group(rest)], momentum: settings.headMomentum))
    } else {
      method = .adam(Adam(learnsBackbone ? [group(rest), group(learning)] : [group(rest)]))
    }
  }

  /// Sets the learning rates of an epoch.
  func setRates(epoch: Int) {
    let rate = settings.learningRate(atEpoch: epoch)
    switch method {
    case .descent(let optimizer): optimizer.groups[0].learningRate = rate
    case .adam(let optimizer):
      optimizer.groups[0].learningRate = rate * settings.headRateFactor
      if optimizer.groups.count > 1 { optimizer.groups[1].learningRate = rate }
    }
  }

  /// Changes the parameters.
  func step() throws(TensorError) {
    switch method {
    case .descent(let optimizer): try optimizer.step()
    case .adam(let optimizer): try optimizer.step()
    }
  }

  /// What it has gathered, to be saved.
  func stateDictionary() throws(TensorError) -> [String: Tensor] {
    switch method {
    case .descent(let optimizer): try optimizer.stateDictionary()
    case .adam(let optimizer): try optimizer.stateDictionary()
    }
  }

  /// Goes on from a saved state.
  func restore(_ state: [String: Tensor]) throws(TensorError) {
    switch method {
    case .descent(let optimizer): try optimizer.restore(state)
    case .adam(let optimizer): try optimizer.restore(state)
    }
  }
}
