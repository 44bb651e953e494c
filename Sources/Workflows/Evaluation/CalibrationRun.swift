public import Documents
public import Domain
import Evaluation
import Files
public import ModelLibrary

/// Calibrates the intervals of one model's scores on validation photos.
public struct CalibrationRun: Sendable {
  private let plan: EvaluationPlan
  private let level: Double
  private let design: CalibrationDesign

  /// Plans a calibration.
  ///
  /// - Parameters:
  ///   - plan: one model and one scale, with a split or a run that has one; its part is not used.
  ///   - level: the probability that an interval holds the measured quality, 0.5 to below 1.
  ///   - design: what a new photo has in common with the validation photos.
  /// - Throws: `InputError` for another level, several models or scales, and a missing split.
  public init(
    _ plan: EvaluationPlan, level: Double, design: CalibrationDesign
  ) throws(InputError) {
    guard (0.5..<1).contains(level) else {
      throw InputError(
        Setting("level"), "\(level) is out of range", remedy: "give 0.5 to 0.999")
    }
    guard plan.sources.count == 1, plan.scales.count < 2 else {
      throw InputError("calibrate", "it takes one model and one scale", remedy: "give one of each")
    }
    guard plan.split != nil || plan.sources[0].isRun else {
      throw InputError(
        Setting("split"), "the validation photos are not known",
        remedy: "give \(Setting("split")), or a run with \(Setting("run"))")
    }
    (self.plan, self.level, self.design) = (plan, level, design)
  }

  /// Calibrates, measures the coverage on the test photos, and writes the calibration.
  ///
  /// - Parameters:
  ///   - path: the calibration, as JSON, with its provenance.
  ///   - applied: a CSV of the test photos' scores with their intervals; nil for none.
  ///   - observer: hears where the files are.
  /// - Returns: the coverage on both parts.
  /// - Throws: `InputError` when a part has too few photos or the scores another unit.
  public func run(
    to path: String, applied: String? = nil, observer: WorkflowObserver = .silent
  ) throws -> TextTable {
    let valid = try samples(.valid).rows
    let calibration = try IntervalCalibration(valid, level: level, design: design)
    let test = try samples(.test)
    try AtomicFile.write(CanonicalJSON.document(calibration), to: path)
    try plan.provenance("calibrate").write(beside: path)
    observer.message("Calibration: \(path)")
    if let applied {
      try CoverageTable.write(calibration, test.rows, test.photos, to: applied)
      observer.message("Scores with intervals: \(applied)")
    }
    return CoverageTable.table(calibration, valid: valid, test: test.rows, level: level)
  }

  private func samples(
    _ part: SplitPart
  ) throws -> (rows: [CalibrationSample], photos: [ScenePhoto]) {
    var plan = plan
    plan.part = part
    let source = plan.sources[0]
    let found = try plan.sets()[0].match(
      source, isOnlyScale: true, skipsMissing: plan.skipsMissing)
    guard let found, found.model.hasUnit else {
      throw InputError(
        source.path, "its scores have another unit than the scale",
        remedy: "calibrate a model that was trained on this scale")
    }
    return CalibrationSample.of(found)
  }
}
