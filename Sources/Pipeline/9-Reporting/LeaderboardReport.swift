import Documents
public import Domain

/// A page with the ranks of devices or builds, in one HTML file that needs no network and runs no
/// script.
public struct LeaderboardReport: Sendable {
  /// The leaderboard.
  public var leaderboard: Leaderboard
  /// The title on top.
  public var title: String

  /// Makes a page.
  public init(_ leaderboard: Leaderboard, title: String) {
    (self.leaderboard, self.title) = (leaderboard, title)
  }

  /// The text of the file.
  public func html() -> String {
    let whole = leaderboard.boards.filter { $0.slice == nil }
    let head = Markup.element(.header) {
      Markup.element(.p, .class("overline")) { "Vernier · leaderboard" }
      Markup.element(.h1, text: title)
      for board in whole { Markup.element(.p, .class("answer"), text: answer(board)) }
      for notice in leaderboard.notices {
        Markup.element(.p, .class("notice"), Markup.Attribute(.role, "note"), text: notice)
      }
    }
    let notes =
      leaderboard.notes.isEmpty
      ? [] : [ReportSection("notes", "What to know") { DecisionPage.list(leaderboard.notes) }]
    let references = whole.enumerated().compactMap { index, board in
      ReportReferences(board, level: leaderboard.confidenceLevel).section(index)
    }
    return DecisionPage(
      title: title, head: head,
      sections: whole.map { section($0) } + references + sliceSections + notes + [method]
    ).html()
  }

  private func answer(_ board: Leaderboard.Board) -> String {
    let first = board.rows.filter { $0.bestRank == 1 }.map(\.group)
    let text =
      switch first.count {
      case 1: "\(first[0]) is first"
      case 2...4:
        "\(first.dropLast().joined(separator: ", ")) or \(first[first.count - 1]) is first"
      default: "\(first.count) of \(board.rows.count) may be first"
      }
    return "\(board.attribute.title): \(text)."
  }

  private func section(_ board: Leaderboard.Board) -> ReportSection {
    ReportSection(
      "board-\(board.attribute)", board.attribute.title,
      lead:
        "Quality against the mean of all, over scenes of the kind. Scenes differ by \(NumberFormat.number(board.tau)) JOD (tau)."
    ) {
      chart(board, axis: quality(), .regular).figure(
        id: "chart-\(board.attribute)", caption: "Bars: \(level) intervals.")
      table(board)
      if !board.excluded.isEmpty { DecisionPage.list(board.excluded) }
    }
  }

  /// The groups with their ranks; a phone shows the counts under the name.
  private func table(_ board: Leaderboard.Board) -> Markup {
    .element(.div, .class("table board")) {
      Markup.element(.table) {
        Markup.element(.thead) {
          Markup.element(.tr) {
            for (name, kind) in [
              ("Rank", ""), ("Group", ""), ("Quality, JOD", "number"), ("Letters", ""),
              ("Scenes", "number count"), ("Photos", "number count"), ("Votes", "number count"),
            ] {
              Markup.element(.th, Markup.Attribute(.scope, "col"), .class(kind), text: name)
            }
          }
        }
        Markup.element(.tbody) { for row in board.rows { line(row) } }
      }
    }
  }

  private func line(_ row: Leaderboard.Row) -> Markup {
    let counts = [row.scenes, row.photos, row.votes].map { NumberFormat.grouped($0) }
    return .element(.tr) {
      Markup.element(.td, text: row.rankText)
      Markup.element(.td, .class("group")) {
        row.group
        if row.hasFewScenes { Markup.element(.small, .class("few"), text: "few scenes") }
        Markup.element(
          .small, .class("counts"), text: "\(counts[0]) scenes, \(counts[2]) votes")
      }
      Markup.element(.td, .class("number")) {
        NumberFormat.signed(row.score)
        Markup.element(.small, text: NumberFormat.interval(row.low, row.high))
      }
      Markup.element(.td, text: row.letters)
      for count in counts { Markup.element(.td, .class("number count"), text: count) }
    }
  }

  // MARK: Slices

  /// One section for each attribute and kind of slice: charts on one axis, and the ranks.
  private var sliceSections: [ReportSection] {
    var kinds: [(attribute: Attribute, field: String)] = []
    for board in leaderboard.boards {
      guard let field = board.field else { continue }
      if !kinds.contains(where: { $0 == (board.attribute, field) }) {
        kinds.append((board.attribute, field))
      }
    }
    return kinds.map { attribute, field in
      let own = leaderboard.boards.filter { $0.attribute == attribute && $0.field == field }
      return sliceSection(own, attribute, field)
    }
  }

  private func sliceSection(
    _ boards: [Leaderboard.Board], _ attribute: Attribute, _ field: String
  ) -> ReportSection {
    let rows = boards.flatMap(\.rows)
    let ends = Axis.Ends(
      min(0, rows.map(\.low).min() ?? 0) - 0.1, max(0, rows.map(\.high).max() ?? 0) + 0.1)
    let id = "slices-\(attribute)-\(field)"
    return ReportSection(id, "\(attribute.title) by \(field)") {
      Markup.element(.div, .class("grid")) {
        for (index, board) in boards.enumerated() {
          chart(board, axis: quality(ends), .small).figure(
            id: "\(id)-\(index)",
            caption: .element(.strong, text: board.value))
        }
      }
      ranks(boards).html(stacks: true)
    }
  }

  /// The ranks and letters of every group in every slice.
  private func ranks(_ boards: [Leaderboard.Board]) -> TextTable {
    var groups: [String] = []
    for row in boards.flatMap(\.rows) where !groups.contains(row.group) { groups.append(row.group) }
    return TextTable(
      columns: ["Rank and letters"] + boards.map(\.value),
      rows: groups.map { group in
        [group]
          + boards.map { board in
            board.rows.first { $0.group == group }.map { row in
              "\(row.rankText) \(row.letters)" + (row.hasFewScenes ? " (few scenes)" : "")
            } ?? "–"
          }
      }, alignments: Array(repeating: .leading, count: boards.count + 1))
  }

  // MARK: Parts

  private func quality(_ ends: Axis.Ends? = nil) -> Axis {
    Axis("Quality against the mean", unit: "JOD", ends: ends, includes: [0])
  }

  private func chart(
    _ board: Leaderboard.Board, axis: Axis, _ size: ChartSize
  ) -> DifferenceChart {
    let part = board.slice.map { ", \($0)" } ?? ""
    return DifferenceChart(
      title: "Quality, \(board.attribute)\(part)", axis: axis, itemsTitle: "Group",
      items: board.rows.map {
        DifferenceChart.Item(
          $0.group, value: $0.score, interval: Span($0.low, $0.high),
          paletteIndex: $0.hasFewScenes ? 7 : 0)
      }, size: size)
  }

  private var level: String { NumberFormat.percent(leaderboard.confidenceLevel) }

  private var method: ReportSection {
    ReportSection("method", "How to read it") {
      DecisionPage.reading([
        (
          "Quality",
          "In JOD against the mean of the groups: two photos are 1 JOD apart when 75 % of the observers choose one as better. Scenes are a sample; the interval holds for scenes of the kind."
        ),
        (
          "Rank",
          "All ranks that are not ruled out, for all groups together with \(level) probability."
        ),
        ("Letters", "Groups that share a letter are not shown to differ (Holm's correction)."),
        (
          "Below the reference",
          "The mean of a scene's references less the mean of the group, over the scenes with both; with one scene the answer holds for that scene alone."
        ),
        ("Few scenes", "Fewer than five: the place says little."),
      ])
    }
  }
}

extension Leaderboard.Row {
  /// The ranks that are not ruled out.
  var rankText: String {
    bestRank == worstRank ? "\(bestRank)" : "\(bestRank)–\(worstRank)"
  }
}

extension Leaderboard.Board {
  /// What the slice is made by, such as `condition`; nil for all photos.
  var field: String? { slice.map { String($0.prefix { $0 != " " }) } }

  /// The value that the slice's photos share.
  var value: String { slice.map { String($0.drop { $0 != " " }.dropFirst()) } ?? "" }

  /// The groups, the best first.
  func table(level: String) -> TextTable {
    TextTable(
      columns: [
        "Rank", "Group", "Quality, JOD", "\(level) interval", "Letters", "Scenes", "Photos",
        "Votes",
      ],
      rows: rows.map { row in
        [
          row.rankText, row.hasFewScenes ? "\(row.group) (few scenes)" : row.group,
          NumberFormat.number(row.score), NumberFormat.interval(row.low, row.high), row.letters,
          "\(row.scenes)", "\(row.photos)", "\(row.votes)",
        ]
      })
  }
}

extension Leaderboard {
  /// The boards for a terminal.
  public var terminalText: String {
    let level = NumberFormat.percent(confidenceLevel)
    let tables = boards.map { board in
      (["\(board.attribute)"] + (board.slice.map { [$0] } ?? [])).joined(separator: ", ") + "\n"
        + board.table(level: level).terminalText()
        + (board.belowReferences.isEmpty
          ? "" : "\n" + ReportReferences(board, level: confidenceLevel).table.terminalText())
    }
    return tables.joined(separator: "\n") + (notices + notes).map { $0 + "\n" }.joined()
  }
}
