import Decision
import Documents
import Domain
import Files
import Statistics

/// The error rates of verdicts on scores, with the errors that a real model makes.
///
/// Every study draws scenes from a file of held-out predictions; in each scene two pictures stand
/// for the two builds. The measured difference is moved to the one that the study has in that
/// scene, and the prediction by the model's slope times as much, so that its errors about that
/// slope stay what they are. A part of the error that belongs to a build, in every scene alike, is
/// added, for single pictures have none. The other scenes calibrate.
struct ScoreErrorRates {
  private struct Picture {
    let measured: Double
    let predicted: Double
    /// What the model's line inside the scene leaves.
    var error = 0.0
  }

  /// What is known about the model's errors.
  enum Knowledge: String, CaseIterable {
    /// Both builds were measured in ten other scenes.
    case sameGroups = "both builds measured"
    /// Four other builds were measured in ten other scenes.
    case otherGroups = "other builds measured"
    /// The model's interval of one picture.
    case intervals = "the model's interval"
  }

  private let scenes: [[Picture]]
  private let halfWidth: Double
  /// The score for one JOD inside a scene.
  private let slope: Double

  /// Reads `photo,scene,measured,predicted,low,high`.
  init(_ path: String) throws {
    let table = try CSVTable(path: path)
    let columns = try table.columns(["scene", "measured", "predicted", "low", "high"])
    var scenes: [String: [Picture]] = [:]
    var halves: [Double] = []
    for row in table.rows {
      scenes[try row.text(columns[0]), default: []].append(
        Picture(measured: try row.number(columns[1]), predicted: try row.number(columns[2])))
      halves.append((try row.number(columns[4]) - row.number(columns[3])) / 2)
    }
    var centered = scenes.sorted { $0.key < $1.key }.map { _, pictures -> [Picture] in
      let measured = Descriptive.mean(pictures.map(\.measured))
      let predicted = Descriptive.mean(pictures.map(\.predicted))
      return pictures.map {
        Picture(measured: $0.measured - measured, predicted: $0.predicted - predicted)
      }
    }
    let all = centered.flatMap(\.self)
    slope =
      all.reduce(0) { $0 + $1.measured * $1.predicted }
      / all.reduce(0) { $0 + $1.measured * $1.measured }
    for scene in centered.indices {
      for picture in centered[scene].indices {
        centered[scene][picture].error =
          centered[scene][picture].predicted - slope * centered[scene][picture].measured
      }
    }
    self.scenes = centered
    halfWidth = Descriptive.mean(halves)
  }

  /// Prints the table.
  func printTable(runs: Int) throws {
    var rows: [[String]] = []
    for knowledge in Knowledge.allCases {
      for groupError in [0, 0.3] {
        for count in [12, 30] {
          for mean in [0, 0.5, 1, 2] {
            let verdicts = try Parallel.map(
              count: runs, state: {},
              body: { _, run in
                try verdict(
                  mean: mean, scenes: count, groupError: groupError, knowledge,
                  seed: UInt64(run) * 7919 + UInt64(count) + UInt64(mean * 10) * 101)
              })
            var counts = ErrorRates.Counts()
            for verdict in verdicts { counts.add(verdict, truth: mean, margin: 0.5) }
            rows.append(
              [knowledge.rawValue, "\(groupError)", "\(count)", "\(mean)"] + counts.row(runs: runs))
          }
        }
      }
    }
    print(
      TextTable(
        caption:
          "Scores of a model, margin 0.5 JOD, one attribute, tau 0.5 JOD, \(runs) studies a row, in percent",
        columns: [
          "Known of the model", "error of a build, JOD", "Scenes", "True difference", "better",
          "equivalent", "worse", "inconclusive", "false", "interval holds",
        ], rows: rows
      ).markdown())
  }

  private func verdict(
    mean: Double, scenes count: Int, groupError: Double, _ knowledge: Knowledge, seed: UInt64
  ) throws -> Verdict {
    var random = SeededGenerator(seed: seed)
    let order = random.shuffled(Array(scenes.indices))
    let shown = order.prefix(count).map { scenes[$0] }
    let validating = order.dropFirst(count).prefix(10).map { scenes[$0] }
    let (old, new) = (groupError * random.normal(), groupError * random.normal())
    let calibration = try calibration(validating, knowledge, groupError, (old, new), &random)
    let differences = shown.map { pictures -> Double in
      let (one, other) = pair(pictures, &random)
      let truth = mean + 0.5 * random.normal()
      return slope * truth + other.error + new - one.error - old
    }
    let (values, covariance) = calibration.calibrated(differences.map { ($0, 1, 1) })
    let degrees = calibration.degreesOfFreedom
    let evidence = AttributeEvidence(
      attribute: .details,
      scenes: values.indices.map { index in
        AttributeEvidence.Scene(
          scene: SceneID("S\(index)"),
          effect: EffectEstimate(
            value: values[index], standardError: covariance[index * count + index].squareRoot(),
            degreesOfFreedom: degrees))
      }, covariance: covariance, degreesOfFreedom: degrees, errorDegreesOfFreedom: degrees)
    return try decide(
      [evidence], baseline: "old", candidate: "new", source: .scores, settings: DecisionSettings())
  }

  private func pair(
    _ pictures: [Picture], _ random: inout SeededGenerator
  ) -> (Picture, Picture) {
    let first = random.index(below: pictures.count)
    let second = (first + 1 + random.index(below: pictures.count - 1)) % pictures.count
    return (pictures[first], pictures[second])
  }

  private func calibration(
    _ scenes: [[Picture]], _ knowledge: Knowledge, _ groupError: Double,
    _ own: (old: Double, new: Double), _ random: inout SeededGenerator
  ) throws -> DifferenceCalibration {
    let interval = DifferenceCalibration(halfWidth: halfWidth)
    let groups: [(name: String, error: Double)]
    switch knowledge {
    case .intervals: return interval
    case .sameGroups: groups = [("old", own.old), ("new", own.new)]
    case .otherGroups: groups = (0..<4).map { ("g\($0)", groupError * random.normal()) }
    }
    var photos: [ValidationPhoto] = []
    for (index, pictures) in scenes.enumerated() {
      for (group, picture) in zip(groups, random.shuffled(pictures)) {
        // The true scale has its own error, as that of a study has.
        photos.append(
          ValidationPhoto(
            scene: SceneID("V\(index)"), group: group.name,
            score: picture.predicted + group.error,
            measured: picture.measured + 0.15 * random.normal()))
      }
    }
    return DifferenceCalibration(photos, baseline: "old", candidate: "new") ?? interval
  }
}
