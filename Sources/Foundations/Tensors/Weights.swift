/// What a model's weights are for, which decides the form that they are kept in.
public enum Purpose: Hashable, Sendable {
  /// Single precision with gradients; normalization stays separate. Where activations are
  /// recomputed, the inner results of ``segment(_:_:)`` aren't kept for the gradient.
  case training(on: Device = .cpu, recomputingActivations: Bool = false)
  /// No gradients; batch norm folded into the convolutions, channels last, elements of the given
  /// type.
  case inference(ElementType, on: Device = .cpu)

  /// Whether gradients are wanted.
  public var isTraining: Bool { if case .training = self { true } else { false } }

  /// The type of the elements.
  public var elementType: ElementType {
    switch self {
    case .training: .float32
    case .inference(let type, _): type
    }
  }

  /// Where the weights lie and the model computes.
  public var device: Device {
    switch self {
    case .training(let device, _), .inference(_, let device): device
    }
  }

  /// Runs one part of a network, such as a residual block.
  ///
  /// - Parameters:
  ///   - x: what the part gets.
  ///   - body: the part.
  /// - Returns: what the part gives.
  /// - Throws: what the part throws.
  public func segment(
    _ x: Tensor, _ body: @escaping (Tensor) throws(TensorError) -> Tensor
  ) throws(TensorError) -> Tensor {
    if case .training(_, true) = self { try x.recomputed(body) } else { try body(x) }
  }

  /// An input in the form that the weights want: on their device, in their type, images with
  /// channels last.
  public func input(_ tensor: Tensor) throws(TensorError) -> Tensor {
    let placed = try tensor.placed(on: device)
    let converted = placed.type == elementType ? placed : try placed.to(elementType)
    return converted.rank == 4 ? try converted.channelsLast() : converted
  }
}

/// How a parameter starts when it isn't loaded.
public enum Initializer: Hashable, Sendable {
  /// One value everywhere.
  case constant(Double)
  /// Normal with mean 0.
  case normal(deviation: Double)
  /// Uniform between −limit and limit.
  case uniform(limit: Double)

  /// The given values, row-major.
  case values([Double])

  /// All zeros.
  public static let zeros = Initializer.constant(0)
  /// All ones.
  public static let ones = Initializer.constant(1)

  /// Kaiming-normal for ReLU, that is with variance 2 / fan.
  ///
  /// Source: He and others 2015, arXiv:1502.01852.
  public static func kaimingNormal(fan: Int) -> Initializer {
    .normal(deviation: (2 / Double(fan)).squareRoot())
  }

  /// The start of PyTorch's linear layers and convolutions: uniform within 1 / √fan.
  public static func fanInUniform(_ fan: Int) -> Initializer {
    .uniform(limit: 1 / Double(fan).squareRoot())
  }

  /// Draws a tensor.
  func make(_ shape: [Int], _ source: RandomSource) throws(TensorError) -> Tensor {
    switch self {
    case .constant(let value): try .full(shape, value)
    case .normal(let deviation): try source.normal(shape) * deviation
    case .values(let values): try Tensor(values, shape: shape).to(.float32)
    case .uniform(let limit): try (source.uniform(shape) - 0.5) * (2 * limit)
    }
  }
}

/// Keys of a checkpoint that don't fit the model.
public struct WeightsError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What the model needs and the checkpoint lacks.
  public let missing: [String]
  /// What the checkpoint holds and the model doesn't know.
  public let unexpected: [String]
  /// Keys with another shape than the model's, as `key: [has] instead of [needs]`.
  public let misshapen: [String]

  /// One line with the first few keys of each kind.
  public var description: String {
    func part(_ name: String, _ keys: [String]) -> String? {
      guard !keys.isEmpty else { return nil }
      let more = keys.count > 5 ? ", … (\(keys.count) in all)" : ""
      return "\(name): \(keys.prefix(5).joined(separator: ", "))\(more)"
    }
    let parts = [
      part("missing", missing), part("unexpected", unexpected), part("misshapen", misshapen),
    ]
    return "the weights don't fit the model (\(parts.compactMap(\.self).joined(separator: "; ")))"
      + "; check that they are this architecture's"
  }
}

/// A place in a tree of named weights, so that a model's code shows its checkpoint's keys.
///
/// `w / "layer1" / 0 / "conv1"` stands for `layer1.0.conv1`. A model asks for each tensor once
/// while it is made; then `finish()` reports what was missing, unexpected or misshapen.
public struct Weights {
  /// One tensor of a model.
  public struct Entry {
    /// The key in checkpoints.
    public let name: String
    /// The values; optimizers change them in place.
    public let tensor: Tensor
    /// Whether it is trained, not merely stored.
    public let isParameter: Bool
  }

  /// Where a model's tensors come from.
  private enum Source {
    case tensors([String: Tensor])
    case file(CheckpointFile)
    /// A source that is no longer needed.
    case none

    var names: [String] {
      switch self {
      case .tensors(let tensors): Array(tensors.keys)
      case .file(let file): file.names
      case .none: []
      }
    }

    func shape(_ name: String) -> [Int]? {
      switch self {
      case .tensors(let tensors): tensors[name]?.shape
      case .file(let file): file.shape(name)
      case .none: nil
      }
    }

    /// The tensor in single precision and in memory of its own, so that training changes one model.
    func tensor(_ name: String) throws(TensorError) -> Tensor? {
      switch self {
      case .tensors(let tensors): return try tensors[name]?.detached().to(.float32).copy()
      case .file(let file):
        let tensor: Tensor?
        do throws(CheckpointError) { tensor = try file.tensor(name) } catch {
          throw TensorError("read \(name)", reason: error.description)
        }
        return try tensor?.to(.float32)
      case .none: return nil
      }
    }
  }

  private final class Ledger {
    var source: Source?
    var entries: [Entry] = []
    var used: Set<String> = []
    var ignored: [String] = []
    var missing: [String] = []
    var misshapen: [String] = []
    let random: RandomSource
    let fresh: [String]

    init(_ source: Source?, _ random: RandomSource, _ fresh: [String]) {
      self.source = source
      self.random = random
      self.fresh = fresh
    }
  }

  /// What the weights are for.
  public let purpose: Purpose
  /// The key of this place, empty at the root.
  public let path: String
  private let ledger: Ledger

  /// Weights that start at random.
  public init(initialising random: RandomSource, for purpose: Purpose = .training()) {
    self.init(purpose, "", Ledger(nil, random, []))
  }

  /// Weights from a checkpoint; those below the places `fresh` start at random if it lacks them.
  public init(
    loading tensors: [String: Tensor], for purpose: Purpose = .training(), fresh: [String] = [],
    random: RandomSource? = nil
  ) throws(TensorError) {
    let random = if let random { random } else { try RandomSource(seed: 0) }
    self.init(purpose, "", Ledger(.tensors(tensors), random, fresh))
  }

  /// Weights from an open file, each read when the model asks for it.
  public init(
    opening file: CheckpointFile, for purpose: Purpose = .training()
  ) throws(TensorError) {
    self.init(purpose, "", Ledger(.file(file), try RandomSource(seed: 0), []))
  }

  private init(_ purpose: Purpose, _ path: String, _ ledger: Ledger) {
    self.purpose = purpose
    self.path = path
    self.ledger = ledger
  }

  /// The place below.
  public static func / (place: Weights, name: String) -> Weights {
    Weights(place.purpose, place.path.isEmpty ? name : "\(place.path).\(name)", place.ledger)
  }

  /// The numbered place below.
  public static func / (place: Weights, index: Int) -> Weights { place / "\(index)" }

  /// The same place for layers that stay in single precision whatever the purpose's type, such as
  /// the last ones of a network: there the rounding of a shorter type would be that of the score.
  public var precise: Weights {
    purpose.isTraining ? self : Weights(.inference(.float32, on: purpose.device), path, ledger)
  }

  // MARK: While a model is made

  /// A tensor to learn: for inference it comes in the purpose's type, images' kernels channels
  /// last.
  public func parameter(
    _ name: String, _ shape: [Int], _ start: Initializer
  ) throws(TensorError) -> Tensor {
    let plain = try tensor(name, shape, start)
    guard case .inference(let type, _) = purpose else {
      try plain.setRequiresGradient(true)
      return record(name, plain, isParameter: true)
    }
    let converted = try plain.to(type)
    return record(
      name, shape.count == 4 ? try converted.channelsLast() : converted, isParameter: true)
  }

  /// A tensor to learn that stays in single precision for inference too, such as a norm's scale.
  func normParameter(
    _ name: String, _ shape: [Int], _ start: Initializer
  ) throws(TensorError) -> Tensor {
    purpose.isTraining
      ? try parameter(name, shape, start)
      : record(name, try tensor(name, shape, start), isParameter: true)
  }

  /// A single-precision tensor that is stored with the model but not trained.
  public func buffer(
    _ name: String, _ shape: [Int], _ start: Initializer
  ) throws(TensorError) -> Tensor {
    record(name, try tensor(name, shape, start), isParameter: false)
  }

  /// A single-precision tensor that is used up while the model is made, such as norms to fold.
  public func material(
    _ name: String, _ shape: [Int], _ start: Initializer
  ) throws(TensorError) -> Tensor {
    try tensor(name, shape, start)
  }

  /// Takes keys of a checkpoint that the model has no use for out of the unexpected ones.
  public func ignore(_ name: String) { ledger.ignored.append((self / name).path) }

  private func record(_ name: String, _ tensor: Tensor, isParameter: Bool) -> Tensor {
    ledger.entries.append(
      Entry(name: (self / name).path, tensor: tensor, isParameter: isParameter))
    return tensor
  }

  private func tensor(
    _ name: String, _ shape: [Int], _ start: Initializer
  ) throws(TensorError) -> Tensor {
    try given(name, shape, start).placed(on: purpose.device)
  }

  private func given(
    _ name: String, _ shape: [Int], _ start: Initializer
  ) throws(TensorError) -> Tensor {
    let key = (self / name).path
    guard let source = ledger.source else { return try start.make(shape, ledger.random) }
    if let found = source.shape(key) {
      ledger.used.insert(key)
      if found == shape, let tensor = try source.tensor(key) { return tensor }
      ledger.misshapen.append("\(key): \(found) instead of \(shape)")
      return try .zeros(shape)
    }
    if ledger.fresh.contains(where: { key == $0 || key.hasPrefix($0 + ".") }) {
      return try start.make(shape, ledger.random)
    }
    ledger.missing.append(key)
    return try .zeros(shape)
  }

  // MARK: When the model is made

  /// Checks that the checkpoint and the model had the same keys and shapes.
  ///
  /// The counters `num_batches_tracked` of PyTorch's batch norms are neither needed nor unexpected.
  public func finish() throws(WeightsError) {
    guard let source = ledger.source else { return }
    ledger.source = Source.none
    let unexpected = source.names.filter { key in
      !ledger.used.contains(key) && !key.hasSuffix("num_batches_tracked")
        && !ledger.ignored.contains { key == $0 || key.hasPrefix($0 + ".") }
    }
    guard ledger.missing.isEmpty, ledger.misshapen.isEmpty, unexpected.isEmpty else {
      throw WeightsError(
        missing: ledger.missing, unexpected: unexpected.sorted(), misshapen: ledger.misshapen)
    }
  }

  /// The tensors of this place and below, in the order in which the model asked for them.
  public var entries: [Entry] {
    ledger.entries.filter { path.isEmpty || $0.name == path || $0.name.hasPrefix(path + ".") }
  }

  /// The parameters of this place and below.
  public var parameters: [Entry] { entries.filter(\.isParameter) }

  /// The number of trained numbers at this place and below.
  public var parameterCount: Int { parameters.reduce(0) { $0 + $1.tensor.count } }

  /// A copy of all tensors of this place and below, to be saved.
  public func stateDictionary() throws(TensorError) -> [String: Tensor] {
    var state: [String: Tensor] = [:]
    for entry in entries { state[entry.name] = try entry.tensor.detached().contiguous().copy() }
    return state
  }

  /// Overwrites the tensors of this place and below with those of a state of the same keys.
  public func restore(_ state: [String: Tensor]) throws {
    let missing = entries.map(\.name).filter { state[$0] == nil }
    guard missing.isEmpty else {
      throw WeightsError(missing: missing, unexpected: [], misshapen: [])
    }
    for entry in entries {
      if let value = state[entry.name] { try entry.tensor.assign(value) }
    }
  }

  /// Forgets the gradients of this place and below.
  public func clearGradients() throws(TensorError) {
    for entry in parameters { try entry.tensor.clearGradient() }
  }
}
