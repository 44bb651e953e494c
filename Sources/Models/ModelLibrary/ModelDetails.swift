/// What a model folder holds.
public struct ModelDetails: Hashable, Sendable, Codable {
  /// The folder's path.
  public let path: String
  /// The architecture's name.
  public let architecture: String
  /// What was written down about the model: attribute, unit, source.
  public let metadata: [String: String]
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

/// One line of a list of models.
public struct ModelListing: Hashable, Sendable, Codable {
  /// The folder's path.
  public let path: String
  /// The architecture's name; nil where the folder is damaged.
  public let architecture: String?
  /// The attribute.
  public let attribute: String?
  /// The unit of the scores.
  public let unit: String?
  /// The bytes of the weights' file.
  public let weightsBytes: Int?
  /// What is wrong with the folder; nil for nothing.
  public let problem: String?
}
