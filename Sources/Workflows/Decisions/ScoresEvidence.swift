import Decision
import Domain
import Files
import Foundation
import Statistics
import Studies

/// The differences of a model's scores inside of scenes, calibrated to JOD.
struct ScoresEvidence {
  private struct Photo {
    let scene: SceneID
    let name: String
    let member: Sides.Member?
    let group: String?
    let row: ModelScoreRow

    /// What no other photo of the attribute shares.
    func key(_ attribute: Attribute) -> [String] { [attribute.text, scene.text, name] }
  }

  private let photos: [Attribute: [Photo]]
  private let calibrations: [Attribute: DifferenceCalibration]
  private let sides: Sides
  /// What a reader must know, each in one sentence.
  private(set) var notes: [String] = []

  /// Reads scores, and calibrates their differences on the photos that a scale measured.
  ///
  /// - Parameters:
  ///   - files: the files of scores, all by the same model.
  ///   - kept: a baseline of the study, whose scores stand for photos that the files lack.
  ///   - scale: the measured scores of validation photos.
  ///   - attributes: the attributes to take; nil takes all.
  ///   - sides: the photos of both sides.
  /// - Throws: `InputError` for files that can't be used, and for scores of several models.
  init(
    scores files: [String], kept: StudyBaseline?, scale: String?, attributes: [Attribute]?,
    sides: Sides
  ) throws {
    self.sides = sides
    let place = files.joined(separator: ", ")
    let measured = try scale.map { path throws(InputError) in try TrainingScores(path: path) }
    let truth = Dictionary(
      (measured?.photos ?? []).map {
        (ScenePhoto(scene: $0.scene, photo: $0.photo), $0.score)
      }
    ) { first, _ in first }
    let unnamed = measured?.attribute ?? attributes?.first ?? .overall
    var photos: [Attribute: [Photo]] = [:]
    var models = OneModel()
    var rows: [[String]: String] = [:]
    for file in files {
      for row in try ModelScoresFile.read(file) {
        guard let photo = try Self.photo(row, in: file, sides: sides, truth: truth) else {
          continue
        }
        let attribute = row.attribute ?? unnamed
        try models.check(row, attribute, in: file)
        if let known = rows.updateValue("\(file), row \(row.row)", forKey: photo.key(attribute)) {
          throw InputError(
            "\(file), row \(row.row)",
            "the photo \(photo.scene)/\(photo.name) has a score already (\(known))",
            remedy: "keep one of the rows")
        }
        photos[attribute, default: []].append(photo)
      }
    }
    for score in kept?.scores ?? [] {
      let attribute = score.score.attribute
      let photo = Photo(
        scene: score.scene, name: score.photo.text,
        member: sides.member(score.scene, score.photo),
        group: sides.group(score.scene, score.photo),
        row: ModelScoreRow(score.score, scene: score.scene))
      guard rows[photo.key(attribute)] == nil else { continue }
      if let kept { try models.check(kept, attribute) }
      photos[attribute, default: []].append(photo)
    }
    if let attributes {
      for attribute in attributes where photos[attribute] == nil {
        throw InputError(
          Setting("attribute"), "«\(attribute)» has no scores in \(place)",
          remedy: "give one of \(photos.keys.sorted().map(\.text).joined(separator: ", "))")
      }
      photos = photos.filter { attributes.contains($0.key) }
    }
    photos = photos.filter { $0.value.contains { $0.member != nil } }
    guard !photos.isEmpty else {
      throw InputError(
        place, "no score is of a photo of \(sides.baseline) or \(sides.candidate)",
        remedy: "name scenes and photos in the groups as the scores do")
    }
    self.photos = photos
    var calibrations: [Attribute: DifferenceCalibration] = [:]
    for (attribute, own) in photos.sorted(by: { $0.key < $1.key }) {
      let validation = measured?.attribute == attribute ? Self.validation(own, truth) : []
      if let measured, measured.attribute == attribute {
        try Self.checkUnit(measured, scale ?? "")
      }
      let found = DifferenceCalibration(
        validation, baseline: sides.baseline, candidate: sides.candidate)
      calibrations[attribute] = try found ?? Self.ownIntervals(own, in: place)
      if found == nil, let measured {
        notes.append(
          "\(attribute): "
            + (measured.attribute == attribute
              ? "the scale measures several photos in \(Self.scenes(validation)) scenes of these "
                + "scores, and calibration takes three with scores that differ."
              : "the scale is one of \(measured.attribute)."))
      }
      if let calibration = calibrations[attribute] {
        notes.append("\(attribute): \(Self.note(calibration))")
      }
    }
    self.calibrations = calibrations
  }

  /// The attributes, ascending.
  var attributes: [Attribute] { photos.keys.sorted() }

  /// The values of a fact, or the scenes, over the photos of both sides.
  func values(of field: String) -> [String] {
    Set(
      photos.values.joined().compactMap { $0.member?.facts.value(of: field, scene: $0.scene) }
    ).sorted()
  }

  /// The differences of an attribute, over all photos or those with a value of a fact.
  func evidence(
    _ attribute: Attribute, where holds: (SceneID, Facts) -> Bool = { _, _ in true }
  ) -> AttributeEvidence {
    let chosen = (photos[attribute] ?? []).filter { photo in
      photo.member.map { holds(photo.scene, $0.facts) } ?? false
    }
    var found = evidence(attribute, chosen.filter { !$0.row.isOutside })
    let outside = chosen.filter(\.row.isOutside)
    if !outside.isEmpty {
      let names = outside.prefix(20).map { "\($0.scene)/\($0.name)" }.joined(separator: ", ")
      let (with, without) = (evidence(attribute, chosen).mean, found.mean)
      func text(_ value: Double?) -> String {
        value.map { "\(($0 * 100).rounded() / 100) JOD" } ?? "nothing"
      }
      found.excluded.append(
        "\(outside.count) photo\(outside.count == 1 ? " is" : "s are") outside of what the model "
          + "knows and left out: \(names)\(outside.count > 20 ? ", …" : ""). The mean over scenes "
          + "is \(text(without)) without, \(text(with)) with them.")
    }
    return found
  }

  /// The photos of a scene that stand against each other, with the calibrated differences of their
  /// scores.
  func examplePairs(_ attribute: Attribute, _ scene: SceneID) -> [ExamplePair] {
    let own = (photos[attribute] ?? []).filter { $0.scene == scene && !$0.row.isOutside }
    let members = own.indices.compactMap { index in
      own[index].member.map { (index: index, member: $0) }
    }
    guard let calibration = calibrations[attribute],
      let paired = try? PairedPhotos(scene: scene, photos: members, sides: sides)
    else { return [] }
    return paired.pairs.map { pair in
      let difference = own[pair.candidate].row.score - own[pair.baseline].row.score
      return ExamplePair(
        baseline: PhotoID(own[pair.baseline].name), candidate: PhotoID(own[pair.candidate].name),
        difference: calibration.slope * difference + calibration.bias)
    }
  }

  private func evidence(_ attribute: Attribute, _ photos: [Photo]) -> AttributeEvidence {
    var excluded: [String] = []
    var parts: [(scene: SceneID, paired: PairedPhotos, difference: Double)] = []
    let scenes = Dictionary(grouping: photos, by: \.scene).sorted { $0.key < $1.key }
    for (scene, own) in scenes {
      let members = own.indices.compactMap { index in
        own[index].member.map { (index: index, member: $0) }
      }
      do throws(PairedPhotos.Unpaired) {
        guard let paired = try PairedPhotos(scene: scene, photos: members, sides: sides) else {
          continue
        }
        if let remark = paired.remark { excluded.append(remark) }
        parts.append((scene, paired, paired.contrast.of(own.map(\.row.score))))
      } catch {
        excluded.append(error.sentence)
      }
    }
    guard let calibration = calibrations[attribute] else {
      return AttributeEvidence(
        attribute: attribute, scenes: [], covariance: [], degreesOfFreedom: 1)
    }
    let (values, covariance) = calibration.calibrated(
      parts.map { ($0.difference, $0.paired.baseline.count, $0.paired.candidate.count) })
    let degrees = calibration.degreesOfFreedom
    return AttributeEvidence(
      attribute: attribute,
      scenes: parts.indices.map { index in
        AttributeEvidence.Scene(
          scene: parts[index].scene,
          effect: EffectEstimate(
            value: values[index],
            standardError: covariance[index * parts.count + index].squareRoot(),
            degreesOfFreedom: degrees),
          baselinePhotos: parts[index].paired.baseline.count,
          candidatePhotos: parts[index].paired.candidate.count)
      }, covariance: covariance, degreesOfFreedom: degrees, errorDegreesOfFreedom: degrees,
      excluded: excluded)
  }
}

extension AttributeEvidence {
  /// The plain mean over scenes; nil without any.
  fileprivate var mean: Double? {
    scenes.isEmpty ? nil : Descriptive.mean(scenes.map(\.effect.value))
  }
}

extension ScoresEvidence {
  /// Finds the photo of a row; nil for one that nothing is known about.
  private static func photo(
    _ row: ModelScoreRow, in file: String, sides: Sides, truth: [ScenePhoto: Double]
  ) throws(InputError) -> Photo? {
    let place = try ScoreNames.place(of: row, in: file, scenes: sides.scenes) { place in
      sides.member(place.scene, place.photo) != nil || truth[place] != nil
    }
    return place.map { place in
      Photo(
        scene: place.scene, name: place.photo.text,
        member: sides.member(place.scene, place.photo),
        group: sides.group(place.scene, place.photo), row: row)
    }
  }

  /// The number of scenes with two photos or more.
  private static func scenes(_ photos: [ValidationPhoto]) -> Int {
    Dictionary(grouping: photos, by: \.scene).count { $0.value.count > 1 }
  }

  private static func validation(
    _ photos: [Photo], _ truth: [ScenePhoto: Double]
  ) -> [ValidationPhoto] {
    photos.compactMap { photo in
      guard !photo.row.isOutside,
        let measured = truth[ScenePhoto(scene: photo.scene, photo: PhotoID(photo.name))]
      else { return nil }
      return ValidationPhoto(
        scene: photo.scene, group: photo.group, score: photo.row.score, measured: measured)
    }
  }

  /// The calibration by the model's own intervals, for scores that are JOD.
  private static func ownIntervals(
    _ photos: [Photo], in file: String
  ) throws(InputError) -> DifferenceCalibration {
    if let unit = photos.lazy.compactMap(\.row.unit).first {
      guard case .jod = unit.scale else {
        throw InputError(
          file, "its unit is \(unit), which says nothing in JOD",
          remedy: "give the measured scores of at least 3 of its scenes with \(Setting("scale"))")
      }
    }
    let widths = photos.compactMap { $0.row.interval?.width }
    guard !widths.isEmpty, widths.count == photos.count else {
      throw InputError(
        file, "nothing says how far the model is off",
        remedy: "give the measured scores of at least 3 of its scenes with \(Setting("scale")), or "
          + "scores with low and high")
    }
    return DifferenceCalibration(halfWidth: Descriptive.mean(widths) / 2)
  }

  private static func checkUnit(_ measured: TrainingScores, _ path: String) throws(InputError) {
    guard case .jod = ScoreUnit(text: "\(measured.unit)").scale else {
      throw InputError(
        path, "its unit is \(measured.unit), and margins are in JOD",
        remedy: "give a scale in JOD, as `vernier scale` writes it by default")
    }
  }

  private static func note(_ calibration: DifferenceCalibration) -> String {
    func number(_ value: Double) -> String { "\((value * 100).rounded() / 100)" }
    let scenes = "\(calibration.scenes) measured scenes"
    let shared = "\(number(calibration.sharedVariance.squareRoot())) JOD"
    return switch calibration.basis {
    case .sameGroups:
      "differences are calibrated on \(scenes) of both sides (slope \(number(calibration.slope)), "
        + "\(number(calibration.bias)) JOD taken out); the error that all scenes share is \(shared)."
    case .otherGroups:
      "differences are calibrated on \(scenes) of other groups (slope "
        + "\(number(calibration.slope))); the error that all scenes share is \(shared)."
    case .photos:
      "differences are calibrated on \(scenes) (slope \(number(calibration.slope))) whose groups are "
        + "not known, so that all error (\(shared)) counts as shared by all scenes."
    case .ownIntervals:
      "no measured photos calibrate the differences; the model's own intervals are taken, and all "
        + "their error (\(shared)) counts as shared by all scenes."
    }
  }
}
