/// Why intervals can't be calibrated, or ordinary photos not be described.
public enum CalibrationError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is nothing to calibrate on.
  case empty
  /// Too few groups can't promise the level that was asked for.
  case tooFewGroups(level: Double, groups: Int, needed: Int, what: String)
  /// Features never vary, differ in length or are not finite.
  case uselessFeatures

  /// What is wrong and what to do.
  public var description: String {
    switch self {
    case .empty:
      "no predictions to evaluate; give a run whose split has test photos"
    case .tooFewGroups(let level, let groups, let needed, let what):
      "\(groups) \(what) can't promise \((level * 1000).rounded() / 10) % to a new one, which "
        + "needs \(needed); calibrate on more, ask for a lower level, or assume normal errors "
        + "(scene-effects)"
    case .uselessFeatures:
      "the features can't describe ordinary photos (fewer than 3, of different lengths, constant "
        + "or not finite); compute them with one model for all photos"
    }
  }
}
