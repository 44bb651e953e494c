public import Documents
public import Domain

extension Verdict {
  /// What was found for every attribute, one row each.
  public var table: TextTable {
    TextTable(
      columns: [
        "Attribute", "Outcome", "Difference, JOD", "\(level) interval", "p", "P(visible)",
        "Preference", "Scenes", "for", "against", "tau", "Gate",
      ],
      rows: attributes.map { found in
        [
          found.attribute.text, found.outcome.rawValue,
          NumberFormat.number(found.finding?.difference), found.finding?.intervalText ?? "–",
          NumberFormat.p(found.finding?.adjustedP),
          NumberFormat.percent(found.finding?.probabilityVisible),
          NumberFormat.percent(found.finding?.preference), "\(found.scenes.count)",
          "\(found.scenesFor)", "\(found.scenesAgainst)",
          NumberFormat.number(found.heterogeneity?.tau), found.gateResult.rawValue,
        ]
      })
  }

  /// What was found for every slice, those that are worse first; nil without slices.
  public var sliceTable: TextTable? {
    guard !slices.isEmpty else { return nil }
    return TextTable(
      columns: [
        "Slice", "Attribute", "Outcome", "Difference, JOD", "\(level) interval",
        "Shrunk towards the mean", "p", "Scenes",
      ],
      rows: slices.map { slice in
        [
          "\(slice.field) \(slice.value)", slice.attribute.text, slice.outcome.rawValue,
          NumberFormat.number(slice.finding.difference), slice.finding.intervalText,
          "\(NumberFormat.number(slice.shrunken)) "
            + NumberFormat.interval(slice.shrunkenLow, slice.shrunkenHigh),
          NumberFormat.p(slice.finding.adjustedP), "\(slice.scenes)",
        ]
      })
  }

  /// What is missing to decide each undecided attribute, in sentences.
  public var missingSentences: [String] {
    attributes.compactMap { found in found.missing.map { "\(found.attribute): \($0.sentence)" } }
  }

  /// The level of the intervals in percent.
  var level: String { NumberFormat.percent(confidenceLevel) }

  /// The gate's answer in a sentence.
  public var gateSentence: String {
    let rule =
      switch gate {
      case .noWorse:
        "no worse than \(baseline) (margin \(NumberFormat.compact(marginJOD, decimals: 3)) JOD)"
      case .better: "better than \(baseline)"
      }
    let answer =
      switch gateResult {
      case .pass: "passes"
      case .fail: "fails"
      case .inconclusive: "is inconclusive"
      }
    return "The gate «\(rule)» \(answer)."
  }

  /// The verdict for a terminal.
  public var terminalText: String {
    var lines = [sentence, gateSentence, "", table.terminalText()]
    if let sliceTable { lines.append(sliceTable.terminalText()) }
    lines += notices + attributes.map { "\($0.attribute): \($0.reason)" } + missingSentences + notes
    if let plan { lines.append(plan.sentence) }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The verdict for a merge request.
  public var markdown: String {
    var parts = [
      "### \(gateResult.symbol) \(TextTable.markdownText(sentence))",
      gateSentence, table.markdown(),
    ]
    let worse = slices.contains { $0.outcome == .worse }
    if let sliceTable {
      parts.append(worse ? "**Slices, those that are worse first**" : "**Slices**")
      parts.append(sliceTable.markdown())
    }
    let lines =
      notices + attributes.map { "\($0.attribute): \($0.reason)" } + missingSentences + notes
      + (plan.map { [$0.sentence] } ?? [])
    parts.append(lines.map { "- \(TextTable.markdownText($0))" }.joined(separator: "\n"))
    return parts.map { $0.hasSuffix("\n") ? String($0.dropLast()) : $0 }
      .joined(separator: "\n\n") + "\n"
  }

  /// The verdict as tests: the gate over all attributes, then every attribute.
  public var junit: JUnitReport {
    func result(_ answer: GateResult, _ reason: String) -> JUnitReport.Case.Result {
      switch (answer, inconclusive) {
      case (.pass, _), (.inconclusive, .pass): .passed
      case (.fail, _), (.inconclusive, .fail): .failure(reason)
      case (.inconclusive, nil): .error("inconclusive: \(reason)")
      }
    }
    let group = "vernier.verdict.\(gate.rawValue)"
    return JUnitReport(
      name: "\(candidate) against \(baseline)",
      cases: [
        JUnitReport.Case(
          group: group, name: "gate", result: result(gateResult, sentence), output: gateSentence)
      ]
        + attributes.map { found in
          JUnitReport.Case(
            group: group, name: found.attribute.text,
            result: result(found.gateResult, found.reason), output: found.reason)
        })
  }

  /// The verdict as annotations of GitHub's actions, a line each.
  public var annotations: [String] {
    let kind =
      switch exitCode {
      case 0: "notice"
      case 1: "error"
      default: "warning"
      }
    var lines = ["::\(kind) title=\(Self.property("Verdict: \(outcome.rawValue)"))::"]
    lines[0] += Self.data(sentence)
    for slice in slices where slice.outcome == .worse {
      lines.append(
        "::warning title=\(Self.property("Worse: \(slice.field) \(slice.value)"))::"
          + Self.data(
            "\(slice.attribute) \(NumberFormat.number(slice.finding.difference)) JOD "
              + slice.finding.intervalText))
    }
    return lines
  }

  /// Text after the colons of an annotation.
  private static func data(_ text: String) -> String {
    text.reduce(into: "") { line, character in
      switch character {
      case "%": line += "%25"
      case "\r": line += "%0D"
      case "\n", "\r\n": line += "%0A"
      default: line.append(character)
      }
    }
  }

  /// The value of a property of an annotation.
  private static func property(_ text: String) -> String {
    data(text).reduce(into: "") { line, character in
      switch character {
      case ":": line += "%3A"
      case ",": line += "%2C"
      default: line.append(character)
      }
    }
  }
}

extension GateResult {
  fileprivate var symbol: String {
    switch self {
    case .pass: "✅"
    case .fail: "❌"
    case .inconclusive: "❔"
    }
  }
}

extension PlanCheck {
  /// Whether the run kept to its plan, in a sentence.
  public var sentence: String {
    isKept
      ? "The run kept to the plan \(file)."
      : "The run did NOT keep to the plan \(file): \(deviations.joined(separator: " "))"
  }
}

extension MissingEvidence {
  /// What is missing, in a sentence.
  var sentence: String {
    let aim = "\(towards.rawValue)», if the difference stays as found, takes"
    switch (scenes, votes) {
    case (nil, nil): return "No realistic number of scenes or votes decides it at this difference."
    case (let scenes?, nil):
      return
        "To show «\(aim) about \(more(scenes, "scene")) like the others; more "
        + "votes on these scenes hardly help."
    case (nil, let votes?):
      return "To show «\(aim) about \(more(votes, "vote")) on these scenes."
    case (let scenes?, let votes?):
      return
        "To show «\(aim) about \(more(scenes, "scene")) like the others, or about "
        + "\(more(votes, "vote")) on these."
    }
  }

  private func more(_ count: Int, _ name: String) -> String {
    "\(NumberFormat.grouped(count)) more \(name)\(count == 1 ? "" : "s")"
  }
}

extension DifferenceFinding {
  /// The interval for a reader.
  var intervalText: String { NumberFormat.interval(low, high) }
}

extension NumberFormat {
  /// A difference with two decimals; a dash where there is none.
  static func number(_ value: Double?) -> String {
    value.map { typeset($0, decimals: 2) } ?? "–"
  }

  /// A difference with two decimals and its sign.
  static func signed(_ value: Double) -> String {
    (fixed(value, 2) == fixed(0, 2) || value < 0 ? "" : "+") + typeset(value, decimals: 2)
  }

  /// A share in percent; a dash where there is none.
  static func percent(_ share: Double?) -> String {
    share.map { "\(compact(100 * $0, decimals: 0)) %" } ?? "–"
  }

  /// A p-value; a dash where there is none.
  static func p(_ value: Double?) -> String {
    value.map { $0 < 0.001 ? "< 0.001" : fixed($0, 3) } ?? "–"
  }

  /// An interval in brackets.
  static func interval(_ low: Double, _ high: Double) -> String {
    "[\(typeset(low, decimals: 2)), \(typeset(high, decimals: 2))]"
  }
}
