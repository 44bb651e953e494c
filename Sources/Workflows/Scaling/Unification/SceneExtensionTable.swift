public import Domain
public import Files
import Scaling
import Unification

/// Adds new photos to scaled scenes: old and new votes together, the old scores' shift tested.
public struct SceneExtensionTable: Sendable {
  private let old: String
  private let new: String
  private let alarm: Double

  /// Plans an extension.
  ///
  /// - Parameters:
  ///   - old: the path of the votes so far.
  ///   - new: the path of the new votes, on new and old photos.
  ///   - alarm: the p-value below which the old photos' shift is warned of.
  public init(old: String, new: String, alarm: Double) {
    (self.old, self.new, self.alarm) = (old, new, alarm)
  }

  /// Extends every scene of the new votes.
  ///
  /// - Parameter observer: receives the test of every scene, and warnings.
  /// - Returns: `scene,attribute,image,before,after,shift,shift_sd`.
  /// - Throws: an error when votes can't be read, or a scene has no old votes.
  public func table(observer: WorkflowObserver = .silent) throws -> CSVWriter {
    let before = try VotesFile.scenes(old, observer: observer)
    var table = ShiftTable()
    for added in try VotesFile.scenes(new, observer: observer) {
      guard
        let scene = before.first(where: {
          $0.scene == added.scene && $0.attribute == added.attribute
        })
      else {
        throw InputError(
          "\(new), scene \(added.scene), \(added.attribute)", "it has no votes in \(old)",
          remedy: "scale new scenes with `vernier scale`")
      }
      let result = try extendScene(old: scene, by: added, alarm: alarm) {
        try qualityPosterior($0)
      }
      for shift in result.shifts {
        table.append(
          added, shift.photo, before: shift.before.value, after: shift.after.value,
          deviation: shift.standardDeviation)
      }
      observer.message(
        "\(added.scene), \(added.attribute): \(result.added.count) new photos; old photos moved by "
          + "\(result.rootMeanSquareShift) (root mean square), p = \(result.pValue)")
      for warning in result.warnings { observer.note(warning) }
    }
    return table.writer
  }
}
