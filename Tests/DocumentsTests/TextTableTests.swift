import Documents
import Testing

@Suite struct TextTableTests {
  static let table = TextTable(
    caption: "A | b", columns: ["Scene", "MAE, JOD"],
    rows: [["東京", "0.5"], ["cafe\u{301}", "−12.25"], ["👩‍🔬|x", "–"]])

  @Test func terminalColumnsLineUp() {
    #expect(
      Self.table.terminalText() == """
        A | b
        Scene  MAE, JOD
        ─────  ────────
        東京        0.5
        cafe\u{301}     −12.25
        👩‍🔬|x          –

        """)
  }

  @Test func terminalCommandsAreShownNotObeyed() {
    let text = TextTable(columns: ["\u{1B}[2J"], rows: [["a\nb"], ["\u{202E}"]]).terminalText()
    #expect(text.contains("\\u{1b}[2J") && text.contains("a\\u{a}b") && text.contains("\\u{202e}"))
    #expect(!text.contains("\u{1B}"))
  }

  @Test func markdown() {
    #expect(
      Self.table.markdown() == """
        **A \\| b**

        | Scene | MAE, JOD |
        |---|---:|
        | 東京 | 0.5 |
        | cafe\u{301} | −12.25 |
        | 👩‍🔬\\|x | – |

        """)
    let hostile = TextTable(columns: ["<b>&\n*x*"], rows: []).markdown()
    #expect(hostile == "| &lt;b&gt;&amp; \\*x\\* |\n|---|\n")
  }

  @Test func csvQuotesWhatItMust() {
    let table = TextTable(
      caption: "not written", columns: ["a", "b"],
      rows: [["1,5", "say \"x\""], ["two\nlines", ""], [" edge", "\r\n"]])
    #expect(
      table.csv()
        == "a,b\n\"1,5\",\"say \"\"x\"\"\"\n\"two\nlines\",\n\" edge\",\"\r\n\"\n")
  }

  @Test func latexPrintsWhatWasWritten() {
    let table = TextTable(caption: "50 %", columns: ["a_b", "n"], rows: [["\\x{}~^<&#$", "−1"]])
    let latex = table.latex()
    #expect(latex.contains("\\begin{tabular}{lr}"))
    #expect(latex.contains("a\\_b & n \\\\"))
    #expect(
      latex.contains(
        "\\textbackslash{}x\\{\\}\\textasciitilde{}\\textasciicircum{}\\textless{}\\&\\#\\$ & $-$1")
    )
    #expect(latex.contains("\\caption{50 \\%}"))
  }

  @Test func raggedAndEmptyTablesAreWritten() {
    let ragged = TextTable(columns: ["a"], rows: [[], ["1", "2", "3"]])
    #expect(ragged.columns == ["a", "", ""])
    #expect(ragged.rows == [["", "", ""], ["1", "2", "3"]])
    let empty = TextTable(columns: [], rows: [])
    #expect(
      empty.csv().isEmpty && empty.markdown().isEmpty && empty.latex().isEmpty
        && empty.terminalText().isEmpty)
    #expect(!empty.html().rendered().isEmpty)
  }

  @Test func numbersStandAtTheRight() {
    let table = TextTable(
      columns: ["n", "interval", "name", "none"],
      rows: [["1e-5", "−0.3 … 0.4", "obama2", ""], ["–", "12 ± 3", "3rd", ""]])
    #expect(table.alignments == [.trailing, .trailing, .leading, .leading])
  }

  @Test func longTablesSayWhatIsMissing() {
    let table = TextTable(columns: ["n"], rows: (0..<30).map { [String($0)] })
    #expect(table.limited(to: 10).rows.count == 10)
    #expect(table.limited(to: 10).caption == "The first 10 of 30 rows.")
    #expect(table.limited(to: 30) == table)
  }
}
