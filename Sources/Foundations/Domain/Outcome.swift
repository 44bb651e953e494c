/// How a candidate stands to a baseline.
public enum Outcome: String, Sendable, Hashable, Codable, CaseIterable {
  /// Shown to be better, and not shown to be within the margin.
  case better
  /// Shown to be within the margin on both sides.
  case equivalent
  /// Shown to be worse, and not shown to be within the margin.
  case worse
  /// None of the three is shown.
  case inconclusive
}

/// What a candidate must be to pass.
public enum GateRule: String, Sendable, Hashable, Codable, CaseIterable {
  /// Not worse than the baseline by the margin or more.
  case noWorse = "no-worse"
  /// Better than the baseline.
  case better
}

/// What a gate answers.
public enum GateResult: String, Sendable, Hashable, Codable, CaseIterable {
  /// The rule is shown to be met.
  case pass
  /// The rule is shown to be broken.
  case fail
  /// Neither is shown.
  case inconclusive
}

/// What an inconclusive gate counts as.
public enum InconclusivePolicy: String, Sendable, Hashable, Codable, CaseIterable {
  /// As passed.
  case pass
  /// As failed.
  case fail
}

/// Whether a difference can be seen.
public enum Visibility: String, Sendable, Hashable, Codable, CaseIterable {
  /// The whole interval lies at or beyond the visible difference.
  case yes
  /// The whole interval lies inside of plus and minus the visible difference.
  case no
  /// The interval holds both.
  case open
}
