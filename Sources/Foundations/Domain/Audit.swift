/// What a probe makes of votes.
public enum AuditVerdict: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
  /// Nothing beyond chance, or nothing that matters.
  case fine
  /// Worth a look by a person; about 1 clean scene in 100 gets it from any one probe.
  case look
  /// A defect of the votes, beyond doubt and large enough to move results.
  case fault

  /// Orders by gravity.
  public static func < (left: Self, right: Self) -> Bool {
    (allCases.firstIndex(of: left) ?? 0) < (allCases.firstIndex(of: right) ?? 0)
  }
}

/// What an audit of votes looks at.
public enum AuditProbe: String, Hashable, Sendable, Codable, CaseIterable {
  /// Whether all photos share one scale.
  case connection
  /// Whether earlier answers chose the pairs.
  case pairChoice = "pair-choice"
  /// Rows that were entered twice.
  case repeatedRows = "repeated-rows"
  /// Answers faster than a look at two photos takes.
  case responseTimes = "response-times"
  /// One side chosen more often than the photos explain.
  case sideBias = "side-bias"
  /// Answers given blindly.
  case lapses
  /// Single answers that hardly anyone would give.
  case surprises
  /// Stretches of rows whose answers fit better the other way round.
  case turnedRows = "turned-rows"
  /// Answers that follow the photos less and less along the study.
  case fatigue
  /// How well each observer tells photos apart.
  case sensitivity
  /// Observers whose answers the model does not predict.
  case observerFit = "observer-fit"
  /// Photos whose answers the model does not predict.
  case photoFit = "photo-fit"
  /// Pairs whose counts the model does not predict.
  case pairFit = "pair-fit"
  /// Three photos of which each beats the next.
  case intransitivity
  /// Whether observers agree as much as the model expects.
  case agreement
  /// How well the scale separates its photos.
  case reliability
}

/// A number that a probe found.
public struct AuditMeasure: Hashable, Sendable, Codable {
  /// What it is, such as `lapse rate`.
  public let name: String
  /// The number.
  public let value: Double
  /// The lower end of its 95 % interval, if there is one.
  public let low: Double?
  /// The upper end of its 95 % interval, if there is one.
  public let high: Double?
  /// What votes without the defect give on average, if that is known.
  public let expected: Double?

  /// Makes a measure.
  public init(
    _ name: String, _ value: Double, interval: (low: Double, high: Double)? = nil,
    expected: Double? = nil
  ) {
    (self.name, self.value, self.expected) = (name, value, expected)
    (low, high) = (interval?.low, interval?.high)
  }
}

/// A photo, an observer, a pair or some rows that a probe points at.
public struct AuditItem: Hashable, Sendable, Codable {
  /// Its name; for rows, the numbers of the rows in the file.
  public let name: String
  /// The p-value, corrected for the number of things looked at; nil where no test was made.
  public let p: Double?
  /// What was found, in plain words.
  public let sentence: String

  /// Makes an item.
  public init(_ name: String, p: Double?, _ sentence: String) {
    (self.name, self.p, self.sentence) = (name, p, sentence)
  }
}

/// What one probe found.
public struct AuditFinding: Hashable, Sendable, Codable {
  /// The probe.
  public let probe: AuditProbe
  /// Its verdict.
  public let verdict: AuditVerdict
  /// What was found, in plain words.
  public let sentence: String
  /// The p-value behind the verdict, corrected for all that the probe looked at; nil where no test
  /// was made.
  public let p: Double?
  /// The numbers.
  public let measures: [AuditMeasure]
  /// What the probe points at, the worst first; empty when nothing stands out.
  public let items: [AuditItem]

  /// Makes a finding.
  public init(
    _ probe: AuditProbe, _ verdict: AuditVerdict, _ sentence: String, p: Double? = nil,
    measures: [AuditMeasure] = [], items: [AuditItem] = []
  ) {
    (self.probe, self.verdict, self.sentence, self.p) = (probe, verdict, sentence, p)
    (self.measures, self.items) = (measures, items)
  }
}
