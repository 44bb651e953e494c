public import Domain
public import NeuralModels

/// What a model folder holds.
public struct ModelDetails: Hashable, Sendable {
  /// The folder's path.
  public let path: String
  /// What the model is.
  public let description: ModelDescription
  /// The bytes of the weights' file.
  public let weightsBytes: Int
  /// The number of tensors.
  public let tensorCount: Int
  /// The number of trained and stored numbers.
  public let numberCount: Int
  /// The SHA-256 of the weights' file.
  public let weightsSHA256: String
  /// The architecture's settings, as text by name.
  public let configuration: [String: String]
  /// The card.
  public let card: String
}

extension ModelDetails: Encodable {
  private enum Key: String, CodingKey {
    case path, architecture, metadata, weightsBytes, tensorCount, numberCount, weightsSHA256
    case configuration, card
  }

  /// Writes the description as texts by name, as `model.json` holds it.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(path, forKey: .path)
    try container.encode(description.architecture, forKey: .architecture)
    try container.encode(description.facts, forKey: .metadata)
    try container.encode(weightsBytes, forKey: .weightsBytes)
    try container.encode(tensorCount, forKey: .tensorCount)
    try container.encode(numberCount, forKey: .numberCount)
    try container.encode(weightsSHA256, forKey: .weightsSHA256)
    try container.encode(configuration, forKey: .configuration)
    try container.encode(card, forKey: .card)
  }
}

/// One line of a list of models.
public struct ModelListing: Hashable, Sendable, Codable {
  /// The folder's path.
  public let path: String
  /// The architecture's name; nil where the folder is damaged.
  public let architecture: String?
  /// The attribute.
  public let attribute: Attribute?
  /// The unit of the scores.
  public let unit: ScoreUnit?
  /// The bytes of the weights' file.
  public let weightsBytes: Int?
  /// What is wrong with the folder; nil for nothing.
  public let problem: String?
}
