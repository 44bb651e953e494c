/// Tables as one self-contained HTML page.
public enum TablePage {
  private static let rules = Stylesheet(
    """
    :root{--paper:#f5f5f6}
    @media screen and (prefers-color-scheme:dark){:root{--paper:#121214}}
    *{box-sizing:border-box}
    body{margin:0;background:var(--paper);color:var(--ink);
    font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif}
    .page{max-width:1280px;margin:0 auto;padding:44px 36px 60px}
    h1{font-size:32px;font-weight:600;letter-spacing:-.02em;line-height:1.2;margin:0 0 10px;overflow-wrap:anywhere}
    .notice{margin-top:14px;padding:10px 14px;border-left:4px solid var(--s1);background:var(--ground);max-width:88ch;
    border-radius:0 6px 6px 0}
    .table{overflow-x:auto;margin-top:28px;background:var(--ground);border-radius:10px;padding:14px 20px}
    table{border-collapse:collapse;font-size:14px;font-variant-numeric:tabular-nums;min-width:min(600px,100%)}
    caption{text-align:left;color:var(--quiet);padding:2px 0 10px;caption-side:top;max-width:96ch}
    th,td{text-align:left;padding:6px 22px 6px 0;border-bottom:1px solid var(--rule);vertical-align:top;white-space:nowrap}
    tr>:last-child{padding-right:0}
    tbody tr:last-child td{border-bottom:0}
    th{font-weight:550;color:var(--quiet)}
    .number{text-align:right}
    .charts{display:flex;flex-wrap:wrap;gap:20px;margin-top:28px}
    figure.chart{margin:0;flex:1 1 460px;max-width:640px;background:var(--ground);border-radius:10px;padding:14px 20px}
    figure.chart.wide{max-width:none;flex-basis:100%}.plot{overflow-x:auto}
    figure.chart svg{width:100%;height:auto}figure.chart.wide svg{min-width:680px}
    details{font-size:13px;color:var(--quiet);overflow-x:auto}
    :focus-visible{outline:2px solid var(--s0);outline-offset:2px}
    @media (max-width:640px){.page{padding:24px 14px 40px}h1{font-size:25px}.table{padding:12px 14px}}
    @media print{.page{max-width:none;padding:0}.table{break-inside:avoid;border-radius:0;padding:6pt 0}
    th,td{white-space:normal;padding-right:8pt}table{font-size:8.5pt}}
    """)

  /// The page's text.
  ///
  /// - Parameters:
  ///   - title: the title on top.
  ///   - notices: what every reader must know before the numbers.
  ///   - tables: the tables.
  ///   - charts: drawings, which stand before the tables.
  /// - Returns: the file's text.
  public static func html(
    title: String, notices: [String], tables: [TextTable], charts: [any Chart] = []
  ) -> String {
    let body = Markup.element(.main, .class("page")) {
      Markup.element(.h1, text: title)
      for notice in notices { Markup.element(.p, .class("notice"), text: notice) }
      if !charts.isEmpty {
        Markup.element(.div, .class("charts")) {
          for (index, chart) in charts.enumerated() { chart.figure(id: "chart\(index)") }
        }
      }
      for table in tables { table.html() }
    }
    return HTMLPage(title: title, stylesheet: ChartStyle.page + rules, body: body).rendered()
  }
}
