import Domain
import Foundation
import Studies

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
