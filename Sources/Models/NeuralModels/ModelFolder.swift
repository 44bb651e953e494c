import Domain
import FoundationEssentials
public import Tensors

/// A trained model on disk: `model.json`, `weights.safetensors` and `README.md`, its card.
public struct ModelFolder {
  private struct Content<Configuration: Codable>: Codable {
    var format = 1
    let architecture: String
    let configuration: Configuration
    let metadata: [String: String]
  }

  /// What every `model.json` holds, whatever the architecture.
  private struct Summary: Codable {
    let format: Int
    let architecture: String
    let metadata: [String: String]
  }

  /// The folder's path.
  public let path: String
  /// What the model is.
  public let description: ModelDescription
  private let json: [UInt8]

  /// The description's file name.
  public static let descriptionName = "model.json"
  /// The weights' file name.
  public static let weightsName = "weights.safetensors"
  /// The card's file name.
  public static let cardName = "README.md"

  /// Reads the description of a model folder.
  ///
  /// - Throws: `InputError` when the folder holds no model.
  public init(_ path: String) throws {
    let file = "\(path)/\(Self.descriptionName)"
    guard let data = FileManager.default.contents(atPath: file) else {
      throw InputError(
        path, "it holds no \(Self.descriptionName)",
        remedy: "give the folder of a trained model")
    }
    let summary: Summary
    do {
      summary = try JSONDecoder().decode(Summary.self, from: data)
    } catch {
      throw InputError(
        file, "it isn't the description of a model", remedy: "train or import the model again")
    }
    guard summary.format == 1 else {
      throw InputError(
        file, "it has format \(summary.format)", remedy: "use the vernier that wrote it, or newer")
    }
    self.path = path
    json = Array(data)
    description = ModelDescription(
      architecture: summary.architecture, facts: summary.metadata)
  }

  /// The name of the architecture.
  public var architecture: String { description.architecture }

  /// The architecture's configuration.
  ///
  /// - Parameters:
  ///   - type: the type of the configuration.
  ///   - name: the name of the architecture that the caller builds.
  /// - Returns: the configuration as it was written.
  /// - Throws: `InputError` when the folder holds another architecture or misses a value.
  public func configuration<Configuration: Codable>(
    _ type: Configuration.Type, of name: String
  ) throws -> Configuration {
    guard architecture == name else {
      throw InputError(
        path, "it holds a model of architecture \(architecture), not \(name)",
        remedy: "give a folder of \(name)")
    }
    do {
      return try JSONDecoder().decode(Content<Configuration>.self, from: Data(json))
        .configuration
    } catch {
      throw InputError(
        "\(path)/\(Self.descriptionName)", "the configuration of \(name) is incomplete",
        remedy: "train or import the model again")
    }
  }

  /// The weights.
  public func weights() throws -> [String: Tensor] {
    try Checkpoint.read("\(path)/\(Self.weightsName)")
  }

  /// The weights, each tensor to be read when it is asked for.
  public func openWeights() throws -> CheckpointFile {
    try CheckpointFile("\(path)/\(Self.weightsName)")
  }

  /// Writes a model; each file appears only when it is complete, the description last.
  public static func write<Configuration: Codable>(
    _ description: ModelDescription, configuration: Configuration, weights: [String: Tensor],
    card: String, to path: String
  ) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw InputError(path, "the folder can't be made", remedy: "check the path and its space")
    }
    try Checkpoint.write(
      weights, metadata: ["architecture": description.architecture], to: "\(path)/\(weightsName)")
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let content = Content(
      architecture: description.architecture, configuration: configuration,
      metadata: description.facts)
    do {
      try Data(card.utf8).write(to: URL(filePath: "\(path)/\(cardName)"), options: .atomic)
      try (encoder.encode(content) + Data("\n".utf8)).write(
        to: URL(filePath: "\(path)/\(descriptionName)"), options: .atomic)
    } catch {
      throw InputError(path, "the model can't be written", remedy: "check the space left")
    }
  }
}
