public import Domain
import Foundation
import ModelLibrary
import NeuralModels
public import Pixels
import Statistics
public import Studies

/// Chooses the scenes of a study that stand best for all of them (paper 2, «Database extension»).
///
/// The distance of two scenes is the mean over what is known of both: how the shares of conditions,
/// lighting, skin types, lenses, modes and devices differ, distance, light and the range of
/// published scores, and what the photos look like (the backbone's features); each is divided by
/// its mean over all pairs, so that every one counts alike. Scenes are chosen by facility location.
public struct SceneSelection: Sendable {
  /// One chosen scene.
  public struct Choice: Hashable, Sendable {
    /// The scene.
    public let scene: SceneID
    /// The number of its photos.
    public let photos: Int
    /// What it added to how well all scenes are stood for, of 1.
    public let gain: Double
    /// The scenes that it stands for, itself among them, ascending.
    public let represents: [SceneID]
    /// The values that no scene chosen before has, such as `condition Night`.
    public let adds: [String]
  }

  /// The chosen scenes, the most useful first.
  public let choices: [Choice]
  /// How often each value occurs in the study.
  public let coverage: [FactorCoverage]

  /// Chooses scenes.
  ///
  /// - Parameters:
  ///   - study: the study.
  ///   - count: how many; all when there are fewer.
  ///   - backbone: the path of the backbone's weights; nil leaves out what photos look like.
  ///   - reading: how photos are read.
  ///   - progress: called with the number of finished scenes.
  /// - Throws: an error when a photo can't be read, and `InputError` for a study without photos.
  public init(
    _ study: StudyStore, count: Int, backbone: String?,
    reading: DecodingOptions = DecodingOptions(), progress: (Int) -> Void = { _ in }
  ) throws {
    let photos = try study.photos()
    guard !photos.isEmpty, count > 0 else {
      throw InputError(
        count > 0 ? study.folder : Setting("count").description,
        count > 0 ? "the study holds no photos" : "no scene is asked for",
        remedy: count > 0 ? "add some with vernier study add" : "give 1 or more")
    }
    let scores = try study.publishedScores()
    let scenes = Dictionary(grouping: photos, by: \.scene).sorted { $0.key < $1.key }
      .map { SceneFacts($0.key, $0.value, scores: scores) }
    var looks: [[Double]?] = Array(repeating: nil, count: scenes.count)
    if let backbone {
      let extractor = try MultiDepthFeatures(backbone: backbone, longSidePixels: 320)
      for (index, scene) in scenes.enumerated() {
        looks[index] = try Self.look(scene, study, extractor, reading)
        progress(index + 1)
      }
    }
    let similarities = Self.similarities(Self.distances(scenes, looks))
    let chosen = FacilityLocation.choose(similarities, count: count)
    let assigned = FacilityLocation.assignments(similarities, chosen)
    var seen: Set<String> = []
    choices = chosen.enumerated().map { position, choice in
      let scene = scenes[choice.index]
      let values = SceneFactor.allCases.flatMap { factor in
        (scene.shares[factor] ?? [:]).keys.sorted().map { "\(factor.rawValue) \($0)" }
      }
      let new = values.filter { seen.insert($0).inserted }
      return Choice(
        scene: scene.scene, photos: scene.photos.count, gain: choice.gain,
        represents: scenes.indices.filter { assigned[$0] == position }.map { scenes[$0].scene },
        adds: new)
    }
    coverage = FactorCoverage.table(of: photos)
  }

  /// The mean features of up to three photos of a scene, spread over its list.
  private static func look(
    _ scene: SceneFacts, _ study: StudyStore, _ extractor: MultiDepthFeatures,
    _ reading: DecodingOptions
  ) throws -> [Double]? {
    let files = scene.photos.compactMap(\.facts?.sha256)
    guard !files.isEmpty else { return nil }
    let places = Set((0..<3).map { $0 * (files.count - 1) / 2 }).sorted()
    var sum: [Double] = []
    for place in places {
      let image = try RasterImage.decodeShrunk(
        study.files.path(files[place]), longSide: 320, options: reading
      ).image
      let features = try extractor.features(of: image).map { Double($0) }
      sum = sum.isEmpty ? features : zip(sum, features).map { $0 + $1 }
    }
    return sum.map { $0 / Double(places.count) }
  }

  /// The mean of the parts that are known of both scenes, each divided by its mean over all pairs.
  private static func distances(_ scenes: [SceneFacts], _ looks: [[Double]?]) -> [[Double]] {
    var parts: [(Int, Int) -> Double?] = SceneFactor.allCases.map { factor in
      { one, two in
        guard let first = scenes[one].shares[factor], let second = scenes[two].shares[factor] else {
          return nil
        }
        return Set(first.keys).union(second.keys).map {
          abs(first[$0, default: 0] - second[$0, default: 0])
        }.reduce(0, +) / 2
      }
    }
    for name in Set(scenes.flatMap(\.numbers.keys)).sorted() {
      parts.append { one, two in
        guard let first = scenes[one].numbers[name], let second = scenes[two].numbers[name] else {
          return nil
        }
        return abs(first - second)
      }
    }
    let standardized = standardized(looks)
    parts.append { one, two in
      guard let first = standardized[one], let second = standardized[two] else { return nil }
      return zip(first, second).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
    }
    var sums = scenes.map { _ in [Double](repeating: 0, count: scenes.count) }
    var counts = scenes.map { _ in [Double](repeating: 0, count: scenes.count) }
    for part in parts {
      var known: [(one: Int, two: Int, value: Double)] = []
      for one in scenes.indices {
        for two in scenes.indices where two > one {
          if let value = part(one, two) { known.append((one, two, value)) }
        }
      }
      let mean = known.map(\.value).reduce(0, +) / Double(max(1, known.count))
      guard mean > 0 else { continue }
      for (one, two, value) in known {
        for (row, column) in [(one, two), (two, one)] {
          sums[row][column] += value / mean
          counts[row][column] += 1
        }
      }
    }
    // Scenes of which nothing is known in common are as far apart as scenes are on average.
    return scenes.indices.map { one in
      scenes.indices.map { two in
        one == two ? 0 : counts[one][two] > 0 ? sums[one][two] / counts[one][two] : 1
      }
    }
  }

  /// Each feature less its mean, over its deviation.
  private static func standardized(_ looks: [[Double]?]) -> [[Double]?] {
    let known = looks.compactMap(\.self)
    guard let size = known.first?.count, known.count > 1 else { return looks.map { _ in nil } }
    var (means, deviations) = ([Double](), [Double]())
    for feature in 0..<size {
      let values = known.map { $0[feature] }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(values.count)
      means.append(mean)
      deviations.append(variance.squareRoot())
    }
    return looks.map { look in
      look.map { look in
        look.indices.map {
          deviations[$0] > 0 ? (look[$0] - means[$0]) / deviations[$0] : 0
        }
      }
    }
  }

  private static func similarities(_ distances: [[Double]]) -> [[Double]] {
    distances.map { row in row.map { exp(-$0) } }
  }
}
