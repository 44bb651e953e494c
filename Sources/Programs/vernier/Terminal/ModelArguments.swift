public import ArgumentParser
import Documents
public import Domain
public import Evaluation
public import ModelLibrary
public import NeuralModels
public import ScoringWorkflow
import Training

extension Architecture: ExpressibleByArgument {
  /// Reads a name in any case.
  public init?(argument: String) { self.init(rawValue: argument.lowercased()) }
}

extension SplitPart: ExpressibleByArgument {
  /// Reads a name in any case.
  public init?(argument: String) { self.init(rawValue: argument.lowercased()) }
}

extension Metric: ExpressibleByArgument {
  /// Reads a name in any case.
  public init?(argument: String) { self.init(rawValue: argument.lowercased()) }
}

extension ScoreFormat: ExpressibleByArgument {
  /// Reads a name; `json` means lines of JSON too.
  public init?(argument: String) { self.init(rawValue: argument == "json" ? "jsonl" : argument) }
}

extension DeviceChoice: ExpressibleByArgument {
  /// Reads `cpu`, `cuda`, `cuda:N` or `auto`.
  public init?(argument: String) { self.init(argument) }
}

extension Backbone.Kind: ExpressibleByArgument {}
extension CalibrationDesign: ExpressibleByArgument {}
extension PhotoScoring.Options.Precision: ExpressibleByArgument {}
extension LearningRateSchedule: ExpressibleByArgument {}
extension ScoreLoss: ExpressibleByArgument {}
extension SmallRegionPolicy: ExpressibleByArgument {}
extension SplitUnit: ExpressibleByArgument {}
extension TableFormat: ExpressibleByArgument {}
extension TrainingPrecision: ExpressibleByArgument {}

/// What `vernier train` can train.
enum TrainableModel: Hashable, CustomStringConvertible, ExpressibleByArgument {
  case stages
  case network(Architecture)

  static let all: [TrainableModel] = [.stages] + Architecture.allCases.map { .network($0) }
  static var allValueStrings: [String] { all.map(\.description) }

  init?(argument: String) {
    guard let known = Self.all.first(where: { $0.description == argument.lowercased() }) else {
      return nil
    }
    self = known
  }

  var description: String {
    switch self {
    case .stages: MultiDepthRegressor.architecture
    case .network(let architecture): architecture.rawValue
    }
  }
}
