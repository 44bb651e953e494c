public import Domain

/// What a photo can differ in: the factors by which scenes are chosen and a study's coverage is
/// counted.
public enum SceneFactor: String, Hashable, Sendable, CaseIterable, Encodable {
  case condition
  case lighting
  case skinType = "skin type"
  case lens
  case mode
  case device

  /// The value of a photo; nil where it isn't known.
  package func value(_ data: PhotoMetadata) -> String? {
    switch self {
    case .condition: data.condition?.rawValue
    case .lighting: data.lighting
    case .skinType: data.skinType.map { "\($0)" }
    case .lens: data.lens
    case .mode: data.mode
    case .device: data.device
    }
  }

  /// The values that a study should have, whether it has them or not.
  var wanted: [String] {
    switch self {
    case .condition: LightingCondition.allCases.map(\.rawValue)
    case .skinType: (1...6).map { "\($0)" }
    default: []
    }
  }
}

/// How often a value occurs in a study.
public struct FactorCoverage: Hashable, Sendable, Encodable {
  /// How a value stands.
  public enum Standing: String, Hashable, Sendable, Encodable {
    /// No photo has it.
    case missing
    /// Fewer than one in twenty photos have it.
    case rare
    /// It is there.
    case present
  }

  /// The factor.
  public let factor: SceneFactor
  /// Its value; `unknown` for photos that state none.
  public let value: String
  /// The number of photos that have it.
  public let photos: Int
  /// The scenes with such photos.
  public let scenes: Set<SceneID>
  /// How it stands.
  public let standing: Standing

  /// Counts the values of all factors, in a fixed order.
  public static func table(of photos: [StudyPhoto]) -> [Self] {
    SceneFactor.allCases.flatMap { factor -> [Self] in
      var groups = Dictionary(grouping: photos) { factor.value($0.metadata) ?? "unknown" }
      for value in factor.wanted where groups[value] == nil { groups[value] = [] }
      // Nothing is said of a factor that nobody stated and that has no wanted values.
      if factor.wanted.isEmpty, groups.keys.allSatisfy({ $0 == "unknown" }) { groups = [:] }
      return groups.sorted { $0.key < $1.key }.map { value, own in
        let isRare = value != "unknown" && own.count * 20 < photos.count
        return Self(
          factor: factor, value: value, photos: own.count, scenes: Set(own.map(\.scene)),
          standing: own.isEmpty ? .missing : isRare ? .rare : .present)
      }
    }
  }
}

extension FactorCoverage: CustomStringConvertible {
  /// The value with its number of photos, such as `Night (2 photos)`.
  public var description: String { "\(value) (\(photos) \(photos == 1 ? "photo" : "photos"))" }
}
