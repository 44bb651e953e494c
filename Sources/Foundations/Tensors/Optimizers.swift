/// Parameters that share a learning rate and a weight decay.
public struct ParameterGroup {
  /// The parameters, by their names in checkpoints.
  public let parameters: [Weights.Entry]
  /// The step size; a schedule changes it between steps.
  public var learningRate: Double
  /// The L2 penalty, added to the gradient.
  public var weightDecay: Double

  /// Makes a group.
  public init(_ parameters: [Weights.Entry], learningRate: Double, weightDecay: Double = 0) {
    self.parameters = parameters
    self.learningRate = learningRate
    self.weightDecay = weightDecay
  }
}

/// What went wrong with a saved optimizer state, as one line.
private func stateError(_ name: String) -> TensorError {
  TensorError("optimizer state", reason: "\(name) is missing or has another shape")
}

/// The Adam optimizer; weight decay is an L2 penalty, as in the papers.
///
/// Source: Kingma and Ba 2015, arXiv:1412.6980, algorithm 1.
public final class Adam {
  /// The groups; change their learning rates between steps.
  public var groups: [ParameterGroup]
  private let beta1: Double
  private let beta2: Double
  private let epsilon: Double
  private var moments: [String: (first: Tensor, second: Tensor, step: Tensor)] = [:]

  /// Makes an optimizer that has taken no step.
  public init(
    _ groups: [ParameterGroup], beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8
  ) {
    self.groups = groups
    self.beta1 = beta1
    self.beta2 = beta2
    self.epsilon = epsilon
  }

  /// Changes every parameter that has a gradient.
  public func step() throws(TensorError) {
    try withoutGradient { () throws(TensorError) in
      for group in groups { try step(group) }
    }
  }

  private func step(_ group: ParameterGroup) throws(TensorError) {
    var values: [Tensor] = []
    var slopes: [Tensor] = []
    var states: [(first: Tensor, second: Tensor, step: Tensor)] = []
    for entry in group.parameters {
      guard let slope = try entry.tensor.gradient() else { continue }
      let state =
        if let known = moments[entry.name] { known } else {
          (
            first: try call1("zeros_like", .tensor(entry.tensor)),
            second: try call1("zeros_like", .tensor(entry.tensor)),
            step: try Tensor.zeros([]).placed(on: entry.tensor.device)
          )
        }
      moments[entry.name] = state
      values.append(entry.tensor)
      slopes.append(slope)
      states.append(state)
    }
    guard !values.isEmpty else { return }
    for state in states { try state.step.assign(state.step + 1) }
    _ = try call(
      "_fused_adam_", .tensors(values), .tensors(slopes), .tensors(states.map(\.first)),
      .tensors(states.map(\.second)), .tensors([]), .tensors(states.map(\.step)),
      .double(group.learningRate), .double(beta1), .double(beta2), .double(group.weightDecay),
      .double(epsilon), .bool(false), .bool(false))
  }

  /// The moments and the step counts: with them and the parameters a run resumes exactly.
  public func stateDictionary() throws(TensorError) -> [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (name, moment) in moments {
      state["first.\(name)"] = try moment.first.copy()
      state["second.\(name)"] = try moment.second.copy()
      state["step.\(name)"] = try moment.step.copy()
    }
    return state
  }

  /// Goes on from a saved state.
  public func restore(_ state: [String: Tensor]) throws(TensorError) {
    moments = [:]
    for entry in groups.flatMap(\.parameters) {
      guard let step = state["step.\(entry.name)"] else { continue }
      guard let first = state["first.\(entry.name)"], let second = state["second.\(entry.name)"],
        first.shape == entry.tensor.shape, second.shape == entry.tensor.shape, step.count == 1
      else { throw stateError(entry.name) }
      let device = entry.tensor.device
      moments[entry.name] = (
        try first.placed(on: device).copy(), try second.placed(on: device).copy(),
        try step.reshaped([]).placed(on: device).copy()
      )
    }
  }
}

/// Stochastic gradient descent with momentum; weight decay is an L2 penalty.
///
/// Source: Sutskever et al. 2013, in PyTorch's form v ← µv + g, x ← x − ηv.
public final class StochasticGradientDescent {
  /// The groups; change their learning rates between steps.
  public var groups: [ParameterGroup]
  private let momentum: Double
  private var velocities: [String: Tensor] = [:]

  /// Makes an optimizer that has taken no step.
  public init(_ groups: [ParameterGroup], momentum: Double = 0.9) {
    self.groups = groups
    self.momentum = momentum
  }

  /// Changes every parameter that has a gradient.
  public func step() throws(TensorError) {
    try withoutGradient { () throws(TensorError) in
      for group in groups {
        for entry in group.parameters {
          guard var slope = try entry.tensor.gradient() else { continue }
          if group.weightDecay != 0 { slope = try slope + entry.tensor * group.weightDecay }
          let velocity =
            if let known = velocities[entry.name] { try known * momentum + slope } else {
              try slope.copy()
            }
          velocities[entry.name] = velocity
          try entry.tensor.assign(entry.tensor - velocity * group.learningRate)
        }
      }
    }
  }

  /// The velocities: with them and the parameters a run resumes exactly.
  public func stateDictionary() throws(TensorError) -> [String: Tensor] {
    var state: [String: Tensor] = [:]
    for (name, velocity) in velocities { state["velocity.\(name)"] = try velocity.copy() }
    return state
  }

  /// Goes on from a saved state.
  public func restore(_ state: [String: Tensor]) throws(TensorError) {
    velocities = [:]
    for entry in groups.flatMap(\.parameters) {
      guard let velocity = state["velocity.\(entry.name)"] else { continue }
      guard velocity.shape == entry.tensor.shape else { throw stateError(entry.name) }
      velocities[entry.name] = try velocity.placed(on: entry.tensor.device).copy()
    }
  }
}
