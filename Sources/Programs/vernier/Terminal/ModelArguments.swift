public import ArgumentParser
public import Evaluation
public import Domain
public import ModelLibrary
public import NeuralModels
public import ScoringWorkflow
public import Training

extension Architecture: ExpressibleByArgument {
  /// Reads a name in any case.
  public init?(argument: String) { self.init(rawValue: argument.lowercased()) }
}

extension Backbone.Kind: ExpressibleByArgument {}
extension SmallRegionPolicy: ExpressibleByArgument {}
extension ScoreLoss: ExpressibleByArgument {}
extension TrainingPrecision: ExpressibleByArgument {}
extension PhotoScoring.Options.Precision: ExpressibleByArgument {}
