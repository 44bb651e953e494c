public import Domain
public import Evaluation
import Files
import Foundation
import HandcraftedModels
import TrainingWorkflow

/// A model's scores beside the photos of an evaluation.
public struct MatchedScores: Sendable {
  /// The model with its predictions.
  public let model: ModelPredictions
  /// The score's standard deviation over crops of each photo, in JOD, where the file gives it.
  public let spreads: [Double]
  /// The photos that have no score.
  public let missing: [ScenePhoto]
  /// The number of scores of photos that are not evaluated.
  public let unused: Int
}

extension EvaluationSet {
  /// Finds a model's score of every photo.
  ///
  /// Photos are found by scene and name; where a file names no scenes, by a name that one scene has, or by the folder
  /// that the photo lies in.
  ///
  /// - Parameters:
  ///   - source: where the scores come from.
  ///   - isOnlyScale: whether a file of another attribute may be meant, because there is one scale.
  ///   - skipsMissing: whether photos without a score are left out; they are an error otherwise.
  /// - Returns: nil when the file is about another attribute.
  /// - Throws: `InputError` that names the file and the photo.
  public func match(
    _ source: ModelSource, isOnlyScale: Bool, skipsMissing: Bool
  ) throws(InputError) -> MatchedScores? {
    if let said = source.attribute, said != attribute { return nil }
    let isChosen = isOnlyScale || source.attribute != nil
    guard let file = try rows(source, isChosen: isChosen) else { return nil }
    var scores: [ScenePhoto: (score: Double, spread: Double?, row: Int)] = [:]
    var unused = 0
    let places = PhotoPlaces(photos.map { ScenePhoto(scene: $0.scene, photo: $0.photo) })
    for row in file.rows {
      guard let place = try places.find(row, in: source.path) else {
        unused += 1
        continue
      }
      if let earlier = scores.updateValue((row.score, row.spread, row.row), forKey: place) {
        throw InputError(
          "\(source.path), row \(row.row)",
          "photo \(place.photo) has a score in row \(earlier.row) already",
          remedy: "keep one score for each photo")
      }
    }
    let sign = file.meaning.isLessBetter ? -1.0 : 1.0
    var (found, spreads, missing) = ([Prediction](), [Double](), [ScenePhoto]())
    for photo in photos {
      let place = ScenePhoto(scene: photo.scene, photo: photo.photo)
      if let known = scores[place] {
        found.append(photo.predicting(sign * known.score))
        spreads.append(known.spread ?? 0)
      } else {
        missing.append(place)
      }
    }
    if let first = missing.first, !skipsMissing || found.isEmpty {
      throw InputError(
        source.path,
        "\(missing.count) of \(photos.count) photos have no score, such as "
          + "\(first.photo) of scene \(first.scene)",
        remedy: "score them too, or leave them out for all models with --skip-missing")
    }
    return MatchedScores(
      model: ModelPredictions(
        name: source.name, predictions: found,
        hasUnit: file.meaning.isOnScale && file.meaning.isUnified == isUnified,
        hasOneScale: file.meaning.isUnified),
      spreads: spreads, missing: missing, unused: unused)
  }

  /// The scores of a file or a run, as they are meant; nil when they are about another attribute.
  private func rows(
    _ source: ModelSource, isChosen: Bool
  ) throws(InputError) -> (rows: [ModelScoreRow], meaning: ScoreMeaning)? {
    if source.isRun {
      let record = try RunRecord.read(source.path)
      guard record.attribute == attribute || isChosen else { return nil }
      let rows = try ModelScoresFile.read("\(source.path)/predictions.csv")
      return (rows, ScoreMeaning(isUnified: record.isUnified))
    }
    var rows = try ModelScoresFile.read(source.path)
    let attributes = Set(rows.compactMap(\.attribute))
    if attributes.count > 1 || !isChosen, !attributes.isEmpty {
      rows = rows.filter { $0.attribute == attribute }
      if rows.isEmpty {
        guard !isChosen else {
          throw InputError(
            source.path, "it holds no scores of \(attribute)",
            remedy: "give the scores of the scale")
        }
        return nil
      }
    }
    let meaning = ScoreMeaning(rows, source, isUnified: isUnified)
    return (rows, meaning)
  }
}

/// What the scores of a file mean.
private struct ScoreMeaning {
  var isLessBetter = false
  /// Whether the scores are JOD, or the data set's unit, at all.
  var isOnScale = true
  var isUnified: Bool

  init(isUnified: Bool) { self.isUnified = isUnified }

  /// Reads the units that `vernier score` states; files without any are taken to be in the unit of the scale.
  init(_ rows: [ModelScoreRow], _ source: ModelSource, isUnified: Bool) {
    self.isUnified = isUnified
    let units = Set(rows.compactMap(\.unit))
    if units.isEmpty {
      isLessBetter = rows.allSatisfy { row in
        row.model.map { HandcraftedModel(rawValue: $0.lowercased()) != nil } ?? false
      }
    } else {
      isLessBetter = units.allSatisfy { $0.contains("less is better") }
      // The default model's JOD are those of simulated observers: no scale that people made.
      isOnScale = units.allSatisfy {
        ($0.contains("JOD") || $0.contains("PIQ23")) && !$0.contains("simulated")
      }
      if units.allSatisfy({ $0.hasSuffix("of each scene") }) { self.isUnified = false }
    }
    isLessBetter = isLessBetter || source.isLessBetter
    isOnScale = isOnScale && !isLessBetter && !source.hasOtherUnit
  }
}

/// Finds the photos that the rows of a score file mean.
private struct PhotoPlaces {
  private let known: Set<ScenePhoto>
  private let scenes: [PhotoID: [SceneID]]

  init(_ photos: [ScenePhoto]) {
    known = Set(photos)
    scenes = Dictionary(grouping: photos, by: \.photo).mapValues { $0.map(\.scene) }
  }

  /// The photo; nil when it is none of those.
  func find(_ row: ModelScoreRow, in path: String) throws(InputError) -> ScenePhoto? {
    let parts = row.photo.split { $0 == "/" || $0 == "\\" }.map(String.init)
    let names = [row.photo, parts.last ?? row.photo]
    for name in names.map({ PhotoID($0) }) {
      if let scene = row.scene {
        let place = ScenePhoto(scene: scene, photo: name)
        if known.contains(place) { return place }
        continue
      }
      guard let candidates = scenes[name] else { continue }
      if candidates.count == 1 { return ScenePhoto(scene: candidates[0], photo: name) }
      if parts.count > 1, candidates.contains(SceneID(parts[parts.count - 2])) {
        return ScenePhoto(scene: SceneID(parts[parts.count - 2]), photo: name)
      }
      throw InputError(
        "\(path), row \(row.row)", "photo \(name) is in \(candidates.count) scenes",
        remedy: "add a column scene to the scores")
    }
    return nil
  }
}
