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
  /// The score's standard deviation over crops of each photo, 0 where the file doesn't give it.
  public let spreads: [Double]
  /// The photos that have no score.
  public let missing: [ScenePhoto]
  /// The number of scores of photos that are not evaluated.
  public let unused: Int
}

extension EvaluationSet {
  /// Finds a model's score of every photo.
  ///
  /// Photos are found by scene and name; where a file names no scenes, by a name that one scene
  /// has, or by the folder that the photo lies in.
  ///
  /// - Parameters:
  ///   - source: where the scores come from.
  ///   - isOnlyScale: whether a file of another attribute may be meant, because there is one scale.
  ///   - skipsMissing: whether photos without a score are left out; they are an error otherwise.
  /// - Returns: nil when the file is about another attribute.
  /// - Throws: `InputError` that names the file and the photo; also for scores in another unit than
  ///   the scale's, unless the source says so.
  public func match(
    _ source: ModelSource, isOnlyScale: Bool, skipsMissing: Bool
  ) throws(InputError) -> MatchedScores? {
    if let said = source.attribute, said != attribute { return nil }
    let isChosen = isOnlyScale || source.attribute != nil
    guard let file = try rows(source, isChosen: isChosen) else { return nil }
    let agreement = try agreement(of: file, source)
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
    let sign = source.isLessBetter || file.unit.isLowerBetter ? -1.0 : 1.0
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
        remedy: "score them too, or leave them out for all models with \(Setting("skipMissing"))")
    }
    return MatchedScores(
      model: ModelPredictions(
        name: source.name, predictions: found,
        hasUnit: agreement == .same, hasOneScale: !file.unit.isPerScene),
      spreads: spreads, missing: missing, unused: unused)
  }

  /// The scores of a file or a run with their unit; nil when they are about another attribute.
  private func rows(
    _ source: ModelSource, isChosen: Bool
  ) throws(InputError) -> (rows: [ModelScoreRow], unit: ScoreUnit)? {
    if source.isRun {
      let record = try RunRecord.read(source.path)
      guard record.attribute == attribute || isChosen else { return nil }
      return (try ModelScoresFile.read("\(source.path)/predictions.csv"), record.unit)
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
    return (rows, try unit(of: rows, source))
  }

  /// The unit that a file's rows state, or the record beside it; a file without any is taken to be
  /// in the scale's unit, but for the scores of a hand-crafted model.
  private func unit(
    of rows: [ModelScoreRow], _ source: ModelSource
  ) throws(InputError) -> ScoreUnit {
    let stated = Set(rows.compactMap(\.unit)).sorted { $0.text < $1.text }
    guard stated.count < 2 else {
      throw InputError(
        source.path, "its scores are in «\(stated[0])» and in «\(stated[1])»",
        remedy: "give a file for each unit")
    }
    if let unit = stated.first { return unit }
    if let unit = try Provenance.read(beside: source.path)?.unit { return unit }
    let models = Set(rows.map { $0.model.flatMap { HandcraftedModel(rawValue: $0.lowercased()) } })
    guard models.count == 1, let model = models.first ?? nil else { return self.unit }
    return model.unit
  }

  /// How a file's unit stands to the scale's.
  ///
  /// - Throws: `InputError` for another scale of judgements, unless the source says so. A quantity
  ///   of its own, such as NIQE, is compared by order and after a fit.
  private func agreement(
    of file: (rows: [ModelScoreRow], unit: ScoreUnit), _ source: ModelSource
  ) throws(InputError) -> ScoreUnit.Agreement {
    if source.hasOtherUnit || source.isLessBetter { return .different }
    let agreement = file.unit.agreement(with: self.unit)
    guard agreement == .different, file.unit.isOfJudgements else { return agreement }
    throw .differentUnits(
      source.path, file.unit, self.unit,
      remedy: "evaluate on a scale of its own unit, or only its order with "
        + "\(Setting("otherUnit")) \(source.name)")
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
