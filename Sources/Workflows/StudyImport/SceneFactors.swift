public import Domain
import Foundation
public import Studies

/// What a photo can differ in: the factors by which scenes are chosen and a study's coverage is
/// counted.
public enum SceneFactor: String, Hashable, Sendable, CaseIterable {
  case condition
  case lighting
  case skinType = "skin type"
  case lens
  case mode
  case device

  /// The value of a photo; nil where it isn't known.
  func value(_ data: PhotoMetadata) -> String? {
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
public struct FactorCoverage: Hashable, Sendable {
  /// How a value stands.
  public enum Standing: String, Hashable, Sendable {
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
      return groups.sorted { $0.key < $1.key }.map { value, own in
        let isRare = value != "unknown" && own.count * 20 < photos.count
        return Self(
          factor: factor, value: value, photos: own.count, scenes: Set(own.map(\.scene)),
          standing: own.isEmpty ? .missing : isRare ? .rare : .present)
      }
    }
  }
}

/// What is known of a scene.
struct SceneFacts: Sendable {
  let scene: SceneID
  let photos: [StudyPhoto]
  /// The share of each value among the photos that state the factor; absent where none does.
  let shares: [SceneFactor: [String: Double]]
  /// Means of what is a number: the logarithm of the distance, of ISO times exposure time, and the
  /// lowest and highest published score.
  let numbers: [String: Double]

  init(_ scene: SceneID, _ photos: [StudyPhoto], scores: [Int64: Double]) {
    (self.scene, self.photos) = (scene, photos)
    var shares: [SceneFactor: [String: Double]] = [:]
    for factor in SceneFactor.allCases {
      let values = photos.compactMap { factor.value($0.metadata) }
      guard !values.isEmpty else { continue }
      shares[factor] = Dictionary(grouping: values) { $0 }.mapValues {
        Double($0.count) / Double(values.count)
      }
    }
    self.shares = shares
    var numbers: [String: Double] = [:]
    func set(_ name: String, _ values: [Double]) {
      if !values.isEmpty { numbers[name] = values.reduce(0, +) / Double(values.count) }
    }
    set("distance", photos.compactMap(\.metadata.distanceMetres).map { log2($0) })
    set(
      "light",
      photos.compactMap { photo in
        guard let iso = photo.metadata.iso, let time = photo.metadata.exposureSeconds else {
          return nil
        }
        return log2(iso * time)
      })
    let own = photos.compactMap { scores[$0.id] }
    if let low = own.min(), let high = own.max() {
      (numbers["lowest score"], numbers["highest score"]) = (low, high)
    }
    self.numbers = numbers
  }
}
