import Domain
import Statistics

/// Why an attribute has its outcome, in one sentence.
func reason(
  _ outcome: Outcome, _ finding: DifferenceFinding, isDecidable: Bool, settings: DecisionSettings
) -> String {
  let percent = NumberPhrase.percent(settings.confidenceLevel)
  let margin = NumberPhrase.short(settings.margin)
  let interval = NumberPhrase.interval(finding)
  let isCorrected = finding.adjustedP > finding.p
  switch outcome {
  case .equivalent:
    let isShown = finding.adjustedP < settings.significance
    return "Two one-sided tests place the difference within ±\(margin) JOD"
      + (isShown ? "; it is shown to differ from 0, but by less than the margin." : ".")
  case .better, .worse:
    let side = outcome == .better ? "above" : "below"
    let seen =
      switch finding.visible {
      case .yes: " and can be seen"
      case .no: ", and cannot be seen"
      case .open: ""
      }
    return "The whole \(percent) interval \(interval) JOD lies \(side) 0\(seen)."
  case .inconclusive:
    guard isDecidable else {
      return "One scene says nothing about other scenes; judge more scenes, or ask about this "
        + "scene alone."
    }
    if finding.p < settings.significance, isCorrected {
      return "The interval \(interval) JOD alone excludes 0, but not after the correction for the "
        + "number of attributes (p = \(NumberPhrase.p(finding.adjustedP)))."
    }
    if finding.nonInferiorityP < settings.significance {
      return "The interval \(interval) JOD holds 0 and differences above the margin of \(margin) "
        + "JOD, but a one-sided test (p = \(NumberPhrase.p(finding.nonInferiorityP))) shows that the "
        + "candidate is not worse by the margin or more."
    }
    return "The interval \(interval) JOD holds 0 and differences beyond the margin of "
      + "\(margin) JOD."
  }
}

/// The whole verdict in one sentence.
func sentence(
  _ attributes: [AttributeVerdict], outcome: Outcome, baseline: String, candidate: String
) -> String {
  func part(_ verdict: AttributeVerdict) -> String {
    guard let finding = verdict.finding else { return "\(verdict.attribute): nothing to compare" }
    return "\(verdict.attribute) \(NumberPhrase.signed(finding.difference)) JOD "
      + NumberPhrase.interval(finding)
  }
  let head =
    switch outcome {
    case .better: "\(candidate) is better than \(baseline)"
    case .worse: "\(candidate) is worse than \(baseline)"
    case .equivalent: "\(candidate) is equivalent to \(baseline)"
    case .inconclusive: "It is not decided whether \(candidate) is better than \(baseline)"
    }
  let deciding = attributes.filter { $0.outcome == outcome }
  let isMixed = Set(attributes.map(\.outcome)).count > 1
  let place = isMixed ? " in \(deciding.map(\.attribute.text).joined(separator: " and "))" : ""
  return "\(head)\(place): \(attributes.map(part).joined(separator: "; "))."
}

/// What a reader must know before the numbers.
func notices(_ attributes: [AttributeVerdict], slices: [SliceVerdict]) -> [String] {
  let worse = slices.filter { $0.outcome == .worse }
  guard !worse.isEmpty, !attributes.contains(where: { $0.outcome == .worse }) else { return [] }
  let names = worse.map { "\($0.attribute) with \($0.field) \($0.value)" }
  return ["A part is worse although the whole is not: \(names.joined(separator: ", "))."]
}

/// What else a reader should know.
func notes(_ attributes: [AttributeVerdict], settings: DecisionSettings) -> [String] {
  var notes: [String] = []
  if settings.scenes == .theseScenes {
    notes.append("The answer holds for these scenes only, not for others of the kind.")
  }
  if settings.isSequential {
    notes.append(
      "Intervals and tests are valid however often one looks, and wherever one stops.")
  }
  for verdict in attributes {
    if let heterogeneity = verdict.heterogeneity, heterogeneity.newSceneLow < -settings.margin,
      heterogeneity.newSceneHigh > settings.margin, heterogeneity.p < settings.significance
    {
      notes.append(
        "\(verdict.attribute): scenes differ (tau \(NumberPhrase.fixed(heterogeneity.tau)) JOD); "
          + "in a new scene either side may be ahead by more than the margin.")
    }
    if let pivot = verdict.pivotalScene {
      notes.append(
        "\(verdict.attribute): without scene \(pivot.scene) the outcome would be "
          + "\(pivot.outcomeWithout.rawValue).")
    }
    for line in verdict.excluded { notes.append("\(verdict.attribute): \(line)") }
  }
  return notes
}

/// Numbers inside of sentences.
enum NumberPhrase {
  /// Two decimals.
  static func fixed(_ value: Double) -> String {
    let hundredths = (abs(value) * 100).rounded()
    guard hundredths < 1e15 else { return "\(value)" }
    let whole = Int(hundredths)
    let rest = whole % 100
    let sign = value < 0 && whole != 0 ? "\u{2212}" : ""
    return "\(sign)\(whole / 100).\(rest < 10 ? "0" : "")\(rest)"
  }

  /// Two decimals with a sign.
  static func signed(_ value: Double) -> String { (value > 0 ? "+" : "") + fixed(value) }

  /// The number as short as it can be.
  static func short(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int(value))" : "\(value)"
  }

  /// The interval in brackets.
  static func interval(_ finding: DifferenceFinding) -> String {
    "[\(fixed(finding.low)), \(fixed(finding.high))]"
  }

  /// A p-value.
  static func p(_ value: Double) -> String { value < 0.005 ? "< 0.005" : fixed(value) }

  /// A share in percent.
  static func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }
}
