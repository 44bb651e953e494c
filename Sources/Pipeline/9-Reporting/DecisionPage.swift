import Documents

/// A page about a decision: a head, sections, and the looks that these pages share.
struct DecisionPage {
  let title: String
  let head: Markup
  let sections: [ReportSection]

  /// The text of the file.
  func html() -> String {
    let body = Markup.fragment([
      ChartStyle.definitions,
      .element(.div, .class("page")) {
        head
        Markup.element(.main) { for section in sections { section.markup() } }
        Markup.element(.footer) {
          Markup.element(.p) {
            "Made by Vernier. This file is complete: it loads nothing and runs no script."
          }
        }
      },
    ])
    return HTMLPage(
      title: title, stylesheet: ChartStyle.page + ReportStyle.rules + Self.style, body: body
    ).rendered()
  }

  /// Sentences, one an item.
  static func list(_ lines: [String]) -> Markup {
    .element(.ul, .class("list")) {
      for line in lines { Markup.element(.li, text: line) }
    }
  }

  /// Terms with their meanings.
  static func reading(_ entries: [(term: String, meaning: String)]) -> Markup {
    .element(.dl, .class("reading")) {
      for (term, meaning) in entries {
        Markup.element(.dt, text: term)
        Markup.element(.dd, text: meaning)
      }
    }
  }

  /// Numbers that a chart shows already, opened on demand.
  static func details(_ title: String, _ table: TextTable) -> Markup {
    .element(.details) {
      Markup.element(.summary, text: title)
      table.html(stacks: true)
    }
  }

  private static let style = Stylesheet(
    """
    .badges{display:flex;flex-wrap:wrap;gap:10px;margin-top:26px}
    .badge,.card{--c:var(--s6)}
    .badge{border:2px solid var(--c);border-radius:999px;padding:5px 16px;font-weight:600;font-size:17px}
    .badge.solid{background:var(--c);color:var(--ground)}
    .badge.better,.badge.pass,.card.better{--c:var(--s2)}
    .badge.worse,.badge.fail,.card.worse{--c:var(--s1)}
    .badge.equivalent,.card.equivalent{--c:var(--s0)}
    .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(220px,1fr));gap:18px;margin-top:34px}
    .card{background:var(--ground);border-radius:10px;border-top:4px solid var(--c);padding:16px 20px 18px}
    .card h2{font-size:19px}.card p{color:var(--quiet);font-size:14px;margin-top:2px;font-variant-numeric:tabular-nums}
    .card .outcome{color:var(--c);font-weight:650;font-size:15px}
    .card .value{color:var(--ink);font-size:30px;font-weight:600;letter-spacing:-.02em;margin-top:8px}
    .list{margin:18px 0 0;padding:0 0 0 20px;max-width:84ch}.list li{margin-top:8px;overflow-wrap:anywhere}
    section{margin-top:64px}
    .answer{max-width:58ch}
    .answer+.answer{margin-top:10px}
    h1{max-width:none}
    th{overflow-wrap:normal}td{overflow-wrap:break-word;max-width:34ch}
    th,td{padding-right:16px}
    .board td{vertical-align:middle;padding-top:9px;padding-bottom:9px}
    .board td.group{font-weight:600;font-size:15px}
    .board small{display:block;color:var(--quiet);font-weight:400;font-size:12.5px}
    .board small.few{color:var(--s1)}
    .board table{min-width:100%}
    .pair{display:grid;grid-template-columns:1fr 1fr;gap:8px;margin-top:12px}
    .pair figure{margin:0;min-width:0}
    .pair .crop{background:var(--surround);border-radius:6px;overflow:hidden;display:flex;justify-content:center;align-items:center}
    .pair .crop img{display:block;flex:none}
    .pair a{color:var(--ink);text-decoration-color:var(--quiet);text-underline-offset:2px}
    .map img{display:block;max-width:100%;border-radius:6px;margin-top:12px}
    .changes{display:flex;flex-wrap:wrap;gap:4px 18px;margin:10px 0 0;padding:0;list-style:none;font-size:14px;font-variant-numeric:tabular-nums}
    .changes strong{font-weight:600}
    .scenes.grid{grid-template-columns:repeat(auto-fill,minmax(min(540px,100%),1fr))}
    .scenes article{background:var(--ground);border-radius:10px;padding:18px 20px}
    @media (max-width:640px){.badge{font-size:15px}.board .count{display:none}.card .value{font-size:26px}
    .scenes article{padding:14px 12px}.pair .crop{aspect-ratio:3/4}.stack td{max-width:none;padding-right:0}}
    @media (min-width:641px){.board small.counts{display:none}}
    @media print{.badge{border-width:1pt}.cards{grid-template-columns:repeat(3,1fr)}}
    """)
}
