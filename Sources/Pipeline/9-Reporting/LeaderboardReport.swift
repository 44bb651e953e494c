import Documents
public import Domain

/// A page with the ranks of devices or builds, in one HTML file that needs no network and runs no script.
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
    let slices = leaderboard.boards.filter { $0.slice != nil }
    let sections =
      whole.map { section($0) }
      + (slices.isEmpty ? [] : [sliceSection(slices)])
      + (leaderboard.notes.isEmpty ? [] : [notes]) + [method]
    let body = Markup.fragment([
      ChartStyle.definitions,
      .element(.div, .class("page")) {
        Markup.element(.header) {
          Markup.element(.p, .class("overline")) { "Vernier · leaderboard" }
          Markup.element(.h1, text: title)
          for board in whole { Markup.element(.p, .class("answer"), text: answer(board)) }
        }
        Markup.element(.main) { for section in sections { section.markup() } }
        Markup.element(.footer) {
          Markup.element(.p) {
            "Made by Vernier. This file is complete: it loads nothing and runs no script."
          }
        }
      },
    ])
    return HTMLPage(
      title: title, stylesheet: ChartStyle.page + ReportStyle.rules + VerdictReport.style,
      body: body
    ).rendered()
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
      chart(board).figure(
        id: "chart-\(board.attribute)", caption: "Bars: \(level) intervals.")
      board.table(level: level).html()
    }
  }

  private func sliceSection(_ boards: [Leaderboard.Board]) -> ReportSection {
    ReportSection("slices", "Slices") {
      for board in boards {
        Markup.element(.h3, text: "\(board.attribute.title), \(board.slice ?? "")")
        board.table(level: level).html()
      }
    }
  }

  private func chart(_ board: Leaderboard.Board) -> DifferenceChart {
    DifferenceChart(
      title: "Quality, \(board.attribute)", axis: Axis("Quality against the mean", unit: "JOD"),
      itemsTitle: "Group",
      items: board.rows.map {
        DifferenceChart.Item($0.group, value: $0.score, interval: Span($0.low, $0.high))
      })
  }

  private var level: String { NumberFormat.percent(leaderboard.confidenceLevel) }

  private var notes: ReportSection {
    ReportSection("notes", "What to know") {
      Markup.element(.ul, .class("list")) {
        for note in leaderboard.notes { Markup.element(.li, text: note) }
      }
    }
  }

  private var method: ReportSection {
    let entries = [
      (
        "Quality",
        "In JOD against the mean of the groups: two photos are 1 JOD apart when 75 % of the observers choose one as better. Scenes are a sample; the interval holds for scenes of the kind."
      ),
      (
        "Rank",
        "All ranks that are not ruled out, for all groups together with \(level) probability."
      ),
      ("Letters", "Groups that share a letter are not shown to differ (Holm's correction)."),
    ]
    return ReportSection("method", "How to read it") {
      Markup.element(.dl, .class("reading")) {
        for (term, meaning) in entries {
          Markup.element(.dt, text: term)
          Markup.element(.dd, text: meaning)
        }
      }
    }
  }
}

extension Leaderboard.Board {
  /// The groups, the best first.
  func table(level: String) -> TextTable {
    TextTable(
      columns: [
        "Rank", "Group", "Quality, JOD", "\(level) interval", "Letters", "Scenes", "Photos",
        "Votes",
      ],
      rows: rows.map { row in
        [
          row.bestRank == row.worstRank ? "\(row.bestRank)" : "\(row.bestRank)–\(row.worstRank)",
          row.hasFewScenes ? "\(row.group) (few scenes)" : row.group,
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
    }
    return tables.joined(separator: "\n") + notes.map { $0 + "\n" }.joined()
  }
}
